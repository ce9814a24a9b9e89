"""A cloud that only pretends and writes everything down: for tests of what the platform does when a place misbehaves.

It is a provider in a distribution of its own (`install`), found through its entry point like any stranger's. Its credential is a text
like `{"ledger": "/path/to/ledger", "seed": 7, "rate": 0.2}`: the ledger survives processes, and with a seed calls fail now and then,
the same ones in every run.
"""
