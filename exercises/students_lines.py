"""A student's lines, run by a check: in a place that the check has prepared, with the student's own line numbers."""

import ast
import traceback
from pathlib import Path

from exercises.explained import explanation_of, line_of_message
from exercises.findings import Finding
from exercises.source import places_in, with_lines
from kit.cli.errors import EMPTY_BLANK, tensorflow_reason

LONGEST = 500  # characters of a line, in a finding


RETURNED = "__returned__"  # among the names that `run` gives: what the lines returned


class _Returned(BaseException):
    """Carries what a student's lines return, outside of a function."""

    def __init__(self, value):
        super().__init__()
        self.value = value


class _ReturnsRaise(ast.NodeTransformer):
    """Turns each `return x` of the lines themselves into `raise __Returned__(x)`."""

    def visit_Return(self, node):
        name = ast.Name("__Returned__", ast.Load())
        raised = ast.Raise(ast.Call(name, [node.value or ast.Constant(None)], []), None)
        return ast.fix_missing_locations(ast.copy_location(raised, node))

    def visit_FunctionDef(self, node):
        return node  # its returns are its own

    visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = visit_FunctionDef


class StudentsLines:
    """The places of one student, to be run one by one."""

    def __init__(self, folder, texts, empty_texts, seed):
        """
        Args:
          folder: where the scripts are, for the names in error messages.
          texts: {script: what is in it}.
          empty_texts: the same, as they were handed out.
          seed: of the student's own data, for a stage that draws some.
        """
        self.seed = seed
        self._folder, self._texts, self._empty_texts = Path(folder), texts, empty_texts
        self.places = {name: place for script, text in texts.items() for name, place in places_in(script, text).items()}
        self._titles = {
            name: place for script, text in empty_texts.items() for name, place in places_in(script, text).items()
        }

    def run(self, name, names, loop=False, after_each=None, may_return=False, keeps=()):
        """Runs the lines of a place.

        Args:
          name: of the place.
          names: {name: value} that the script defines before the place.
          loop: whether the lines stand in a loop, and are run again and again until they `break`.
          after_each: called after each turn of the loop, with the dict of names.
          keeps: names that the script's lines after the place go on with as they were.
          may_return: whether a `return` is a right end of the lines; what it gives is then under RETURNED.
        Returns:
          The dict of all names afterwards.
        Raises:
          Finding: the place is empty or gone, or its lines fail.
        """
        place = self._place(name)
        scope = {**self._names_of_module(place.script), **names, "__name__": Path(place.script).stem}
        scope["__Returned__"] = _Returned
        scope["__after_each__"] = lambda: after_each(scope)
        head = "\n" * (place.first_line - 2) + ("while True:" if loop else "if True:")
        tail = place.indent + ("__after_each__()" if loop else "pass")
        path = str(self._folder / place.script)
        try:
            tree = ast.parse("\n".join([head, *place.lines, tail, ""]), path)
            code = compile(_ReturnsRaise().visit(tree) if may_return else tree, path, "exec")
        except SyntaxError as error:
            raise self._syntax_finding(place, error) from None
        self._check_imports(tree, place, scope)
        try:
            exec(code, scope)
        except _Returned as returned:
            scope[RETURNED] = returned.value
        except Finding:
            raise
        except BaseException as error:  # SystemExit too: leaving early is no way to pass
            raise self.finding_of(error, place.number) from error
        for kept in keeps:
            if scope.get(kept) is not names[kept]:
                raise Finding(
                    f"your lines give {kept} another value",
                    f"{kept} as it was, and a name of its own for what you make",
                    f"The script's lines after the blank go on with {kept}.",
                    self.line_with(name, f"{kept} =", f"{kept} +=", kept),
                )
        return scope

    def line_of(self, operation):
        """(script, number, text) of the student's line that made an operation of the graph, or None."""
        frames = getattr(operation, "traceback", None) or []
        return self._line_among([(frame.filename, frame.lineno) for frame in frames])

    def line_with(self, name, *words):
        """(script, number, text) of the first line of a place that has one of some words, or of its first line."""
        place = self.places[name]
        numbered = [(number, line) for number, line in enumerate(place.lines, start=place.first_line)]
        code = [(number, line) for number, line in numbered if line.strip() and not line.lstrip().startswith("#")]
        for word in words:
            for number, line in code:
                if word in line:
                    return place.script, number, line.strip()
        number, line = (code or numbered or [(place.first_line, "")])[0]
        return place.script, number, line.strip()

    def finding_of(self, error, number):
        """The Finding for an error that came out of a student's lines of a blank, or of what they made."""
        frames = traceback.extract_tb(error.__traceback__)
        line = self._line_among([(frame.filename, frame.lineno) for frame in frames])
        line = line or self.line_of(getattr(error, "op", None))
        places = [place for place in self.places.values() if place.number == number]
        line = line or (self.line_with(places[0].name) if places else None)
        message = tensorflow_reason(error) if hasattr(error, "node_def") else str(error)
        if isinstance(error, NotImplementedError) and EMPTY_BLANK in message:
            if line and "NotImplementedError" not in line[2]:
                return Finding(
                    f"your lines call a function whose own blank isn't part of this check: {line_of_message(message)}",
                    "the names that the comment in the blank speaks of",
                    "Each blank is checked by itself, whatever the others hold.",
                    line,
                )
            return Finding(
                "the line with NotImplementedError is still there, among your own",
                "your lines in its place",
                "It stops the script, so that one that is run too early says what is missing.",
                line,
            )
        if isinstance(error, (SystemExit, KeyboardInterrupt)):
            return Finding(
                "your lines end the program",
                "lines that run through to the end",
                "The lines after them would never run, and neither would the rest of the check.",
                line,
            )
        return Finding(f"{type(error).__name__}: {line_of_message(message)}", *explanation_of(error, message), line)

    def _check_imports(self, tree, place, scope):
        """Refuses an import of what the script has imported: in a function it hides that one, above the line too."""
        for node in tree.body[0].body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    if bound in scope:
                        line = place.script, node.lineno, self._line(place.script, node.lineno)
                        raise Finding(
                            f"your lines import {bound} once more",
                            f"the {bound} that is imported at the top of the script",
                            f"The blank stands in a function. An import there makes {bound} its own name everywhere in "
                            "the function, and lines above find nothing in it.",
                            line,
                        )

    def _place(self, name):
        place = self.places.get(name)
        title = self._titles[name]
        if place is None:
            raise Finding(
                f"{title.script} has no longer both marker lines of blank {name}",
                f"the lines '# blank {name}: {title.title}' and '# end of blank {name}' around what you write",
                f"The check finds your lines by them. `python -m exercises reset {title.number}` puts them back.",
            )
        code = [line for line in place.lines if line.strip() and not line.lstrip().startswith("#")]
        if not code or (len(code) == 1 and EMPTY_BLANK in code[0]):
            raise self._empty_finding(place)
        return place

    def _empty_finding(self, place):
        return Finding(
            f"blank {place.name} is still empty",
            self._titles[place.name].title,
            f"The comment in {place.script} says what to write; `python -m exercises hint {place.number}` helps.",
        )

    def _syntax_finding(self, place, error):
        if isinstance(error, IndentationError):
            script, number, text = self.line_with(place.name)  # the first line of code
            line = place.lines[number - place.first_line]
            indent = line[: len(line) - len(line.lstrip())]
            if indent != place.indent:
                return Finding(
                    f"your first line begins with {_in_words(indent)}",
                    f"{_in_words(place.indent)}, as the marker lines of the blank",
                    "Python tells by them which lines belong together; the lines around the blank have so many.",
                    (script, number, text),
                )
        last_line = place.first_line + len(place.lines) - 1
        number = min(error.lineno or place.first_line, last_line)
        text = self._line(place.script, number)
        why = "Python can't read this line, so it can't run any."
        if "outside function" in str(error.msg):
            why = "A blank gives names to what it makes, for the lines after it; the function returns further below."
        return Finding(f"{type(error).__name__}: {error.msg}", "lines of Python", why, (place.script, number, text))

    def _line_among(self, frames):
        """The innermost of some (path, line number) that lies in one of the student's places."""
        for path, number in reversed(frames):
            for place in self.places.values():
                is_within = place.first_line <= (number or 0) < place.first_line + len(place.lines)
                if is_within and path == str(self._folder / place.script):
                    return place.script, number, self._line(place.script, number)
        return None

    def _line(self, script, number):
        lines = self._texts[script].splitlines()
        return lines[number - 1].strip()[:LONGEST] if number <= len(lines) else ""

    def _names_of_module(self, script):
        """What a script defines outside of its functions: the student's own, or as handed out where that fails."""
        for text in (self._texts[script], self._empty_texts[script]):
            without_blanks = with_lines(
                script, text, {name: [place.indent + "pass"] for name, place in places_in(script, text).items()}
            )
            scope = {"__name__": Path(script).stem, "__file__": str(self._folder / script)}
            try:
                exec(compile(without_blanks, str(self._folder / script), "exec"), scope)
                return scope
            except Exception:
                if text == self._empty_texts[script]:
                    raise
        raise AssertionError("a script as it was handed out runs, or has raised")


def _in_words(indent):
    return "tabs" if "\t" in indent else f"{len(indent)} spaces"
