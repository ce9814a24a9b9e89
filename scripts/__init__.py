"""What `make` runs: setting the house up, and the checks that hold it together."""
