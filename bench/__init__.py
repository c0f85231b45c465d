"""Measurements of Claimbase and of other servers."""
