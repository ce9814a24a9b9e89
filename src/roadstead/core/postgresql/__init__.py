"""PostgreSQL as Django speaks to it, with fewer questions: a database engine for the settings."""
