"""Public functions say what they take and return; pyright then checks it. Private ones may leave it to be inferred."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.scripts import PROJECT

TYPED = ("kit/data", "kit/model", "kit/runs", "exercises")  # as in [tool.pyright]


def public_functions(body: list[ast.stmt], in_class: bool = False) -> Iterator[tuple[ast.FunctionDef, bool]]:
    """The public functions of a module and of its public classes, and whether each is a method."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body, in_class=True)
        elif isinstance(node, ast.FunctionDef) and (not node.name.startswith("_") or node.name == "__init__"):
            is_static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)
            yield node, in_class and not is_static


def missing(function: ast.FunctionDef, is_method: bool) -> list[str]:
    """What of a function has no annotation: names of arguments, 'return'."""
    of = function.args
    arguments = [*of.posonlyargs, *of.args][is_method:] + of.kwonlyargs
    arguments += [each for each in (of.vararg, of.kwarg) if each]
    names = [each.arg for each in arguments if each.annotation is None]
    return names + (["return"] if function.returns is None and function.name != "__init__" else [])


def unannotated(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function, is_method in public_functions(tree.body):
        if names := missing(function, is_method):
            yield f"{path.relative_to(PROJECT).as_posix()}:{function.lineno}: {function.name}: {', '.join(names)}"


@pytest.mark.parametrize("package", TYPED)
def test_public_functions_are_annotated(package):
    found = [line for path in sorted((PROJECT / package).rglob("*.py")) for line in unannotated(path)]
    assert not found, f"{len(found)} functions of {package} lack annotations:\n" + "\n".join(found)


def test_what_counts_as_missing():
    code = """
def public(a, b: int, *rest, c=1, **more): pass
def _private(a): pass
class Public:
    def __init__(self, a): pass
    def method(self, a: int) -> int: pass
    @staticmethod
    def static(a) -> int:
        def inner(b): pass
    def _private(self, a): pass
class _Private:
    def method(self, a): pass
"""
    found = {function.name: missing(function, method) for function, method in public_functions(ast.parse(code).body)}
    assert found == {"public": ["a", "c", "rest", "more", "return"], "__init__": ["a"], "method": [], "static": ["a"]}
