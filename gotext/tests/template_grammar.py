"""Templates and data that Hypothesis makes up: most of them sensible, some of them token soup."""

from typing import Any, Final

from hypothesis import strategies as st

from gotext import MissingKey

# Every number that a loop could meet is small: Go has no budget.
SMALL: Final = st.integers(-3, 7)
CHARACTERS: Final = "ab9 .-_é日😀\u00ad\u200b\ufffd\n\t\"'`<>&\\%{}\x00\x7f"
KEYS: Final = ("a", "b", "c", "d", "é")
NUMBERS: Final = ("0", "1", "7", "-2", "0x1F", "0b11", "0o7", "017", "1_0", "1.5", "-0.25", "1e3", "0x1p-2", "'x'", r"'\n'", "'é'")
LARGE: Final = ("9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e21", "123456789.0", "18446744073709551615")
STRINGS: Final = ('""', '"a"', "`a`", r'"é\x80"', r'"\"\t\u00e9"', "`a\nb`", '"abc"', r'"<&>\x00"', '"日本"')
FUNCTIONS: Final = (
    "len",
    "not",
    "html",
    "js",
    "urlquery",
    "print",
    "println",
    "index",
    "slice",
    "and",
    "or",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
)
SHOWING: Final = ("print", "println", "html", "eq", "lt", "ge", "not", "len")
VERBS: Final = "vdsqxXtTeEfFgGbcoOUw"
SOUP: Final = (
    *(
        "{{",
        "}}",
        "{{-",
        "-}}",
        " ",
        " ",
        " ",
        "\n",
        "-",
        "(",
        ")",
        "|",
        ".",
        ",",
        ":=",
        "=",
        "$",
        "$x",
        "$y",
        ".a",
        ".b",
        ".é",
        "nil",
        "true",
    ),
    *(
        "if",
        "else",
        "end",
        "range",
        "with",
        "define",
        "template",
        "block",
        "break",
        "continue",
        "/*",
        "*/",
        "len",
        "print",
        "eq",
        "and",
        "foo",
    ),
    *('"a"', "`b`", '"', "`", "'", "'a'", "1", "0x2", "1.5", "e", "é", "☃", "@", "x", "_"),
)
JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | SMALL
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(CHARACTERS, max_size=6)
    | st.sampled_from(["a", "abc"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
# Keys that always have a value of their kind, so that much of what is made up also works.
KNOWN: Final = st.fixed_dictionaries(
    {
        "s": st.text(CHARACTERS, min_size=3, max_size=8),
        "n": SMALL,
        "f": st.floats(-1e9, 1e9),
        "t": st.booleans(),
        "l": st.lists(SMALL, min_size=2, max_size=4),
        "m": st.fixed_dictionaries({"a": st.text(CHARACTERS, max_size=4), "b": SMALL}),
        "ms": st.lists(st.fixed_dictionaries({"a": SMALL, "é": st.text(CHARACTERS, max_size=4)}), max_size=3),
    }
)
FITTING: Final = (
    *("$.s", "$.n", "$.f", "$.t", "$.l", "$.m", "$.ms", "$.m.a", "$.m.b", "len $.s", "len $.l", "len $.m", "index $.l 0", "index $.m `a`"),
    *("index $.s 1", "slice $.s 1 3", "slice $.l 1", "eq $.n 3", "eq $.s `a` `b`", "lt $.n 2", "ge $.f 0.5", "not $.t", "and $.t $.n $.l"),
    *("or $.n $.s", "html $.s", "js $.s", "urlquery $.s", "print $.n $.s $.f $.n", "println $.l $.m", "$.s | len | print", "(index $.l 1)"),
    *(
        "$.n | printf `%d-%s` 7",
        "$.m | html",
        "print .",
        "printf `%v %T` . .",
        "(print $.s).x",
        "eq (len $.l) 2 | not",
        "($.m).b",
        "nil | print",
    ),
)
FORMATTED: Final = (
    *(
        "%5d|%-5d|%05d $.n $.n $.n",
        "%x|%X|%#x|%b|%o|%c|%q|%U $.n $.n $.n $.n $.n $.n $.n $.n",
        "%+d|% d $.n $.n",
        "%s|%10s|%-10s|%.2s $.s $.s $.s $.s",
    ),
    *(
        "%q|%+q|%#q|%x|% X $.s $.s $.s $.s $.s",
        "%v|%8.2f|%e|%g|%G|%x $.f $.f $.f $.f $.f $.f",
        "%#g|%+.3e|%08.1f|%-9.2f|%b $.f $.f $.f $.f $.f",
    ),
    *(
        "%t|%v|%6t $.t $.t $.t",
        "%v|%d|%x|%03d $.l $.l $.l $.l",
        "%v|%+v|%#v|%T $.m $.m $.m $.m",
        "%v|%s|%q $.ms $.ms $.m",
        "%[2]v %[1]v $.n $.s",
        "%*d $.n 3",
    ),
)
MISSING: Final[tuple[MissingKey, ...]] = ("default", "default", "zero", "error")
DATA: Final = st.builds(dict.__or__, st.dictionaries(st.sampled_from(KEYS), JSON, max_size=3), KNOWN)


class Writer:
    """Writes one template; `names` are the variables that can be seen."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.names: list[str] = []
        self.loops = 0
        self.defined = 0
        # The blocks that are closed: whatever calls only these never comes back to itself, and Go has no budget.
        self.closed: list[str] = []
        # Whether `$` is the data, as it is outside of blocks.
        self.rooted = True

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def path(self) -> str:
        names = "".join(f".{self.pick(*KEYS)}" for _ in range(self.draw(st.integers(1, 3))))
        return self.pick("", "", "", "$", *self.names) + names

    def atom(self) -> str:
        kind = self.draw(st.integers(0, 9))
        if kind < 4:
            return self.path()
        if kind < 6:
            return self.pick(".", ".", "$", *self.names)
        if kind < 8:
            return self.pick(*NUMBERS)
        return self.pick(*STRINGS, "true", "false", "nil")

    def argument(self, depth: int) -> str:
        if depth > 2 or self.chance(60):
            return self.atom()
        inner = f"({self.pipeline(depth + 1)})"
        return inner + (f".{self.pick(*KEYS)}" if self.chance(25) else "")

    def command(self, depth: int) -> str:
        if self.rooted and self.chance(70):
            return self.fitting()
        if self.chance(45):
            return self.argument(depth)
        if self.chance(30):
            return self.formatted(depth)
        if self.chance(15):
            # Large numbers only where nothing can count up to them.
            return " ".join([self.pick(*SHOWING), self.pick(*LARGE), self.pick(*LARGE, *NUMBERS)])
        count = self.draw(st.sampled_from([1, 1, 2, 2, 2, 3, 0]))
        return " ".join([self.pick(*FUNCTIONS), *(self.argument(depth) for _ in range(count))])

    def fitting(self) -> str:
        if self.chance(75):
            return self.pick(*FITTING)
        form, *arguments = self.pick(*FORMATTED).split(" $")
        return f'printf "{form}" {" ".join(f"${argument}" for argument in arguments)}'

    def formatted(self, depth: int) -> str:
        pieces = []
        for _ in range(self.draw(st.integers(1, 3))):
            flags = self.draw(st.text("+-# 0", max_size=2))
            size = self.pick("", "", "5", "12", ".2", "8.3", ".0", "*", "[1]", ".")
            pieces.append(f"%{flags}{size}{self.pick(*VERBS)}")
        arguments = (self.argument(depth) for _ in range(self.draw(st.integers(0, 4))))
        return " ".join([f'printf "{"|".join(pieces)}"', *arguments])

    def pipeline(self, depth: int = 0) -> str:
        return " | ".join(self.command(depth) for _ in range(self.draw(st.sampled_from([1, 1, 1, 1, 1, 2, 3]))))

    def left(self) -> str:
        return self.pick("{{", "{{", "{{- ", "{{ ")

    def right(self) -> str:
        return self.pick("}}", "}}", " -}}", " }}")

    def action(self, text: str) -> str:
        return self.left() + text + self.right()

    def body(self, depth: int) -> str:
        names = list(self.names)
        written = "".join(self.statement(depth) for _ in range(self.draw(st.integers(0, 3))))
        self.names = names
        return written

    def statement(self, depth: int) -> str:
        kind = self.draw(st.integers(0, 19))
        if kind < 5 or depth > 3:
            return self.draw(st.text(CHARACTERS.replace("{", ""), max_size=5))
        if kind < 11:
            return self.action(self.pipeline())
        if kind < 13:
            return self.variable()
        return self.control(kind, depth)

    def control(self, kind: int, depth: int) -> str:
        if kind < 16:
            return self.branches(depth)
        if kind < 18:
            return self.loop(depth)
        if kind < 19 and self.loops:
            return self.action(self.pick("break", "continue"))
        return self.block(depth) if self.chance(60) else self.pick("{{/* note */}}", " {{- /* {{ */ -}} ")

    def variable(self) -> str:
        if self.names and self.chance(40):
            # Never from a variable: that could grow with every turn of a loop.
            return self.action(f"{self.pick(*self.names)} = {self.pick(*NUMBERS, *STRINGS, '.a', '.b.c', '.')}")
        name = self.pick("$x", "$y", "$é")
        written = self.action(f"{name} := {self.pipeline()}")
        self.names.append(name)
        return written

    def branches(self, depth: int) -> str:
        word = self.pick("if", "with")
        names = list(self.names)
        declares = self.chance(20)
        written = self.action(f"{word} {'$x := ' if declares else ''}{self.pipeline()}")
        if declares:
            self.names.append("$x")
        written += self.body(depth + 1)
        for _ in range(self.draw(st.sampled_from([0, 0, 1, 2]))):
            written += self.action(f"else {word} {self.pipeline()}") + self.body(depth + 1)
        if self.chance(40):
            written += self.action("else") + self.body(depth + 1)
        self.names = names
        return written + self.action("end")

    def loop(self, depth: int) -> str:
        names = list(self.names)
        variables = self.pick("", "", "$x := ", "$i, $x := ", *(f"{name} = " for name in self.names))
        written = self.action(f"range {variables}{self.pick('$.l', '$.m', '$.ms', self.pipeline(), self.path(), '3')}")
        self.names += [name for name in ("$i", "$x") if f"{name}" in variables and ":=" in variables]
        self.loops += 1
        written += self.body(depth + 1)
        self.loops -= 1
        if self.chance(30):
            written += self.action("else") + self.body(depth + 1)
        self.names = names
        return written + self.action("end")

    def block(self, depth: int) -> str:
        dot = self.pick("$", self.pipeline())
        if self.closed and self.chance(40):
            return self.action(f"template {self.pick(*self.closed)}{self.pick('', f' {dot}')}")
        self.defined += 1
        name = f"t{self.defined}"
        outside = self.names, self.loops, self.rooted
        self.names, self.loops, self.rooted = [], 0, dot == "$"
        inner = self.body(depth + 1)
        self.names, self.loops, self.rooted = outside
        self.closed += [f'"{name}"', f"`{name}`"]
        return f'{{{{block "{name}" {dot}}}}}{inner}{{{{end}}}}'


@st.composite
def templates(draw: st.DrawFn) -> str:
    """Make up a template that mostly parses."""
    writer = Writer(draw)
    return "".join(writer.statement(0) for _ in range(draw(st.integers(1, 5))))


@st.composite
def soups(draw: st.DrawFn) -> str:
    """Make up tokens in no order, most of them inside delimiters."""
    inner = "".join(draw(st.lists(st.sampled_from(SOUP), min_size=1, max_size=14)))
    return f"{{{{{inner}}}}}" if draw(st.booleans()) else inner


def cases() -> st.SearchStrategy[tuple[str, Any, MissingKey]]:
    """Return templates with data and an option."""
    return st.tuples(templates() | templates() | soups(), DATA, st.sampled_from(MISSING))
