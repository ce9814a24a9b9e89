"""Running applications: one state machine, every operation a plan of steps."""
