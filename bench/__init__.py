"""Claimbase measured beside what could be used in its place."""
