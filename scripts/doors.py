"""An import-linter contract: packages meet only at their doors.

Import-linter's own contracts say which package may know which; this one says which of its modules.
"""

import fnmatch

import grimp
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Every import between two packages of `root` ends at a door.

    Options, all patterns below `root`: `doors` (what everybody may import), `composers` (lines `package -> pattern`: what that package
    may import besides), `only` (lines `package -> pattern`: all that it may import) and `unbound` (modules held to nothing, such as
    tests, which prepare their rows with foreign factories).
    """

    type_name = "doors"

    root = fields.StringField()
    doors = fields.ListField(subfield=fields.StringField())
    composers = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    only = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    unbound = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """List each import between packages that is not through a door."""
        rules = _Rules(self)
        broken = [
            (importer, imported)
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not rules.allow(importer, imported)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line an import."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} imports {imported}, which is not a door", bold=False)


class _Rules:
    """The options, read once."""

    def __init__(self, contract: DoorsContract) -> None:
        self.prefix = f"{contract.root}."
        self.doors = _strings(contract.doors)
        self.unbound = _strings(contract.unbound)
        self.more = _by_package(_strings(contract.composers))
        self.only = _by_package(_strings(contract.only))

    def allow(self, importer: str, imported: str) -> bool:
        """Say whether this import stays inside a package or ends at a door."""
        here, there = importer.removeprefix(self.prefix), imported.removeprefix(self.prefix)
        package = here.partition(".")[0]
        # The root itself holds no more than the version.
        if there == imported or package == there.partition(".")[0] or _matches(here, self.unbound):
            return True
        doors = self.only.get(package) or self.doors + self.more.get(package, [])
        return _matches(there, doors)


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return value


def _matches(module: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(module, pattern) for pattern in patterns)


def _by_package(lines: list[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for line in lines:
        package, _, pattern = line.partition(" -> ")
        table.setdefault(package, []).append(pattern)
    return table
