"""Providers: the companies that offer applications, and whether the platform has certified them."""
