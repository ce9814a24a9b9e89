"""Apps and their versions, and the one table by which a version changes its state."""
