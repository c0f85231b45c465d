"""Work shared with other processes."""
