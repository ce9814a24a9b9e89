"""Environments: places to deploy to, each a credential and a namespace of it, and the providers that reach them."""
