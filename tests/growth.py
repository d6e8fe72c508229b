"""Every regular expression of the code, and texts that are made to be slow for it.

Ratios of times are compared, not seconds; what takes next to no time is not compared at all.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _parser  # pyright: ignore[reportAttributeAccessIssue]  # of CPython, since 3.11
from types import ModuleType
from typing import Any

import qa
from qa.news.cues import QUOTE  # occurs once in each text that these patterns read

Nodes = list[tuple[Any, Any]]  # the nodes of a parsed pattern: operation and arguments
HOUSE = Path(qa.__file__).parent
WAYS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")
QUICK = 0.002  # seconds, for 2,000 characters; a linear pattern takes a hundredth of it
MOST_RATIO = 3.2  # highest ratio of times for twice the input; quadratic time gives 4
STOP = False
END = "\x01"  # no pattern expects it, so a match that came so far must fail
PIECES = [
    " ", "a", "a ", "A", "<", "<a ", "<a href=", "<!--", "&", "&#5", "&amp;", "\n", "\n ", "  \n",
    "-", "- ", "a - ", " | ", '"', 'a","', "...", "…", "[", "[a=b ", "[+", "(", "1", "1 ", "1,", "12:",
    "/", "http://a", "Document 1 of ", "1 of 1 ", "_", "=", "by ", ":", "a: ", "#a ", "\u0301", "\u3000",
    "\t", "@a", "related ", "read more ", "share ", "Published ", "jan 1 ", "2024", "2024-", "2024/01/",
    "a.a", "HD  ", "Copyright ", ",", ";", "{", '{"a":1,', "}, ", "\\", "<REUTERS ", "\r\n",
    "[caption ", "é", "Ã©", "漢", "From ", "sign up for ", "A ", "A.", "Aa", "Aa ", "Aa-", "Aa'", "'", "’",
    "“", "”", "“a", "$1 ", "1.", "1 million ", "?", "? ", "[1]", "[1] ", ". [1] ", "<think>", "and ", "not ",
    "who ", "to ", "in ", "as of ", "since a ",
]  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Used:
    """A pattern, its place in the code, and one method by which the code uses it."""

    name: str  # "qa.text.numbers._NUMBER", or "qa/disk.py:12" where it is written where it is used
    pattern: re.Pattern[str]
    way: str  # the name of a method


def grows(work: Callable[[int], object], size: int) -> str | None:
    """Return how the time grows from a size to its double, if that is more than in proportion."""
    if best(work, size, 1) < QUICK:
        return None
    for _ in range(3):  # repeated, because a busy machine may spoil one measurement
        one, two = best(work, size), best(work, 2 * size)
        if two < MOST_RATIO * one:
            return None
    return f"{one:.4f} s for {size:,}, {two:.4f} s for the double"


def best(work: Callable[[int], object], size: int, times: int = 3) -> float:
    taken = []
    for _ in range(times):
        started = time.process_time()
        work(size)
        taken.append(time.process_time() - started)
    return min(taken)


def slow_texts(used: Used, size: int) -> dict[tuple[str, str], str]:
    """Return (text before, repeated text) -> how the time grows, for the texts where it grows too fast."""
    use = getattr(used.pattern, used.way)
    slow = {}
    for before, piece in [*(("", piece) for piece in PIECES), *pumps(used.pattern)]:

        def work(many: int, before: str = before, piece: str = piece) -> object:
            text = before + (piece * (many // len(piece) + 1))[:many] + END
            return use(text.encode() if isinstance(used.pattern.pattern, bytes) else text)

        if found := grows(work, size):
            slow[before, piece] = found
    return slow


# ---- finding the patterns ----


def modules() -> Iterator[tuple[ModuleType, str]]:
    """Return every module that compiles a pattern, and its source."""
    for info in pkgutil.walk_packages(qa.__path__, "qa."):
        path = HOUSE.joinpath(*info.name.split(".")[1:])
        source = (path / "__init__.py" if info.ispkg else path.with_suffix(".py")).read_text(encoding="utf-8")
        if "re.compile(" in source:  # other modules are not loaded, as some need optional libraries
            yield importlib.import_module(info.name), source


def named() -> list[Used]:
    """Return every regular expression that a module keeps, with the ways in which modules use it."""
    found: dict[tuple[str | bytes, int, str], Used] = {}
    for module, source in modules():
        for name, value in list(vars(module).items()):
            for place, pattern in _patterns_in(value, name):
                uses = set(re.findall(rf"\b{re.escape(name)}\.({'|'.join(WAYS)})\b", source))
                # A pattern in a table, or imported elsewhere, is used under another name.
                ways = {tried(way) for way in uses} or {"findall"}
                for way in ways:
                    found.setdefault(
                        (pattern.pattern, pattern.flags, way),
                        Used(f"{module.__name__}.{place}", pattern, way),
                    )
    return sorted(found.values(), key=lambda used: (used.name, used.way))


def tried(way: str) -> str:
    """Return the way that is tried for one that is used.

    Who takes every match goes on where a search ends: after each it may look far ahead again.
    """
    return way if way in ("search", "match", "fullmatch") else "findall"


def _patterns_in(value: object, name: str, depth: int = 3) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Patterns in a value and in its tables and records."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif depth and isinstance(value, dict):
        for key, inner in value.items():
            yield from _patterns_in(inner, f"{name}[{key}]", depth - 1)
    elif depth and isinstance(value, (list, tuple, set, frozenset)):
        for at, inner in enumerate(value):
            yield from _patterns_in(inner, f"{name}[{at}]", depth - 1)
    elif depth and dataclasses.is_dataclass(value) and not isinstance(value, type):
        for known in dataclasses.fields(value):
            yield from _patterns_in(getattr(value, known.name), f"{name}.{known.name}", depth - 1)
    elif depth and isinstance(value, type) and value.__module__.startswith("qa."):
        for key, inner in vars(value).items():
            if isinstance(inner, re.Pattern):
                yield f"{name}.{key}", inner


def inline() -> tuple[list[Used], set[str]]:
    """Return every pattern written where it is used, as in ``re.sub(r"...", ...)``, and who builds some.

    Who compiles a pattern within a function is named as one who builds.
    """
    found: dict[tuple[str | bytes, int, str], Used] = {}
    builders = set()
    for path in sorted(HOUSE.rglob("*.py")):
        place = path.relative_to(HOUSE.parent).as_posix()
        for node, is_inside in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func
            if not isinstance(called, ast.Attribute) or not isinstance(called.value, ast.Name):
                continue
            if called.value.id != "re" or called.attr not in (*WAYS, "compile"):
                continue
            if called.attr == "compile":
                builders |= {place} if is_inside else set()
                continue
            if not isinstance(node.args[0], ast.Constant):
                builders.add(place)
                continue
            written = [*node.args, *(keyword.value for keyword in node.keywords)]
            flags = [
                getattr(re, a.attr) for a in written if isinstance(a, ast.Attribute) and hasattr(re, a.attr)
            ]
            pattern = re.compile(node.args[0].value, flags[0] if flags else 0)
            way = tried(called.attr)
            found.setdefault(
                (pattern.pattern, pattern.flags, way), Used(f"{place}:{node.lineno}", pattern, way)
            )
    return list(found.values()), builders


def unseen() -> list[str]:
    """Return the places in the code that may use a pattern in a way that is not found here."""
    kept = {module.__name__: len(set(_own(module))) for module, _ in modules()}
    missed = []
    for path in sorted(HOUSE.rglob("*.py")):
        place = path.relative_to(HOUSE.parent).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {call.func for call, _ in _calls(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                strange = any(_is_strange(name) for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                strange = node.module in ("re", "regex", "fnmatch")
            else:  # Arrow's own, or handed on: partial(re.sub, ...)
                arrows = isinstance(node, ast.Attribute) and "regex" in node.attr
                strange = arrows or (_is_of_re(node) and node not in called)
            missed += [f"{place}:{getattr(node, 'lineno', 0)}"] if strange else []
        compiled = sum(_is_of_re(call.func, "compile") and not inside for call, inside in _calls(tree))
        name = place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if compiled > kept.get(name, 0):  # as a bound method, or deeper in a table than is looked
            missed.append(f"{place}: {compiled} compiled, {kept.get(name, 0)} found")
    return missed


def _own(module: ModuleType) -> Iterator[tuple[str | bytes, int]]:
    for name, value in vars(module).items():
        for _, pattern in _patterns_in(value, name):
            yield pattern.pattern, pattern.flags


def _is_strange(name: ast.alias) -> bool:
    """Another library, or this one by another name."""
    return name.name in ("regex", "fnmatch") or (name.name == "re" and name.asname is not None)


def _is_of_re(node: ast.AST, *names: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "re"
        and node.attr in (names or (*WAYS, "compile"))
    )


def _calls(tree: ast.AST, is_inside: bool = False) -> Iterator[tuple[ast.Call, bool]]:
    """Yield every call, and whether it stands inside a function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield node, is_inside
        yield from _calls(
            node, is_inside or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        )


