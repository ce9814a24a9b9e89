"""Benchmarks: `make bench` prints one table each. They run against a whole Roadstead in a process of its own."""
