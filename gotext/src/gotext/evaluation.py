"""The closures that expressions become. Each notes the node it is at exactly where Go does, for its errors name it."""

from collections.abc import Callable, Sequence
from typing import Final

from gotext.calls import ANY, GO_TYPES, UNOPENED, VALUE, Runner
from gotext.errors import Failure
from gotext.machine import UNSET, Evaluate, Frame
from gotext.nodes import Chain, Field, Identifier, Literal, Nil, Node, Number, Pipe, Variable
from gotext.quoting import quote
from gotext.values import BOXED, NO_VALUE, TYPE_NAMES, Nothing, Value, is_true, type_name

# What the first command of a pipeline is handed.
NO_FINAL: Final = Nothing("first command")
MISSING: Final = Nothing("missing")
# The parameters that do not take everything.
TYPED: Final = frozenset(GO_TYPES.values())
EXPECTED: Final = {"string": "string", "int": "integer", "float64": "float", "bool": "bool"}
BASIC: Final = frozenset(EXPECTED)
# A command: given the frame, and the value of the command before it.
Stage = Callable[[Frame, Value], Value]
Store = Callable[[Frame, Value], None]


class Step:
    """One name of `.a.b.c`, looked up in what the name before it gave."""

    __slots__ = ("has_arguments", "missing_key", "name")

    def __init__(self, name: str, missing_key: str) -> None:
        self.name = name
        self.missing_key = missing_key
        self.has_arguments = False

    def __call__(self, frame: Frame, receiver: Value, boxed: bool) -> Value:
        """Return the value, nil or "no value"; `boxed` receivers came out of a list or map."""
        if isinstance(receiver, dict):
            if self.has_arguments:
                frame.fail(f"{self.name} is not a method but has arguments")
            value = receiver.get(self.name, MISSING)
            return self._missing(frame) if value is MISSING else value
        if receiver is NO_VALUE:
            if self.missing_key == "error":
                frame.fail(f"nil data; no entry for key {quote(self.name)}")
            return NO_VALUE
        if receiver is UNSET:
            frame.fail(f"undefined variable: {str(frame.node).partition('.')[0]}")
        if receiver is None:
            frame.fail(f"nil pointer evaluating interface {{}}.{self.name}")
        raise frame.error(f"can't evaluate field {self.name} in type {'interface {}' if boxed else type_name(receiver)}")

    def _missing(self, frame: Frame) -> Value:
        if self.missing_key == "error":
            frame.fail(f"map has no entry for key {quote(self.name)}")
        return None if self.missing_key == "zero" else NO_VALUE


def single(pipe: Pipe, stage: Stage) -> Evaluate:
    """Evaluate a pipeline of one command."""

    def evaluate(frame: Frame) -> Value:
        frame.node = pipe
        value = stage(frame, NO_FINAL)
        return NO_VALUE if value is None else value

    return evaluate


def several(pipe: Pipe, stages: Sequence[Stage], store: Store | None) -> Evaluate:
    """Evaluate a pipeline of several commands, or one that sets variables."""

    def evaluate(frame: Frame) -> Value:
        frame.node = pipe
        value: Value = NO_FINAL
        for stage in stages:
            value = stage(frame, value)
            # Every command takes the value out of its interface; a nil leaves nothing.
            if value is None:
                value = NO_VALUE
        if store:
            store(frame, value)
        return value

    return evaluate


def ignoring(evaluate: Evaluate) -> Stage:
    """Make a command of what takes no value from before it."""
    return lambda frame, _final: evaluate(frame)


def failing(node: Node | None, message: str) -> Stage:
    """Fail, at a node or at the one that was noted last."""

    def evaluate(frame: Frame, _final: Value) -> Value:
        if node:
            frame.node = node
        frame.fail(message)

    return evaluate


def constant(node: Node, value: Value) -> Evaluate:
    """Evaluate to the same value always."""

    def evaluate(frame: Frame) -> Value:
        frame.node = node
        return value

    return evaluate


def register(node: Node, number: int) -> Evaluate:
    """Read dot."""

    def evaluate(frame: Frame) -> Value:
        frame.node = node
        return frame.registers[number]

    return evaluate


