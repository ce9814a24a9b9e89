"""The record of what was done: every verb writes one event through `audit.record.record`; no event ever changes."""
