"""What the docstrings of functions say first: what is done or returned, in a sentence that begins so."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("qa", "training", "benchmarks", "tests")
PATHS = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
# How a docstring begins that names its result, or a part of it, and has no verb for what is done with it.
# One that begins with ":raises" says only when the function fails.
NOUNS = re.compile(
    r"[^A-Z]|\d|(?:The|An?|All|Any|Each|Every|Everything|No|None|Nothing|Those|This|These|It|Its|Both|Up"
    r"|What|Which|Whether|When|Where|Why|How|Who"
    r"|As|At|About|After|Before|Beside|By|For|From|In|Of|On|Over|Under|Until|With|Without)\b"
)


def functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions of a module and the methods of its classes, without properties and tests.

    Properties are values. The name of a test is its sentence.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from functions(child)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            decorators = " ".join(ast.unparse(decorator) for decorator in child.decorator_list)
            if "property" not in decorators and not child.name.startswith(("__", "test_")):
                yield child


def without_a_verb(source: str) -> list[str]:
    return [
        f"{function.lineno} {function.name}"
        for function in functions(ast.parse(source))
        if (said := ast.get_docstring(function)) and NOUNS.match(said)
    ]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_functions_docstring_begins_with_its_verb(path: Path):
    assert without_a_verb(path.read_text(encoding="utf-8")) == []


def test_a_docstring_without_a_verb_is_found():
    def source(docstring: str) -> str:
        return f'class Kept:\n    def of(self):\n        """{docstring}"""\n'

    for docstring in ("Of the hits the best.", "The best hit.", ":raises ValueError: always.", "2 hits."):
        assert without_a_verb(source(docstring)) == ["2 of"]
    for docstring in ("Return the best hit.", "Allow one hit.", "Nod.", ""):
        assert without_a_verb(source(docstring)) == []
