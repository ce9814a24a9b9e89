"""Roadstead: a self-hosted marketplace and life-cycle platform for applications."""

__version__ = "0.1.0"
