"""Real systems to test against, built and started on this machine; each stands alone."""
