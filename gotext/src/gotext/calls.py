"""Functions that templates call: what they take in Go's terms, and Python callables made into such."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gotext.errors import DataError, Failure
from gotext.machine import Run
from gotext.values import Value, imported

# The types of parameters: `reflect.Value`, which tells a nil from no value, `interface {}`, and these by name.
VALUE: Final = "reflect.Value"
# The same, by a function that does not look into interfaces: what came out of a list or map is none of its business.
UNOPENED: Final = "unopened reflect.Value"
ANY: Final = "interface {}"
GO_TYPES: Final[dict[object, str]] = {
    str: "string",
    int: "int",
    float: "float64",
    bool: "bool",
    list: "[]interface {}",
    dict: "map[string]interface {}",
}
Runner = Callable[[Run, list[Value]], Value]


@dataclass(frozen=True, slots=True)
class Function:
    """A function and its parameters' types; `more` is the type of any number of further ones."""

    run: Runner
    parameters: tuple[str, ...] = ()
    more: str | None = None
    optional: int = 0
    short_circuits: bool | None = None
    names_callee: bool = False

    def arity_problem(self, name: str, given: int, *, has_final: bool) -> str:
        """Say what is wrong with this number of arguments."""
        total, most = given + has_final, len(self.parameters)
        least = most - self.optional
        if self.more is not None or (self.optional and total < least):
            return f"wrong number of args for {name}: want at least {least} got {given}" if total < least else ""
        return "" if least <= total <= most else f"wrong number of args for {name}: want {most} got {total}"

    def parameters_for(self, count: int) -> list[str]:
        """Return the types of so many arguments."""
        return [*self.parameters, *[self.more or ANY] * (count - len(self.parameters))][:count]


def wrapped(functions: Mapping[str, Callable[..., Any]]) -> dict[str, Function]:
    """Make functions of the caller's callables."""
    return {name: _wrap(name, function) for name, function in functions.items()}


def _wrap(name: str, function: Callable[..., Any]) -> Function:
    if not name.isidentifier():
        raise ValueError(f"function name {name!r} is not a valid identifier")

    def call(run: Run, values: list[Value]) -> Value:
        try:
            result = imported(function(*values))
        except DataError as problem:
            raise Failure(f"it returned {problem.message.removeprefix('data: ')}") from problem
        except Exception as problem:  # a panic of a Go function is an error of the template, too
            raise Failure(str(problem)) from problem
        if isinstance(result, str | list | dict):
            run.made(len(result))
        return result

    parameters = _parameters(function)
    if parameters is None:
        return Function(call, more=ANY)
    fixed = [parameter for parameter in parameters if parameter.kind in {parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD}]
    rest = [parameter for parameter in parameters if parameter.kind is parameter.VAR_POSITIONAL]
    return Function(
        call,
        parameters=tuple(_types(fixed)),
        more=_types(rest)[0] if rest else None,
        optional=sum(parameter.default is not parameter.empty for parameter in fixed),
    )


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter] | None:
    """Return a callable's parameters, or None where Python does not know them: some of its own have no signature."""
    try:
        return [*inspect.signature(function, eval_str=True).parameters.values()]
    except NameError:  # an annotation that only a type checker can read
        return [*inspect.signature(function).parameters.values()]
    except ValueError:
        return None


def _types(parameters: Sequence[inspect.Parameter]) -> list[str]:
    """Return the Go types of annotated parameters; all others take anything."""
    return [GO_TYPES.get(parameter.annotation, ANY) for parameter in parameters]
