"""Compiles the statements of a template into one flat list of operations with jumps."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from gotext.calls import Function
from gotext.errors import LimitExceeded
from gotext.expressions import Expressions, Scope
from gotext.machine import LEAVE, ROOT, ROOT_DOT, Evaluate, Frame, Operation, Source, Turn, Unit
from gotext.nodes import Action, Branches, Call, Jump, Pipe, Range, Statement, Text
from gotext.parser import Trees
from gotext.printing import printed
from gotext.quoting import quote
from gotext.values import NO_VALUE, Uint8, Value, is_true, size_of, sorted_keys

# What follows a loop's last turn.
DONE: Final[Turn] = (NO_VALUE, NO_VALUE)


def compile_all(source: Source, trees: Trees, functions: Mapping[str, Function], missing_key: str) -> dict[str, Unit]:
    """Compile every template of a text."""
    units = {name: Unit(name, source) for name in trees}
    for name, statements in trees.items():
        _Compiler(units[name], units, functions, missing_key).compile(statements)
    return units


class _Loop:
    """Where `break` and `continue` of a loop go; the jumps out are set when its end is known."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.breaks: list[int] = []


class _Compiler(Expressions):
    """One template."""

    def __init__(self, unit: Unit, units: Mapping[str, Unit], functions: Mapping[str, Function], missing_key: str) -> None:
        super().__init__(functions, missing_key)
        self.unit = unit
        self.units = units
        self.scope = Scope(ROOT_DOT, [("$", ROOT)])
        self.loops: list[_Loop] = []

    def compile(self, statements: list[Statement]) -> None:
        self._statements(statements)
        self._place(_leave)

    def new_register(self) -> int:
        """Reserve one more register."""
        self.unit.registers += 1
        return self.unit.registers - 1

    def _place(self, operation: Operation) -> int:
        """Add an operation; it costs what was compiled since the last one."""
        self.unit.operations.append(operation)
        self.unit.costs.append(1 + self.cost)
        self.cost = 0
        return self._here - 1

    @property
    def _here(self) -> int:
        return len(self.unit.operations)

    def _statements(self, statements: list[Statement]) -> None:
        for statement in statements:
            match statement:
                case Text():
                    self._place(_text(statement.text, self._here + 1))
                case Action():
                    self._action(statement)
                case Branches():
                    self._branches(statement)
                case Range():
                    self._range(statement)
                case Jump():
                    self._jump(statement)
                case Call():
                    self._call_template(statement)

    def _inner(self, statements: list[Statement], dot: int) -> None:
        """Compile statements whose variables end with them."""
        outside = self.scope
        self.scope = Scope(dot, list(outside.names))
        self._statements(statements)
        self.scope = outside

    def _action(self, action: Action) -> None:
        evaluate = self.pipeline(action.pipe)
        self._place((_silent if action.pipe.variables else _print)(evaluate, self._here + 1))

    def _branches(self, node: Branches) -> None:
        outside = self.scope
        # The variables of one arm's pipeline can be seen in the arms after it.
        self.scope = Scope(outside.dot, list(outside.names))
        ends = []
        for pipe, body in node.arms:
            evaluate = self.pipeline(pipe)
            dot = self.new_register() if node.word == "with" else None
            test = self._place(_leave)
            self._inner(body, self.scope.dot if dot is None else dot)
            if node.otherwise or pipe is not node.arms[-1][0]:
                ends.append(self._place(_leave))
            self.unit.operations[test] = _test(evaluate, dot, test + 1, self._here)
        self._inner(node.otherwise, self.scope.dot)
        self._join(ends)
        self.scope = outside

    def _join(self, jumps: list[int]) -> None:
        """Let operations go on from here."""
        for place in jumps:
            self.unit.operations[place] = _go(self._here)

    def _range(self, node: Range) -> None:
        outside = self.scope
        self.scope = Scope(outside.dot, list(outside.names))
        evaluate = self.pipeline(node.pipe)
        turns, dot = self.new_register(), self.new_register()
        targets = self._targets(node.pipe)
        start = self._place(_leave)
        turn = self._place(_leave)
        self.loops.append(_Loop(turn))
        self._inner(node.body, dot)
        self._place(_go(turn))
        end_of_loop = self._place(_leave)
        self.unit.operations[start] = _begin(evaluate, turns, (turn, end_of_loop + 1), len(node.pipe.variables))
        self.unit.operations[turn] = _turn(turns, (dot, *targets), turn + 1, end_of_loop)
        self._inner(node.otherwise, self.scope.dot)
        self._join([end_of_loop, *self.loops.pop().breaks])
        self.scope = outside

    def _targets(self, pipe: Pipe) -> tuple[int | None, int | None]:
        """Return the registers that take the element and the index of each turn."""
        registers = [self.scope.find(variable.name) for variable in pipe.variables]
        if not pipe.assigns and pipe.variables:
            # Two of one name are two variables.
            registers = [register for _, register in self.scope.names[-len(registers) :]]
        return (registers[-1] if registers else None, registers[0] if len(registers) > 1 else None)

    def _jump(self, node: Jump) -> None:
        loop = self.loops[-1]
        place = self._place(_go(loop.start))
        if node.word == "break":
            loop.breaks.append(place)

    def _call_template(self, node: Call) -> None:
        evaluate = self.pipeline(node.pipe) if node.pipe else None
        self._place(_call(node, self.units.get(node.name), evaluate, self._here + 1))


