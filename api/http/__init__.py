"""What belongs to HTTP itself."""
