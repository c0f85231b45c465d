"""The JSON documents of records, and when they are rendered."""
