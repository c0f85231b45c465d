"""Plain values: dates, languages, folded names."""
