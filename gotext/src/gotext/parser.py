"""Reads a template into trees: the statements. What they compute is read by `gotext.pipelines`."""

from collections.abc import Callable
from typing import Final

from gotext.nodes import Action, Branches, Call, Jump, Pipe, Range, Statement, Text
from gotext.pipelines import MAX_NESTING, PipelineParser
from gotext.quoting import BadQuoting, quote, unquote
from gotext.tokens import Kind, Token

Trees = dict[str, list[Statement]]
# The tokens that end a list of statements.
END, ELSE = "{{end}}", "{{else}}"


def parse(name: str, text: str, delimiters: tuple[str, str], functions: frozenset[str]) -> Trees:
    """Return the tree of every template in the text, the text's own under its name."""
    return Parser(name, text, delimiters, functions).parse()


class Parser(PipelineParser):
    """One text."""

    def __init__(self, name: str, text: str, delimiters: tuple[str, str], functions: frozenset[str]) -> None:
        super().__init__(name, text, delimiters, functions)
        self.trees: Trees = {}
        self.loops = 0

    def parse(self) -> Trees:
        """Read to the end."""
        statements: list[Statement] = []
        while self.peek().kind is not Kind.EOF:
            if self.peek().kind is Kind.LEFT:
                delimiter = self.at
                self.next()
                if self.next_word().kind is Kind.DEFINE:
                    self._definition()
                    continue
                self.back()
                self.at = delimiter
            statement = self._statement()
            if isinstance(statement, str):
                self.fail(f"unexpected {statement}")
            else:
                statements.append(statement)
        self._add(self.name, statements)
        return self.trees

    def _add(self, name: str, statements: list[Statement]) -> None:
        """Keep a tree; one of nothing but space never replaces one that says something."""
        if is_empty(self.trees.get(name, [])):
            self.trees[name] = statements
        elif not is_empty(statements):
            self.fail(f"template: multiple definition of template {quote(name)}")

    def _definition(self) -> None:
        context = "define clause"
        token = self.next_word()
        if token.kind not in {Kind.STRING, Kind.RAW}:
            self.unexpected(token, context)
        name = self._unquoted(token)
        self.expect(Kind.RIGHT, context)
        self._tree(name, context)

    def _tree(self, name: str, context: str) -> None:
        """Read a template inside the text; it sees none of the variables around it."""
        outside = self.variables, self.loops
        self.variables, self.loops, self.action_line = {"$": 1}, 0, 0
        statements, end = self._list()
        if end != END:
            self.fail(f"unexpected {end} in {context}")
        self._add(name, statements)
        self.variables, self.loops = outside

    def _unquoted(self, token: Token) -> str:
        try:
            return unquote(token.text)
        except BadQuoting as problem:
            raise self.error(str(problem)) from problem

    def _list(self) -> tuple[list[Statement], str]:
        """Read statements up to `end` or `else`, and say which."""
        statements: list[Statement] = []
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.fail("max block depth exceeded")
        while self.peek_word().kind is not Kind.EOF:
            statement = self._statement()
            if isinstance(statement, str):
                self.depth -= 1
                return statements, statement
            statements.append(statement)
        raise self.error("unexpected EOF")

    def _statement(self) -> Statement | str:
        token = self.next_word()
        if token.kind is Kind.TEXT:
            return Text(token.position, token.text)
        if token.kind is not Kind.LEFT:
            self.unexpected(token, "input")
        self.action_line = token.line
        statement = self._action()
        self.action_line = 0
        return statement

    def _action(self) -> Statement | str:
        token = self.next_word()
        read = WORDS.get(token.kind)
        if read:
            return read(self, token)
        self.back()
        position = self.peek().position
        return Action(position, self.pipeline("command", Kind.RIGHT))

    def end(self, _token: Token) -> str:
        """Read the rest of `end`."""
        self.expect(Kind.RIGHT, "end")
        return END

    def otherwise(self, _token: Token) -> str:
        """Read the rest of `else`."""
        # The `if` of `else if` stays for the statement that this belongs to.
        if self.peek_word().kind not in {Kind.IF, Kind.WITH}:
            self.expect(Kind.RIGHT, "else")
        return ELSE

    def jump(self, token: Token) -> Jump:
        """Read the rest of `break` or `continue`."""
        word = f"{{{{{token.text}}}}}"
        following = self.next_word()
        if following.kind is not Kind.RIGHT:
            self.unexpected(following, word)
        if not self.loops:
            self.fail(f"{word} outside {{{{range}}}}")
        return Jump(token.position, token.text)

    def branches(self, first: Token) -> Branches:
        """Read `if` or `with`; a chain of `else if` is one statement, however long."""
        before = dict(self.variables)
        node = Branches(first.position, first.text)
        end = ELSE
        while end == ELSE:
            pipe = self.pipeline(first.text, Kind.RIGHT)
            body, end = self._list()
            node.arms.append((pipe, body))
            if end == ELSE and self.peek().kind is not first.kind:
                node.otherwise = self._last_else()
                break
            if end == ELSE:
                self.next()
        self.variables = before
        return node

    def _last_else(self) -> list[Statement]:
        statements, end = self._list()
        if end != END:
            self.fail(f"expected end; found {end}")
        return statements

    def loop(self, _token: Token) -> Range:
        """Read the rest of `range`."""
        before = dict(self.variables)
        pipe = self.pipeline("range", Kind.RIGHT)
        self.loops += 1
        body, end = self._list()
        self.loops -= 1
        otherwise = self._last_else() if end == ELSE else []
        self.variables = before
        return Range(pipe.position, pipe, body, otherwise)

    def call(self, word: Token) -> Call:
        """Read the rest of `template` or `block`."""
        context = f"{word.text} clause"
        token = self.next_word()
        if token.kind not in {Kind.STRING, Kind.RAW}:
            self.unexpected(token, context)
        name = self._unquoted(token)
        pipe: Pipe | None = None
        if word.kind is Kind.BLOCK:
            pipe = self.pipeline(context, Kind.RIGHT)
            self._tree(name, context)
        elif self.next_word().kind is not Kind.RIGHT:
            self.back()
            pipe = self.pipeline(context, Kind.RIGHT)
        return Call(token.position, name, pipe)


WORDS: Final[dict[Kind, Callable[[Parser, Token], Statement | str]]] = {
    Kind.IF: Parser.branches,
    Kind.WITH: Parser.branches,
    Kind.RANGE: Parser.loop,
    Kind.BREAK: Parser.jump,
    Kind.CONTINUE: Parser.jump,
    Kind.TEMPLATE: Parser.call,
    Kind.BLOCK: Parser.call,
    Kind.ELSE: Parser.otherwise,
    Kind.END: Parser.end,
}


def is_empty(statements: list[Statement]) -> bool:
    """Whether a template holds nothing but space."""
    return all(isinstance(statement, Text) and not statement.text.strip() for statement in statements)
