"""The `roadstead` command: starts the platform, looks after it, and checks packages and credentials offline."""
