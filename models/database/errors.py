"""Why a database cannot be used."""

from __future__ import annotations


class UnsupportedDatabase(ValueError):
    """This release cannot use the database: its URL, engine, encoding or schema."""
