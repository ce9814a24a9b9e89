"""Chaos for instances on machines: operations under `kill -9` of worker, agents and frontgate, and under the engine's own end.

The judge is the engine, or the pretended cloud's ledger; never our tables.
"""
