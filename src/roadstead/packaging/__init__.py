"""Reads and checks the packages that providers upload. Its verbs are in `services`."""
