"""Seed files: read, checked and loaded into the dataset, or written from it."""
