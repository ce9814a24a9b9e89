"""`python -m roadstead` is the `roadstead` command."""

from roadstead.cli.main import main

main()
