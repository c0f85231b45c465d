"""Servers under faults: what they answer, and when."""
