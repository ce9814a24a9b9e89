"""The program on machines: it starts with them, reports how they come up, and does what the platform orders."""

__version__ = "0.1.0"
