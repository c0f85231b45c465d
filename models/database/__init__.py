"""The connection, and what each engine does in its own way."""
