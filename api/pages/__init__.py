"""HTML pages: each is a function of documents of the API, and reads no database."""
