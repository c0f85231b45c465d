"""The JSON documents of records: rendering, and keeping them fresh."""
