"""Docker: machines are unprivileged containers of an engine, on this machine or over TLS."""
