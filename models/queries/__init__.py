"""Filters, sorts, totals and facets: from values to SQL."""