# ---- making slow texts for a pattern ----


def pumps(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Texts out of the pattern itself: for each repeat in it, what leads to it and what it repeats.

    The usual ways into the square: a repeat that is begun at every place, two that take the same
    characters, a beginning that comes again and again.
    """
    source = pattern.pattern
    if isinstance(source, bytes):
        source = source.decode("latin-1")
    tree = _parser.parse(
        source, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    )
    found: dict[tuple[str, str], None] = {}
    for before, repeated in _repeats(list(tree), ""):
        for lead, piece in (("", repeated), (before, repeated), ("", before + repeated), ("", before)):
            if piece and QUOTE not in piece:
                found.setdefault((lead, piece))
    whole = _sample(list(tree))
    for piece in (whole, whole[:-1]):
        if piece and QUOTE not in piece:
            found.setdefault(("", piece))
    return list(found)


def _repeats(nodes: Nodes, before: str) -> Iterator[tuple[str, str]]:
    """Yield (text that leads there, text that is repeated) for every repeat without a small bound."""
    for operation, given in nodes:
        kind = str(operation)
        if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, inner = given
            if int(most) > 20 and (once := _sample(list(inner))):
                yield before, once
            yield from _repeats(list(inner), before)
        elif kind == "SUBPATTERN":
            yield from _repeats(list(given[3]), before)
        elif kind == "ATOMIC_GROUP":
            yield from _repeats(list(given), before)
        elif kind == "BRANCH":
            for branch in given[1]:
                yield from _repeats(list(branch), before)
        elif kind in ("ASSERT", "ASSERT_NOT"):
            yield from _repeats(list(given[1]), before)
        before += _sample([(operation, given)])


def _sample(nodes: Nodes) -> str:
    """Return a short text that nodes match, more or less: look-arounds are passed over."""
    text = ""
    for operation, given in nodes:
        kind = str(operation)
        if kind == "LITERAL":
            text += chr(given)
        elif kind == "NOT_LITERAL":
            text += "a" if given != ord("a") else "b"
        elif kind == "ANY":
            text += "a"
        elif kind == "IN":
            text += _one_of(given)
        elif kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            fewest, most, inner = given
            text += _sample(list(inner)) * min(max(int(fewest), 1), int(most), 40)
        elif kind == "SUBPATTERN":
            text += _sample(list(given[3]))
        elif kind == "ATOMIC_GROUP":
            text += _sample(list(given))
        elif kind == "BRANCH":
            text += _sample(list(given[1][0]))
    return text


_CATEGORIES = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a",
               "CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_SPACE": "a", "CATEGORY_NOT_WORD": " "}  # fmt: skip


def _one_of(choices: Nodes) -> str:
    """Return a character of a class; of a negated class, the first of some that it allows."""
    if str(choices[0][0]) == "NEGATE":
        return next(c for c in "a1 A,.<-\n\t漢" if not any(_holds(choice, c) for choice in choices[1:]))
    operation, given = choices[0]
    kind = str(operation)
    if kind == "RANGE":
        return chr(given[0])
    return _CATEGORIES[str(given)] if kind == "CATEGORY" else chr(given)


def _holds(choice: tuple[Any, Any], character: str) -> bool:
    operation, given = choice
    kind = str(operation)
    if kind == "RANGE":
        return bool(given[0] <= ord(character) <= given[1])
    if kind == "CATEGORY":
        is_it = {"DIGIT": str.isdigit, "SPACE": str.isspace, "WORD": lambda c: c.isalnum() or c == "_"}
        name = str(given).removeprefix("CATEGORY_")
        return bool(is_it[name.removeprefix("NOT_")](character)) != name.startswith("NOT_")
    return bool(ord(character) == given)
