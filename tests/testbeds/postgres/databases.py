"""Databases on a server that a test was given, whoever started it."""

from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def create(server: str, name: str, template: str = "template0") -> str:
    """Make a database, empty or as a copy of one to which nobody is connected, and return its address."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(at(server, "postgres"), autocommit=True) as connection:
        connection.execute(statement)
    return at(server, name)


def at(server: str, name: str) -> str:
    """Return the address of another database of the same server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def name_of(address: str) -> str:
    """Return the name of the database at an address."""
    return urlsplit(address).path[1:]
