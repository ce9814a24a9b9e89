"""Compiles pipelines into closures that evaluate them; `gotext.program` adds the statements around them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gotext import evaluation
from gotext.calls import UNOPENED, VALUE, Function
from gotext.evaluation import NO_FINAL, Stage, Step
from gotext.machine import UNSET, Evaluate, Frame
from gotext.nodes import Chain, Command, Dot, Field, Identifier, Literal, Nil, Node, Number, Operand, Pipe, Variable
from gotext.values import NO_VALUE, Value


@dataclass
class Scope:
    """The registers of dot and of the variables that can be seen here, the innermost last."""

    dot: int
    names: list[tuple[str, int]] = field(default_factory=list)

    def find(self, name: str) -> int | None:
        """Return the register of a variable."""
        return next((register for known, register in reversed(self.names) if known == name), None)


class Expressions(ABC):
    """The compiler's upper half: what has a value. `gotext.program` adds statements."""

    def __init__(self, functions: Mapping[str, Function], missing_key: str) -> None:
        self.functions = functions
        self.missing_key = missing_key
        self.scope = Scope(0)
        self.cost = 0

    @abstractmethod
    def new_register(self) -> int:
        """Reserve one more register."""

    def pipeline(self, pipe: Pipe) -> Evaluate:
        """Compile a pipeline; its variables can be seen from here on."""
        self.cost += 1
        stages = [self._command(command, first=number == 0) for number, command in enumerate(pipe.commands)]
        store = self._store(pipe)
        if len(stages) == 1 and store is None:
            return evaluation.single(pipe, stages[0])
        return evaluation.several(pipe, stages, store)

    def _store(self, pipe: Pipe) -> Callable[[Frame, Value], None] | None:
        if not pipe.variables:
            return None
        names = [variable.name for variable in pipe.variables]
        registers = [self.scope.find(name) if pipe.assigns else self._declare(name) for name in names]
        self.cost += len(registers)

        def store(frame: Frame, value: Value) -> None:
            for name, register in zip(names, registers, strict=True):
                if register is None or (pipe.assigns and frame.registers[register] is UNSET):
                    frame.fail(f"undefined variable: {name}")
                frame.registers[register] = value
                frame.boxed[register] = False

        return store

    def _declare(self, name: str) -> int:
        register = self.new_register()
        self.scope.names.append((name, register))
        return register

    def _command(self, command: Command, *, first: bool) -> Stage:
        self.cost += len(command.arguments)
        node = command.arguments[0]
        if isinstance(node, Field | Chain | Variable):
            return self._lookup(node, has_arguments=len(command.arguments) > 1 or not first)
        if isinstance(node, Identifier):
            return self._call(node, command, command.arguments[1:], has_final=not first)
        alone = len(command.arguments) == 1 and first
        if isinstance(node, Pipe):
            return (
                evaluation.ignoring(self.pipeline(node))
                if alone
                else evaluation.failing(None, f"can't give argument to non-function {node}")
            )
        if not alone:
            return evaluation.failing(node, f"can't give argument to non-function {node}")
        if isinstance(node, Nil):
            return evaluation.failing(node, "nil is not a command")
        return evaluation.ignoring(self._plain(node))

    def _plain(self, node: Dot | Literal | Number) -> Evaluate:
        """Compile what has its value in itself."""
        if isinstance(node, Dot):
            return evaluation.register(node, self.scope.dot)
        if isinstance(node, Literal):
            return evaluation.constant(node, node.value)
        if node.constant.value is None:
            failing = evaluation.failing(node, f"{node} overflows int")
            return lambda frame: failing(frame, NO_FINAL)
        return evaluation.constant(node, node.constant.value)

    def _lookup(self, node: Field | Chain | Variable, *, has_arguments: bool) -> Stage:
        """Compile `.a.b`, `$x.a.b` or `(pipeline).a.b`."""
        steps = [Step(name, self.missing_key) for name in node.names]
        if steps and has_arguments:
            steps[-1].has_arguments = True
        self.cost += len(steps)
        if isinstance(node, Chain):
            return evaluation.chain(node, self.pipeline(node.start) if isinstance(node.start, Pipe) else self._bare(node.start), steps)
        register = self.scope.dot if isinstance(node, Field) else self.scope.find(node.name)
        if register is None:
            return evaluation.failing(node, f"undefined variable: {getattr(node, 'name', '')}")
        if not steps:
            return (
                evaluation.failing(node, f"can't give argument to non-function {node}")
                if has_arguments
                else evaluation.variable(node, register)
            )
        return evaluation.path(node, register, steps)

    def _bare(self, node: Identifier) -> Evaluate:
        """Compile a function that stands alone as an argument."""
        stage = self._call(node, node, [], has_final=False)
        return lambda frame: stage(frame, NO_FINAL)

    def _call(self, node: Identifier, command: Node, arguments: list[Operand], *, has_final: bool) -> Stage:
        function = self.functions[node.name]
        problem = function.arity_problem(node.name, len(arguments), has_final=has_final)
        if problem:
            return evaluation.failing(node, problem)
        parameters = function.parameters_for(len(arguments) + has_final)
        given = [self._argument(argument, parameters[number]) for number, argument in enumerate(arguments)]
        if function.short_circuits is not None:
            return evaluation.either(node, given, wanted=function.short_circuits, has_final=has_final)
        callee = (str(arguments[0]) if arguments else "") if function.names_callee else None
        return evaluation.call(node, command, function.run, given, last=parameters[-1] if has_final else None, callee=callee)

    def _argument(self, node: Operand, parameter: str) -> Evaluate:
        """Compile an argument for a parameter of this Go type."""
        self.cost += 1
        if isinstance(node, Nil):
            return evaluation.nil(node, parameter)
        if isinstance(node, Literal | Number) and parameter in evaluation.TYPED:
            return evaluation.typed_constant(node, parameter)
        evaluate = self._operand(node)
        if parameter == UNOPENED:
            return evaluation.unopened(evaluate, self._register(node), always=isinstance(node, Field | Variable | Chain))
        return evaluate if parameter == VALUE else lambda frame: evaluation.accepted(frame, evaluate(frame), parameter)

    def _register(self, node: Operand) -> int | None:
        """Return the register that holds a dot or a bare variable."""
        if isinstance(node, Dot):
            return self.scope.dot
        return self.scope.find(node.name) if isinstance(node, Variable) and not node.names else None

    def _operand(self, node: Operand) -> Evaluate:
        if isinstance(node, Pipe):
            return self.pipeline(node)
        if isinstance(node, Identifier):
            return self._bare(node)
        if isinstance(node, Field | Variable | Chain):
            stage = self._lookup(node, has_arguments=False)
            return lambda frame: stage(frame, NO_FINAL)
        if isinstance(node, Nil):
            return evaluation.constant(node, NO_VALUE)
        return self._plain(node)
