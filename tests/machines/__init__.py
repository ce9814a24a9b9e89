"""Machines on a real engine with the real agent, below the plans of instances."""
