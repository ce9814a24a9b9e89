"""Benchmarks: `make bench` prints one table a file. They run against a whole Roadstead in a process of its own."""