def variable(node: Variable | Field, number: int) -> Stage:
    """Read a variable."""

    def evaluate(frame: Frame, _final: Value) -> Value:
        frame.node = node
        value = frame.registers[number]
        if value is UNSET:
            frame.fail(f"undefined variable: {node}")
        return value

    return evaluate


def path(node: Variable | Field, number: int, steps: Sequence[Step]) -> Stage:
    """Look names up, beginning with dot or a variable."""

    def evaluate(frame: Frame, _final: Value) -> Value:
        frame.node = node
        value, boxed = frame.registers[number], frame.boxed[number]
        for step in steps:
            value = step(frame, value, boxed)
            boxed = True
        return value

    return evaluate


def chain(node: Chain, start: Evaluate, steps: Sequence[Step]) -> Stage:
    """Look names up, beginning with the value of a pipeline."""

    def evaluate(frame: Frame, _final: Value) -> Value:
        frame.node = node
        value, boxed = start(frame), False
        for step in steps:
            value = step(frame, value, boxed)
            boxed = True
        return value

    return evaluate


def unopened(evaluate: Evaluate, number: int | None, *, always: bool) -> Evaluate:
    """Evaluate an argument for a function that does not open interfaces: dot and variables may be in one, fields always are."""

    def evaluate_unopened(frame: Frame) -> Value:
        value = evaluate(frame)
        boxed = always if number is None else frame.boxed[number]
        return BOXED if boxed and value is not NO_VALUE else value

    return evaluate_unopened


def nil(node: Nil, parameter: str) -> Evaluate:
    """Evaluate `nil` as an argument."""
    if parameter not in BASIC:
        return constant(node, None if parameter == ANY or parameter in TYPED else NO_VALUE)
    refuse = failing(node, f"cannot assign nil to {parameter}")
    return lambda frame: refuse(frame, NO_FINAL)


def typed_constant(node: Literal | Number, parameter: str) -> Evaluate:
    """Evaluate a constant as an argument of a basic type."""
    value: Value = node.value if isinstance(node, Literal) else None
    if isinstance(node, Number):
        value = {"int": node.constant.integer, "float64": node.constant.floating}.get(parameter)
    if value is not None and type_name(value) == parameter:
        return constant(node, value)
    problem = f"expected {EXPECTED[parameter]}; found {node}" if parameter in BASIC else f"can't handle {node} for arg of type {parameter}"
    refuse = failing(node, problem)
    return lambda frame: refuse(frame, NO_FINAL)


def accepted(frame: Frame, value: Value, parameter: str) -> Value:
    """Return a value as an argument for a parameter of this Go type."""
    if parameter in {VALUE, UNOPENED}:
        return value
    if value is NO_VALUE:
        if parameter in BASIC:
            frame.fail(f"invalid value; expected {parameter}")
        return None
    if parameter != ANY and type_name(value) != parameter:
        frame.fail(f"wrong type for value; expected {parameter}; got {type_name(value)}")
    return value


def either(node: Identifier, arguments: Sequence[Evaluate], *, wanted: bool, has_final: bool) -> Stage:
    """Evaluate `or` (the first true value is wanted) or `and` (the first false one)."""

    def evaluate(frame: Frame, final: Value) -> Value:
        frame.node = node
        value: Value = NO_VALUE
        for argument in arguments:
            value = argument(frame)
            if is_true(value) is wanted:
                return value
        return final if has_final else value

    return evaluate


def call(node: Identifier, command: Node, run: Runner, arguments: Sequence[Evaluate], *, last: str | None, callee: str | None) -> Stage:
    """Call a function; `last` is the type of the parameter that takes the value from before, `callee` what `call` calls."""

    def evaluate(frame: Frame, final: Value) -> Value:
        frame.node = node
        values = [argument(frame) for argument in arguments]
        if last is not None:
            values.append(accepted(frame, final, last))
        if callee is not None:
            values.insert(0, callee or (values[0] if isinstance(values[0], str) else f"<{TYPE_NAMES.get(type(values[0]))} Value>"))
        try:
            return run(frame.run, values)
        except Failure as failure:
            frame.node = command
            raise type(failure)(f"error calling {node.name}: {failure}") from failure

    return evaluate
