"""Routes that describe themselves."""
