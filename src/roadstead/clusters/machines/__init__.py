"""Instances on machines: what they are made of, and the plans and steps that make, stop, start and unmake them."""
