"""HTTP: caches, compression, content negotiation, problems, URLs."""
