"""Wrong answers out of right ones: a text of Python with one thing changed in it, as students change things by mistake.

Each operator is a function (tree of the text, the text) that yields edits: (first place, last place, new text).
"""

import ast
import itertools
from dataclasses import dataclass

PACKAGES = ("tf", "np")  # what stands before a function's name, and is no value
TYPES = {"float32": "float64", "int64": "int32", "string": "int64", "dtype": "label_dtype", "label_dtype": "dtype"}
OTHER_FIELDS = {  # {attribute of what the script gives: another one of its kind}
    "batch_size": "epochs",
    "epochs": "batch_size",
    "seed": "epochs",
    "num_training": "num_validation",
    "most_shuffled": "num_classes",
    "path": "compression",
    "shape": "num_classes",
    "x": "seed",
}
OTHER_FUNCTIONS = {  # {function: another one, which takes the same}
    "reduce_mean": "reduce_sum",
    "argmax": "argmin",
    "equal": "not_equal",
    "shuffle": "repeat",
    "repeat": "batch",
    "mean": "sum",
    "concatenate": "array",
    "make_initializable_iterator": "make_one_shot_iterator",
    "global_variables_initializer": "local_variables_initializer",
    "restore": "save",
    "scalar": "histogram",
    "minimize": "compute_gradients",
    "decode_image": "decode_jpeg",
    "OutOfRangeError": "NotFoundError",
    "UPDATE_OPS": "TRAINABLE_VARIABLES",
}
OPERATORS = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.Pow: "*", ast.Eq: "!=",
}  # fmt: skip
WORDS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.Eq: "=="}


@dataclass(frozen=True)
class Mutant:
    """A text with one mistake."""

    operator: str  # what was done
    text: str


class Source:
    """A text of Python, its tree, and where a node stands in the text."""

    def __init__(self, text):
        self.text, self.tree = text, ast.parse(text)
        self._starts = [0, *itertools.accumulate(len(line) for line in text.splitlines(keepends=True))]
        of_texts = {
            id(part) for text in ast.walk(self.tree) if isinstance(text, ast.JoinedStr) for part in ast.walk(text)
        }
        self.nodes = [node for node in ast.walk(self.tree) if hasattr(node, "lineno") and id(node) not in of_texts]
        self.values = list(dict.fromkeys(node.id for node in self.of(ast.Name) if self.is_value(node)))

    def of(self, *kinds):
        """The nodes of some kinds, in the text's order."""
        return sorted((node for node in self.nodes if isinstance(node, kinds)), key=lambda node: self.span(node))

    def span(self, node):
        """(first place, place after the last) of a node in the text."""
        ends = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
        return tuple(self._starts[line - 1] + column for line, column in ends)

    def text_of(self, node):
        first, last = self.span(node)
        return self.text[first:last]

    def lines_of(self, node):
        """(first place, last place) of the whole lines of a statement, with the comment at its end."""
        return self._starts[node.lineno - 1], self._starts[node.end_lineno]

    def is_value(self, node):
        """Whether a name stands for a value, and is no package and no function that is called."""
        called = {id(call.func) for call in self.nodes if isinstance(call, ast.Call)}
        return node.id not in (*PACKAGES, "_") and id(node) not in called

    def bodies(self):
        """Every list of statements in a row."""
        for node in ast.walk(self.tree):
            for part in ("body", "orelse", "handlers"):
                rows = getattr(node, part, None)
                if isinstance(rows, list) and rows and isinstance(rows[0], ast.stmt):
                    yield rows


def mutants_of(text):
    """Every mutant of a text that Python can read: a list of Mutant, without doubles."""
    source, found = Source(text), {}
    for operator in _OPERATORS:
        for first, last, new in operator(source):
            mutated = text[:first] + new + text[last:]
            if mutated != text and mutated not in found and _can_be_read(mutated):
                found[mutated] = Mutant(operator.__name__.removeprefix("_").replace("_", " "), mutated)
    return list(found.values())


