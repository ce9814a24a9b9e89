"""Providers: adapters to the places that run applications. Each comes in through the entry point group `roadstead.providers`."""
