"""Carries compiled templates out: a flat list of operations, so that no nesting of a template uses Python's stack."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

from gotext.errors import ExecutionError, Exhausted, Failure, LimitExceeded
from gotext.nodes import Node
from gotext.quoting import quote
from gotext.values import NO_VALUE, Nothing, Value, size_of

# What an operation returns in the place of the next one's number.
LEAVE: Final = -1
# So many bytes of a string that is made or looked through count as one step.
BYTES_A_STEP: Final = 16
ROOT_DOT, ROOT = 0, 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one rendering may use; none of them is a time, so the same template always ends alike."""

    steps: int = 1_000_000
    """Nodes evaluated, turns of loops, keys sorted; 16 bytes of a string that is made or looked through count as one."""
    output: int = 4 * 1024 * 1024
    """Bytes of the output, and of any single string."""
    depth: int = 500
    """Templates within templates."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text that errors point into."""

    name: str
    text: str

    def place(self, position: int) -> tuple[int, int]:
        """Return the line, from 1, and the column in bytes, from 0."""
        start = self.text.rfind("\n", 0, position) + 1
        return self.text.count("\n", 0, position) + 1, size_of(self.text[start:position])


class Unit:
    """One template, compiled: operations, what each costs, and how many registers they use."""

    __slots__ = ("costs", "name", "operations", "registers", "source")

    def __init__(self, name: str, source: Source) -> None:
        self.name = name
        self.source = source
        self.operations: list[Operation] = []
        self.costs: list[int] = []
        self.registers = ROOT + 1


class Run:
    """What one rendering has used so far."""

    __slots__ = ("called", "depth", "limits", "parts", "room", "steps")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.steps = limits.steps
        self.room = limits.output
        self.parts: list[str] = []
        self.depth = 0
        self.called: Frame | None = None

    def write(self, text: str, size: int) -> None:
        """Add to the output."""
        self.room -= size
        if self.room < 0:
            raise Exhausted(f"the output is larger than {self.limits.output} bytes")
        self.parts.append(text)

    def made(self, size: int) -> None:
        """Count the bytes or items of a new value."""
        if size > self.limits.output:
            raise Exhausted(f"a value is larger than {self.limits.output} bytes")
        self.looked_through(size)

    def looked_through(self, size: int) -> None:
        """Count the bytes or items of a value that a function goes through."""
        self.spend(size // BYTES_A_STEP)

    def spend(self, steps: int) -> None:
        """Count steps besides those of the operations."""
        self.steps -= steps
        if self.steps < 0:
            raise Exhausted(f"more than {self.limits.steps} steps")


class Frame:
    """One template being carried out: its registers, and the node that an error would name."""

    __slots__ = ("back", "boxed", "loops", "node", "registers", "run", "unit")

    def __init__(self, unit: Unit, run: Run, dot: Value) -> None:
        self.unit = unit
        self.run = run
        self.registers: list[Value] = [UNSET] * unit.registers
        self.registers[ROOT_DOT] = self.registers[ROOT] = dot
        # Which registers hold an element of a list or map: its type is `interface {}` in Go's errors.
        self.boxed = [False] * unit.registers
        self.loops: dict[int, Iterator[Turn]] = {}
        self.node: Node = NOWHERE
        self.back = 0

    def fail(self, message: str, kind: type[ExecutionError] = ExecutionError) -> NoReturn:
        """Refuse to go on."""
        raise self.error(message, kind)

    def error(self, message: str, kind: type[ExecutionError] = ExecutionError) -> ExecutionError:
        """Return the error at this node, in Go's words."""
        source = self.unit.source
        line, column = source.place(self.node.position)
        where = f"template: {source.name}:{line}:{column}: executing {quote(self.unit.name)} at <{self.node}>"
        return kind(f"{where}: {message}", line=line, column=column)


Turn = tuple[Value, Value]
Operation = Callable[[Frame], int]
Evaluate = Callable[[Frame], Value]
UNSET: Final = Nothing("not declared")
NOWHERE: Final = Node(0)


def carry_out(unit: Unit, data: Value, limits: Limits) -> list[str]:
    """Run a template and return the pieces of its output."""
    run = Run(limits)
    frame = Frame(unit, run, NO_VALUE if data is None else data)
    waiting: list[Frame] = []
    position = 0
    try:
        while True:
            _walk(frame, position)
            if run.called is not None:
                waiting.append(frame)
                frame, run.called, position = run.called, None, 0
            elif waiting:
                frame = waiting.pop()
                run.depth -= 1
                position = frame.back
            else:
                return run.parts
    except Exhausted as problem:
        frame.fail(str(problem), LimitExceeded)
    except Failure as problem:
        frame.fail(str(problem))


def _walk(frame: Frame, position: int) -> None:
    """Carry operations out until the template calls another or ends."""
    operations, costs, run = frame.unit.operations, frame.unit.costs, frame.run
    while position != LEAVE:
        run.steps -= costs[position]
        if run.steps < 0:
            raise Exhausted(f"more than {run.limits.steps} steps")
        position = operations[position](frame)
