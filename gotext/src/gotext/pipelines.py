"""Reads what a statement computes: pipelines, commands, operands; the lower half of the parser."""

from typing import Final, NoReturn

from gotext.errors import ParseError
from gotext.nodes import Chain, Command, Dot, Field, Identifier, Literal, Nil, Number, Operand, Pipe, Variable
from gotext.numbers import BadNumber, constant
from gotext.quoting import BadQuoting, quote, unquote
from gotext.tokens import Kind, Lexer, Token

# Blocks and parentheses together. Python's stack is small: Go allows 10,000 parentheses.
MAX_NESTING: Final = 60
OPERANDS: Final = frozenset(
    {
        Kind.BOOL,
        Kind.CHARACTER,
        Kind.COMPLEX,
        Kind.DOT,
        Kind.FIELD,
        Kind.IDENTIFIER,
        Kind.NUMBER,
        Kind.NIL,
        Kind.RAW,
        Kind.STRING,
        Kind.VARIABLE,
        Kind.LEFT_PAREN,
    }
)


class PipelineParser:
    """Tokens with three to look ahead, and everything that stands between delimiters."""

    def __init__(self, name: str, text: str, delimiters: tuple[str, str], functions: frozenset[str]) -> None:
        self.name = name
        self.functions = functions
        self.tokens = Lexer(text, *delimiters, functions).tokens()
        self.at = 0
        # How many tokens were looked at: errors name the line of the last one.
        self.seen = 0
        # How often each variable is declared here.
        self.variables: dict[str, int] = {"$": 1}
        self.depth = 0
        self.action_line = 0

    def next(self) -> Token:
        """Take the next token."""
        self.at += 1
        return self.tokens[self.at - 1]

    def back(self) -> None:
        """Put the token taken last back."""
        self.seen = max(self.seen, self.at)
        self.at -= 1

    def peek(self) -> Token:
        """Look at the next token."""
        self.seen = max(self.seen, self.at + 1)
        return self.tokens[self.at]

    def next_word(self) -> Token:
        """Take the next token that is no space."""
        tokens, at = self.tokens, self.at
        while tokens[at].kind is Kind.SPACE:
            at += 1
        self.at = at + 1
        return tokens[at]

    def peek_word(self) -> Token:
        """Look at the next token that is no space; the space is gone."""
        while self.tokens[self.at].kind is Kind.SPACE:
            self.at += 1
        return self.peek()

    def error(self, message: str) -> ParseError:
        """Return the error at the line read last."""
        line = self.tokens[max(self.seen, self.at) - 1].line
        return ParseError(f"template: {self.name}:{line}: {message}", line=line)

    def fail(self, message: str) -> NoReturn:
        """Refuse the text."""
        raise self.error(message)

    def expect(self, kind: Kind, context: str) -> Token:
        """Take a token of this kind."""
        token = self.next_word()
        if token.kind is not kind:
            self.unexpected(token, context)
        return token

    def unexpected(self, token: Token, context: str) -> NoReturn:
        """Refuse a token."""
        if token.kind is not Kind.ERROR:
            self.fail(f"unexpected {token} in {context}")
        extra = ""
        if self.action_line not in {0, token.line}:
            verb = "started" if token.text.endswith(" action") else "in action started"
            extra = f" {verb} at {self.name}:{self.action_line}"
        self.fail(f"{token}{extra}")

    def pipeline(self, context: str, end: Kind) -> Pipe:
        """Read a pipeline and what ends it."""
        pipe = Pipe(self.peek_word().position)
        self._variables(pipe, context)
        while (token := self.next_word()).kind is not end:
            if token.kind not in OPERANDS:
                self.unexpected(token, context)
            self.back()
            pipe.commands.append(self._command())
        if not pipe.commands:
            self.fail(f"missing value for {context}")
        for stage, command in enumerate(pipe.commands[1:], 2):
            if isinstance(command.arguments[0], Literal | Dot | Nil | Number):
                self.fail(f"non executable command in pipeline stage {stage}")
        return pipe

    def _variables(self, pipe: Pipe, context: str) -> None:
        """Read `$x :=`, `$x =` or `$i, $x :=`, where the pipeline begins so."""
        while self.peek_word().kind is Kind.VARIABLE:
            variable = self.next()
            after_variable = self.at
            sign = self.peek_word()
            if sign.kind in {Kind.ASSIGN, Kind.DECLARE}:
                pipe.assigns = sign.kind is Kind.ASSIGN
                self.next_word()
                self._declare(pipe, variable)
                return
            if sign.text != "," or sign.kind is not Kind.CHAR:
                # An argument: the space after it, too, has a meaning.
                self.at = after_variable - 1
                return
            self.next_word()
            self._declare(pipe, variable)
            if context != "range" or len(pipe.variables) > 1:
                self.fail(f"too many declarations in {context}")
            if self.peek_word().kind not in {Kind.VARIABLE, Kind.RIGHT, Kind.RIGHT_PAREN}:
                self.fail("range can only initialize variables")

    def _declare(self, pipe: Pipe, token: Token) -> None:
        pipe.variables.append(Variable(token.position, token.text, []))
        self.variables[token.text] = self.variables.get(token.text, 0) + 1

    def _command(self) -> Command:
        command = Command(self.peek_word().position)
        while True:
            self.peek_word()
            operand = self._operand()
            if operand:
                command.arguments.append(operand)
            token = self.next()
            if token.kind is Kind.SPACE:
                continue
            if token.kind in {Kind.RIGHT, Kind.RIGHT_PAREN}:
                self.back()
            elif token.kind is not Kind.PIPE:
                self.unexpected(token, "operand")
            break
        if not command.arguments:
            self.fail("empty command")
        return command

    def _operand(self) -> Operand | None:
        node = self._term()
        if node is None or self.peek().kind is not Kind.FIELD:
            return node
        position = self.peek().position
        names = []
        while self.peek().kind is Kind.FIELD:
            names.append(self.next().text[1:])
        if isinstance(node, Field):
            return Field(position, node.names + names)
        if isinstance(node, Variable):
            return Variable(position, node.name, node.names + names)
        if isinstance(node, Pipe | Identifier):
            return Chain(position, node, names)
        raise self.error(f"unexpected . after term {quote(str(node))}")

    def _term(self) -> Operand | None:
        token = self.next_word()
        position, text = token.position, token.text
        if token.kind is Kind.FIELD:
            return Field(position, [text[1:]])
        if token.kind is Kind.IDENTIFIER:
            if text not in self.functions:
                self.fail(f"function {quote(text)} not defined")
            return Identifier(position, text)
        if token.kind is Kind.VARIABLE:
            if text not in self.variables:
                self.fail(f"undefined variable {quote(text)}")
            return Variable(position, text, [])
        if token.kind is Kind.LEFT_PAREN:
            return self._parenthesised()
        return self._literal(token)

    def _parenthesised(self) -> Pipe:
        if self.depth >= MAX_NESTING:
            self.fail("max expression depth exceeded")
        self.depth += 1
        pipe = self.pipeline("parenthesized pipeline", Kind.RIGHT_PAREN)
        self.depth -= 1
        return pipe

    def _literal(self, token: Token) -> Operand | None:
        position, text = token.position, token.text
        match token.kind:
            case Kind.DOT:
                return Dot(position)
            case Kind.NIL:
                return Nil(position)
            case Kind.BOOL:
                return Literal(position, text, text == "true")
            case Kind.STRING | Kind.RAW | Kind.CHARACTER | Kind.NUMBER | Kind.COMPLEX:
                return self._constant(token)
        self.back()
        return None

    def _constant(self, token: Token) -> Operand:
        try:
            if token.kind in {Kind.STRING, Kind.RAW}:
                return Literal(token.position, token.text, unquote(token.text))
            if token.kind is Kind.COMPLEX:
                self.fail(f"complex numbers are not supported: {token.text}")
            return Number(token.position, token.text, constant(token.text))
        except (BadQuoting, BadNumber) as problem:
            raise self.error(str(problem)) from problem
