"""What a worker's start spends its time on: read once, before workers are forked. Nothing here may read settings or start a thread."""

import argon2
import dbos
import django.contrib.sessions.backends.db
import django.core.management
import django.db.backends.postgresql.base
import django.db.backends.sqlite3.base
import django.template
import django.test
import psycopg
import pydantic_settings
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite
import structlog

__all__ = ["argon2", "dbos", "django", "psycopg", "pydantic_settings", "sqlalchemy", "structlog"]
