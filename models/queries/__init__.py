"""Filters, sorts, totals and facets: from what is asked to SQL."""
