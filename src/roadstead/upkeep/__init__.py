"""What an operator does to a whole installation: backup and restore, a look at its health. Knows rows and files, no word of the domain."""
