"""The connection, and the engines SQLite and PostgreSQL."""
