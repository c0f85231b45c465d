"""Statements, counted: stances, reversals, contradictions and networks."""
