"""Work of a load that several processes share."""
