"""`claimbase serve`: granian, with bounds on slow clients and on work under way."""
