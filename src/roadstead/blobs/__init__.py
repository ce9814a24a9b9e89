"""Files by their SHA-256: written once, verified at every read."""
