"""The tree of a template. Expressions write themselves as Go writes them in its errors."""

from dataclasses import dataclass, field

from gotext.numbers import Constant
from gotext.quoting import quote


@dataclass(slots=True, eq=False)
class Node:
    """Something at a position of the text."""

    position: int


@dataclass(slots=True, eq=False)
class Dot(Node):
    """The cursor."""

    def __str__(self) -> str:
        return "."


@dataclass(slots=True, eq=False)
class Nil(Node):
    """The untyped nil."""

    def __str__(self) -> str:
        return "nil"


@dataclass(slots=True, eq=False)
class Literal(Node):
    """A bool or a string, with how it was written."""

    written: str
    value: bool | str

    def __str__(self) -> str:
        return self.written


@dataclass(slots=True, eq=False)
class Number(Node):
    """An untyped number."""

    written: str
    constant: Constant

    def __str__(self) -> str:
        return self.written


@dataclass(slots=True, eq=False)
class Field(Node):
    """`.a.b`, looked up from dot."""

    names: list[str]

    def __str__(self) -> str:
        return "." + ".".join(self.names)


@dataclass(slots=True, eq=False)
class Variable(Node):
    """`$name.a.b`."""

    name: str
    names: list[str]

    def __str__(self) -> str:
        return ".".join([self.name, *self.names])


@dataclass(slots=True, eq=False)
class Identifier(Node):
    """The name of a function."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True, eq=False)
class Chain(Node):
    """`(pipeline).a.b`."""

    start: "Pipe | Identifier"
    names: list[str]

    def __str__(self) -> str:
        start = f"({self.start})" if isinstance(self.start, Pipe) else str(self.start)
        return ".".join([start, *self.names])


@dataclass(slots=True, eq=False)
class Command(Node):
    """A function or value with its arguments."""

    arguments: list["Operand"] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(f"({argument})" if isinstance(argument, Pipe) else str(argument) for argument in self.arguments)


@dataclass(slots=True, eq=False)
class Pipe(Node):
    """Commands, each handing its value to the next; the last one's goes into the variables."""

    variables: list[Variable] = field(default_factory=list)
    assigns: bool = False
    commands: list[Command] = field(default_factory=list)

    def __str__(self) -> str:
        names = ", ".join(map(str, self.variables)) + (" = " if self.assigns else " := ") if self.variables else ""
        return names + " | ".join(map(str, self.commands))


Operand = Dot | Nil | Literal | Number | Field | Variable | Identifier | Chain | Pipe


@dataclass(slots=True, eq=False)
class Text(Node):
    """What is written as it stands."""

    text: str


@dataclass(slots=True, eq=False)
class Action(Node):
    """`{{pipeline}}`."""

    pipe: Pipe


@dataclass(slots=True, eq=False)
class Branches(Node):
    """`if` or `with`, its `else if` or `else with`, and the last `else`."""

    word: str
    arms: list[tuple[Pipe, list["Statement"]]] = field(default_factory=list)
    otherwise: list["Statement"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Range(Node):
    """A loop."""

    pipe: Pipe
    body: list["Statement"]
    otherwise: list["Statement"]


@dataclass(slots=True, eq=False)
class Jump(Node):
    """`break` or `continue`."""

    word: str


@dataclass(slots=True, eq=False)
class Call(Node):
    """`{{template "name" pipeline}}`."""

    name: str
    pipe: Pipe | None

    def __str__(self) -> str:
        return f"{{{{template {quote(self.name)}{f' {self.pipe}' if self.pipe else ''}}}}}"


Statement = Text | Action | Branches | Range | Jump | Call
