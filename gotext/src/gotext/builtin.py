"""The functions that every template knows, but for the comparisons."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import quote_plus

from gotext import comparing
from gotext.calls import ANY, UNOPENED, VALUE, Function
from gotext.errors import Failure
from gotext.machine import Run
from gotext.printf import sprint, sprintf, sprintln
from gotext.values import NO_VALUE, Uint8, Value, bytes_of, is_true, joined, size_of, text_of, type_name

Printing = Callable[[Sequence[Value], int], str]
HTML: Final = str.maketrans({'"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\ufffd"})
JAVASCRIPT: Final = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}
MOST_INDEXES: Final = 3


def made(run: Run, text: str) -> str:
    """Return a string that was put together, after counting what it cost."""
    run.made(len(text))
    return joined(text)


def length(run: Run, values: list[Value]) -> Value:
    """Return the number of bytes, items or entries."""
    (item,) = values
    if isinstance(item, str):
        run.looked_through(len(item))
        return size_of(item)
    if isinstance(item, list | dict):
        return len(item)
    if item is None:
        raise Failure("len of nil pointer")
    if item is NO_VALUE:
        raise Failure("reflect: call of reflect.Value.Type on zero Value")
    raise Failure(f"len of type {type_name(item)}")


def index(run: Run, values: list[Value]) -> Value:
    """Return an item of a list, an entry of a map or a byte of a string, as deep as there are indexes."""
    item, *indexes = values
    if item is None or item is NO_VALUE:
        raise Failure("index of untyped nil")
    for key in indexes:
        if item is None:
            raise Failure("index of nil pointer")
        if isinstance(item, dict):
            item = item.get(_key(key))
        elif isinstance(item, list):
            item = item[_position(key, len(item), inside="slice")]
        elif isinstance(item, str):
            run.looked_through(len(item))
            raw = bytes_of(item)
            item = Uint8(raw[_position(key, len(raw), inside="string")])
        else:
            raise Failure(f"can't index item of type {type_name(item)}")
    return item


def _key(key: Value) -> str:
    if isinstance(key, str):
        return key
    if key is None or key is NO_VALUE:
        raise Failure("value is nil; should be of type string")
    raise Failure(f"value has type {type_name(key)}; should be string")


def _position(key: Value, most: int, *, inside: str = "") -> int:
    """Return an index after checking it; one `inside` a slice or string must have something after it."""
    if key is None or key is NO_VALUE:
        raise Failure("cannot index slice/array with nil")
    if not isinstance(key, int) or isinstance(key, bool):
        raise Failure(f"cannot index slice/array with type {type_name(key)}")
    if not 0 <= key <= most:
        raise Failure(f"index out of range: {key}")
    if inside and key == most:
        # Go's own check lets this one through to the runtime's.
        raise Failure(f"reflect: {inside} index out of range")
    return int(key)


def part(run: Run, values: list[Value]) -> Value:
    """Return part of a list or string."""
    item, *indexes = values
    if item is None or item is NO_VALUE:
        raise Failure("slice of untyped nil")
    if len(indexes) > MOST_INDEXES:
        raise Failure(f"too many slice indexes: {len(indexes)}")
    if isinstance(item, str):
        if len(indexes) == MOST_INDEXES:
            raise Failure("cannot 3-index slice a string")
        run.looked_through(len(item))
        raw = bytes_of(item)
        start, end = _bounds(indexes, len(raw))
        return text_of(raw[start:end])
    if isinstance(item, list):
        start, end = _bounds(indexes, len(item))
        run.made(end - start)
        return item[start:end]
    raise Failure(f"can't slice item of type {type_name(item)}")


def _bounds(indexes: Sequence[Value], most: int) -> tuple[int, int]:
    places = [_position(key, most) for key in indexes]
    start = places[0] if places else 0
    end = places[1] if len(places) > 1 else most
    for low, high in ((start, end), (end, places[2] if len(places) == MOST_INDEXES else most)):
        if low > high:
            raise Failure(f"invalid slice index: {low} > {high}")
    return start, end


def negation(_run: Run, values: list[Value]) -> Value:
    """Return whether the argument is false."""
    return not is_true(values[0])


def call(_run: Run, values: list[Value]) -> Value:
    """Refuse to call what is no function: nothing in the data is one."""
    name, function, *_ = values
    if function is None or function is NO_VALUE:
        raise Failure("call of nil")
    raise Failure(f"non-function {name} of type {type_name(function)}")


def printing(how: Printing) -> Function:
    """Make a function of a way to print."""
    return Function(lambda run, values: made(run, how(values, run.limits.output)), more=ANY)


def formatted(run: Run, values: list[Value]) -> Value:
    """Print values as a format says."""
    form, *rest = values
    return made(run, sprintf(str(form), rest, run.limits.output))


def escaping(how: Callable[[str], str]) -> Function:
    """Make a function that prints its arguments and escapes the result."""

    def run_it(run: Run, values: list[Value]) -> Value:
        shown = ["<no value>" if value is None else value for value in values]
        plain = shown[0] if len(shown) == 1 else None
        return made(run, how(plain if isinstance(plain, str) else made(run, sprint(shown, run.limits.output))))

    return Function(run_it, more=ANY)


def for_javascript(text: str) -> str:
    """Escape for a string of JavaScript."""
    return "".join(JAVASCRIPT.get(char) or _plain_or_number(char) for char in text)


def _plain_or_number(char: str) -> str:
    if char < " ":
        return f"\\u{ord(char):04X}"
    if char <= "\x7f" or "\udc80" <= char <= "\udcff" or char.isprintable():
        return char
    return f"\\u{ord(char):04X}"


BUILTINS: Final[Mapping[str, Function]] = {
    "and": Function(call, (VALUE,), VALUE, short_circuits=False),
    "or": Function(call, (VALUE,), VALUE, short_circuits=True),
    "not": Function(negation, (VALUE,)),
    "call": Function(call, (VALUE,), VALUE, names_callee=True),
    "html": escaping(lambda text: text.translate(HTML)),
    "js": escaping(for_javascript),
    "urlquery": escaping(lambda text: quote_plus(bytes_of(text), safe="")),
    "index": Function(index, (VALUE,), VALUE),
    "slice": Function(part, (VALUE,), UNOPENED),
    "len": Function(length, (VALUE,)),
    "print": printing(sprint),
    "println": printing(sprintln),
    "printf": Function(formatted, ("string",), ANY),
    "eq": Function(comparing.equal, (VALUE,), VALUE),
    "ne": Function(comparing.unequal, (VALUE, VALUE)),
    "lt": Function(comparing.less, (VALUE, VALUE)),
    "le": Function(comparing.less_or_equal, (VALUE, VALUE)),
    "gt": Function(comparing.greater, (VALUE, VALUE)),
    "ge": Function(comparing.greater_or_equal, (VALUE, VALUE)),
}