def _can_be_read(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _a_call_left_out(source):
    for call in source.of(ast.Call):
        method = call.func if isinstance(call.func, ast.Attribute) else None
        if not call.args and not call.keywords:
            yield *source.span(call), source.text_of(call.func)  # without its parentheses
        if method and ast.unparse(method).split(".")[0] not in PACKAGES:
            yield *source.span(call), source.text_of(method.value)  # x.f(a) -> x
        elif call.args:
            yield *source.span(call), source.text_of(call.args[0])  # f(x) -> x


def _a_line_missing(source):
    for body in source.bodies():
        for statement in body:
            first, last = source.lines_of(statement)
            yield (first, last, "") if len(body) > 1 else (*source.span(statement), "pass")


def _a_line_twice(source):
    for body in source.bodies():
        for statement in body:
            first, last = source.lines_of(statement)
            lines = source.text[first:last]
            yield last, last, lines if lines.endswith("\n") else "\n" + lines


def _two_statements_swapped(source):
    for body in source.bodies():
        for one, other in itertools.pairwise(body):
            first, middle = source.lines_of(one)
            last = source.lines_of(other)[1]
            above, below = source.text[first:middle], source.text[middle:last]
            yield (
                first,
                last,
                below + "\n" * (not below.endswith("\n")) + above.rstrip("\n") + "\n" * below.endswith("\n"),
            )


def _another_number(source):
    for constant in source.of(ast.Constant):
        value = constant.value
        if isinstance(value, bool):
            yield *source.span(constant), repr(not value)
        elif isinstance(value, (int, float)):
            for other in (value + 1, value - 1, value * 10):
                yield *source.span(constant), repr(other)


def _another_text(source):
    for constant in source.of(ast.Constant):
        if isinstance(constant.value, str):
            yield *source.span(constant), repr(constant.value + "_1")


def _another_name(source):
    """Another variable of the lines, or one placeholder for another."""
    for name in source.of(ast.Name):
        if name.id in source.values and isinstance(name.ctx, ast.Load):
            place = source.values.index(name.id)
            for other in {source.values[place - 1], source.values[(place + 1) % len(source.values)]}:
                yield *source.span(name), other


def _a_constant_for_a_variable(source):
    for holder in source.of(ast.Call, ast.Dict):
        keywords = [keyword.value for keyword in holder.keywords] if isinstance(holder, ast.Call) else holder.values
        for value in [*(holder.args if isinstance(holder, ast.Call) else ()), *keywords]:
            if isinstance(value, (ast.Name, ast.Attribute)) and ast.unparse(value).split(".")[0] not in PACKAGES:
                yield *source.span(value), "1"


def _another_attribute(source):
    """Another dtype, shape or setting."""
    for node in source.of(ast.Attribute):
        for table in (TYPES, OTHER_FIELDS, OTHER_FUNCTIONS):
            if node.attr in table:
                yield *source.span(node), f"{source.text_of(node.value)}.{table[node.attr]}"


def _another_name_of_the_result(source):
    """Targets that change places, or one that is called otherwise."""
    for assignment in source.of(ast.Assign):
        for target in assignment.targets:
            if isinstance(target, ast.Tuple):
                names = [source.text_of(each) for each in target.elts]
                for place in range(len(names) - 1):
                    swapped = [*names[:place], names[place + 1], names[place], *names[place + 2 :]]
                    yield *source.span(target), ", ".join(swapped)
            else:
                yield *source.span(target), f"{source.text_of(target)}_2"


def _an_argument_missing(source):
    for call in source.of(ast.Call):
        if len(call.args) + len(call.keywords) > 1:
            given = [source.text_of(each) for each in (*call.args, *call.keywords)]
            function = source.text_of(call.func)
            for place in range(len(given)):
                yield *source.span(call), f"{function}({', '.join(given[:place] + given[place + 1 :])})"


def _two_arguments_swapped(source):
    for call in source.of(ast.Call):
        for one, other in itertools.pairwise(call.args):
            first, last = source.span(one)[0], source.span(other)[1]
            between = source.text[source.span(one)[1] : source.span(other)[0]]
            yield first, last, source.text_of(other) + between + source.text_of(one)


def _an_element_missing(source):
    """Of a list, a tuple or a dict: a shape, fetches, what is fed."""
    for holder in source.of(ast.List, ast.Tuple, ast.Dict):
        if isinstance(holder, ast.Dict):
            parts = [
                f"{source.text_of(key)}: {source.text_of(value)}" for key, value in zip(holder.keys, holder.values)
            ]
        else:
            parts = [source.text_of(each) for each in holder.elts]
        if isinstance(getattr(holder, "ctx", None), ast.Store) or not parts:
            continue
        begin, end = ("{", "}") if isinstance(holder, ast.Dict) else ("[", "]")
        if isinstance(holder, ast.Tuple):
            begin, end = "(", ",)" if len(parts) == 2 else ")"
        for place in range(len(parts)):
            yield *source.span(holder), f"{begin}{', '.join(parts[:place] + parts[place + 1 :])}{end}"


def _two_elements_swapped(source):
    for holder in source.of(ast.List, ast.Tuple):
        if not isinstance(holder.ctx, ast.Store):
            for one, other in itertools.pairwise(holder.elts):
                between = source.text[source.span(one)[1] : source.span(other)[0]]
                swapped = source.text_of(other) + between + source.text_of(one)
                yield source.span(one)[0], source.span(other)[1], swapped


def _another_axis_or_place(source):
    for subscript in source.of(ast.Subscript):
        if not isinstance(subscript.slice, ast.Slice):
            yield *source.span(subscript), source.text_of(subscript.value)


def _another_operator(source):
    for node in source.of(ast.BinOp, ast.Compare):
        kind = type(node.op if isinstance(node, ast.BinOp) else node.ops[0])
        left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.left, node.comparators[0])
        if kind in OPERATORS:
            first, last = source.span(left)[1], source.span(right)[0]
            between = source.text[first:last]
            yield first, last, between.replace(WORDS[kind], OPERATORS[kind], 1)
            yield *source.span(node), source.text_of(left)  # without what is added, multiplied, ...


def _another_way_out(source):
    for node in source.of(ast.Break):
        yield *source.span(node), "continue"


_OPERATORS = (
    _a_call_left_out,
    _a_line_missing,
    _a_line_twice,
    _two_statements_swapped,
    _another_number,
    _another_text,
    _another_name,
    _a_constant_for_a_variable,
    _another_attribute,
    _another_name_of_the_result,
    _an_argument_missing,
    _two_arguments_swapped,
    _an_element_missing,
    _two_elements_swapped,
    _another_axis_or_place,
    _another_operator,
    _another_way_out,
)