def _leave(_frame: Frame) -> int:
    return LEAVE


def _go(target: int) -> Operation:
    return lambda _frame: target


def _text(text: str, after: int) -> Operation:
    size = size_of(text)

    def operation(frame: Frame) -> int:
        frame.run.write(text, size)
        return after

    return operation


def _silent(evaluate: Evaluate, after: int) -> Operation:
    def operation(frame: Frame) -> int:
        evaluate(frame)
        return after

    return operation


def _print(evaluate: Evaluate, after: int) -> Operation:
    def operation(frame: Frame) -> int:
        value = evaluate(frame)
        text = value if type(value) is str else printed(value, frame.run.room)
        frame.run.write(text, len(text) if text.isascii() else size_of(text))
        return after

    return operation


def _test(evaluate: Evaluate, dot: int | None, yes: int, no: int) -> Operation:
    def operation(frame: Frame) -> int:
        value = evaluate(frame)
        if not is_true(value):
            return no
        if dot is not None:
            frame.registers[dot] = value
            frame.boxed[dot] = False
        return yes

    return operation


def _begin(evaluate: Evaluate, turns: int, targets: tuple[int, int], variables: int) -> Operation:
    """Begin a loop: at its first turn, or after it when there is none."""
    first, empty = targets

    def operation(frame: Frame) -> int:
        value = evaluate(frame)
        found = ITERATIONS.get(type(value))
        if found is None:
            frame.fail(f"range can't iterate over {printed(value, frame.run.room)}")
        if isinstance(value, int) and variables > 1:
            frame.fail(f"can't use {value} to iterate over more than one variable")
        if not is_true(value) or (isinstance(value, int) and value < 0):
            return empty
        frame.loops[turns] = found(value)
        frame.boxed[turns] = not isinstance(value, int)
        if isinstance(value, dict):
            frame.run.spend(len(value))
        return first

    return operation


def _turn(turns: int, targets: tuple[int, int | None, int | None], body: int, end: int) -> Operation:
    """Take the next element of a loop."""
    dot, element, index = targets

    def operation(frame: Frame) -> int:
        taken = next(frame.loops[turns], DONE)
        if taken is DONE:
            return end
        key, value = taken
        registers, boxed = frame.registers, frame.boxed
        registers[dot] = value
        boxed[dot] = boxed[turns]
        if index is not None:
            registers[index] = key
            boxed[index] = False
        if element is not None:
            registers[element] = value
            boxed[element] = boxed[turns]
        return body

    return operation


def _call(node: Call, unit: Unit | None, evaluate: Evaluate | None, after: int) -> Operation:
    def operation(frame: Frame) -> int:
        frame.node = node
        run = frame.run
        if unit is None:
            frame.fail(f"template {quote(node.name)} not defined")
        if run.depth == run.limits.depth:
            frame.fail(f"exceeded maximum template depth ({run.limits.depth})", LimitExceeded)
        run.called = Frame(unit, run, evaluate(frame) if evaluate else NO_VALUE)
        run.depth += 1
        frame.back = after
        return LEAVE

    return operation


def _pairs(value: Value) -> Iterator[Turn]:
    return iter(enumerate(value)) if isinstance(value, list) else iter(())


def _entries(value: Value) -> Iterator[Turn]:
    return ((key, value[key]) for key in sorted_keys(value)) if isinstance(value, dict) else iter(())


def _counts(value: Value) -> Iterator[Turn]:
    if not isinstance(value, int):
        return iter(())
    byte = isinstance(value, Uint8)
    return ((NO_VALUE, Uint8(number) if byte else number) for number in range(value))


ITERATIONS: Final[dict[type, Callable[[Value], Iterator[Turn]]]] = {
    list: _pairs,
    dict: _entries,
    int: _counts,
    Uint8: _counts,
    type(NO_VALUE): _pairs,
}
