"""How pages are written."""
