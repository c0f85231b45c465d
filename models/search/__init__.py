"""Records found by names and words."""
