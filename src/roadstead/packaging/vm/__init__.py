"""Packages for machines: reads them, checks answers against their questions, and renders what they describe."""
