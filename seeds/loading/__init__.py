"""The steps of a load, inside its transaction."""
