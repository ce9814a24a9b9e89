"""Configuration files out of metadata, as confd makes them: resource files, Go templates, and commands when something changed."""
