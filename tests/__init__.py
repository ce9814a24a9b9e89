"""Whole stories: journeys, chaos, conformance, and the testbeds that they run on."""
