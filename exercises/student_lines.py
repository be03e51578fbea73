"""A student's lines of one place, run by a check: on a stage that it builds, with the student's line numbers."""

from __future__ import annotations

import ast
import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exercises.findings import Finding, Line
from exercises.markers import Place
from exercises.script_scope import fill_in
from exercises.statements_above import names_loaded, names_stored

if TYPE_CHECKING:
    from exercises.student_blank import StudentBlank

RETURNED = "__returned__"  # among the names that `run` gives: what the lines returned


class _Returned(BaseException):
    """Carries what a student's lines return, outside of a function."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class _ReturnsRaise(ast.NodeTransformer):
    """Turns each `return x` of the lines themselves into `raise __Returned__(x)`."""

    def visit_Return(self, node: ast.Return) -> ast.AST:
        name = ast.Name("__Returned__", ast.Load())
        raised = ast.Raise(ast.Call(name, [node.value or ast.Constant(None)], []), None)
        return ast.fix_missing_locations(ast.copy_location(raised, node))

    def visit_FunctionDef(self, node: ast.AST) -> ast.AST:
        return node  # its returns are its own

    visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = visit_FunctionDef


class StudentLines:
    """The lines of one place of a blank, to be run by its check."""

    def __init__(self, blank: StudentBlank, letter: str) -> None:
        self.blank, self._letter = blank, letter

    def run(
        self,
        names: dict[str, Any],
        loop: bool = False,
        after_each: Callable[[dict[str, Any]], None] | None = None,
        may_return: bool = False,
        keeps: Iterable[str] = (),
    ) -> dict[str, Any]:
        """Runs the lines.

        Args:
          names: {name: value} that the script defines before the place.
          loop: the lines stand in a loop: run them again and again until they `break`.
          after_each: called after each turn of the loop, with the dict of names.
          may_return: a `return` is a right end of the lines; what it gives is then under RETURNED.
          keeps: names that the script's lines after the place use as they were.
        Returns:
          The dict of all names afterwards.
        Raises:
          Finding: the place is empty or gone, or its lines fail.
        """
        place = self.blank.place(self._letter)
        scope = {**self.blank.names_of_module(place.script), **names, "__name__": Path(place.script).stem}
        scope["__Returned__"] = _Returned
        scope["__after_each__"] = lambda: after_each(scope) if after_each else None
        head = "\n" * (place.first_line - 2) + ("while True:" if loop else "if True:")
        tail = place.indent + ("__after_each__()" if loop else "pass")
        path = self.blank.path(place.script)
        try:
            tree = ast.parse("\n".join([head, *place.lines, tail, ""]), path)
            code = compile(_ReturnsRaise().visit(tree) if may_return else tree, path, "exec")
        except SyntaxError as error:
            raise self._syntax_finding(place, error) from None
        self._check_imports(tree, place, scope)
        fill_in(scope, names_loaded(tree), self.blank.texts_of(place.script), place)
        try:
            with self._in_its_folder():
                exec(code, scope)
        except _Returned as returned:
            scope[RETURNED] = returned.value
        except Finding:
            raise
        except BaseException as error:  # SystemExit too: leaving early is no way to pass
            raise self.blank.finding_of(error) from error
        for kept in keeps:
            if scope.get(kept) is not names[kept]:
                raise Finding(
                    f"your lines give {kept} another value",
                    f"{kept} as it was, and a name of its own for what you make",
                    f"The script's lines after the blank use {kept} as it was.",
                    self.line_with(f"{kept} =", f"{kept} +=", kept),
                )
        return scope

    def line_of(self, operation: Any) -> Line | None:
        """The student's line that made an operation of the graph, or None."""
        return self.blank.line_of(operation)

    def line_with(self, *words: str) -> Line:
        """The first line of the place that has one of some words, or else its first line of code."""
        code = self.code()
        for word in words:
            for script, number, line in code:
                if word in line:
                    return script, number, line
        return code[0]

    def line_naming(self, name: str) -> Line:
        """The last line of the place that gives a name its value, or else as `line_with` finds one."""
        naming = [line for line in self.code() if re.match(rf"(\w+, *)*{name}(, *\w+)* *=[^=]", line[2])]
        return naming[-1] if naming else self.line_with(name)

    def line_renaming(self, name: str) -> Line | None:
        """The last line of the place that gives a name its value, if it is only another name: `loss = losses`."""
        naming = self.line_naming(name)
        with contextlib.suppress(SyntaxError, ValueError):
            for statement in ast.parse(naming[2]).body:
                if name in names_stored(statement) and isinstance(statement, ast.Assign):
                    value = _value_of(name, statement.targets[0], statement.value)
                    return naming if isinstance(value, (ast.Name, ast.Attribute)) else None
        return None

    def code(self) -> list[Line]:
        """The lines of code of the place; where there are none, its first line. The place's marker lines are there."""
        place = self.blank.places[self._letter]
        numbered = [(place.script, number, line.strip()) for number, line in enumerate(place.lines, place.first_line)]
        code = [line for line in numbered if line[2] and not line[2].startswith("#")]
        return code or numbered[:1] or [(place.script, place.first_line, "")]

    @contextlib.contextmanager
    def _in_its_folder(self) -> Iterator[None]:
        """Refuses lines that change the current folder, and goes back to it."""
        before = os.getcwd()
        try:
            yield
        finally:
            try:
                after = os.getcwd()
            except FileNotFoundError:  # they have deleted it
                after = ""
            os.chdir(before)
        if after != before:
            raise Finding(
                "your lines change the current folder",
                "the folder as it was: no os.chdir",
                "The paths in dataset.csv are relative to it, and so is runs; the script wouldn't find them.",
                self.line_with("chdir"),
            )

    def _check_imports(self, tree: ast.Module, place: Place, scope: dict[str, Any]) -> None:
        """Refuses an import of what the script has imported: in a function it hides that one, above the line too."""
        for node in ast.iter_child_nodes(tree.body[0]):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    if bound in scope:
                        raise Finding(
                            f"your lines import {bound} again",
                            f"the {bound} that is imported at the top of the script",
                            f"The blank stands in a function. An import there makes {bound} a local name of the whole "
                            "function, and the lines above the import find nothing in it.",
                            self.blank.line(place.script, node.lineno),
                        )

    def _syntax_finding(self, place: Place, error: SyntaxError) -> Finding:
        if isinstance(error, IndentationError):
            script, number, text = self.line_with()  # the first line of code
            line = place.lines[number - place.first_line]
            indent = line[: len(line) - len(line.lstrip())]
            if indent != place.indent:
                return Finding(
                    f"your first line begins with {_in_words(indent)}",
                    f"{_in_words(place.indent)}, like the marker lines of the blank",
                    "Python tells by them which lines belong together; the lines around the blank have as many.",
                    (script, number, text),
                )
        last_line = place.first_line + len(place.lines) - 1
        number = min(error.lineno or place.first_line, last_line)
        why = "Python can't read this line, so it can't run any."
        if "'return' outside function" in str(error.msg):
            return Finding(
                "return leaves the whole function, and not only the blank",
                "no return: names for what the lines make, and break to leave a loop",
                "The function's lines after the blank use these names; it returns further below.",
                self.blank.line(place.script, number),
            )
        return Finding(
            f"{type(error).__name__}: {error.msg}", "lines of Python", why, self.blank.line(place.script, number)
        )


def _value_of(name: str, target: ast.expr, value: ast.expr) -> ast.expr | None:
    """What an assignment gives a name: also of several at once, `a, b = x, y`."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts)
        return next((each for one, each in pairs if isinstance(one, ast.Name) and one.id == name), None)
    return value if isinstance(target, ast.Name) else None


def _in_words(indent: str) -> str:
    return "tabs" if "\t" in indent else f"{len(indent)} spaces"
