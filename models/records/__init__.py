"""Records in seed form."""
