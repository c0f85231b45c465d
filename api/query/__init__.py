"""From a query string to the filters of a list."""
