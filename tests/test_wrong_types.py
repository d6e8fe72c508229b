"""Every parameter of the public methods, given a value of a wrong type: one line that names the parameter."""

from __future__ import annotations

import asyncio
import collections.abc
import inspect
import types
import typing
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import qa
from qa.doors.bodies import Ask, NewArticle
from qa.doors.desk import Desk
from qa.errors import QAError
from qa.maintain.forget import let_back
from qa.records import Filter
from qa.retrieve.query import query_of
from qa.settings import AskSettings

ANYTHING = object()
WRONG = [None, "5", 5, 0, -1, 1.5, float("nan"), True, [], [None], {}, b"x", ANYTHING, date(2024, 5, 6)]
QUESTION = "How many people died?"
# The value of each parameter while another one is tested; all others keep their defaults.
RIGHT: dict[str, Callable[[qa.Archive, Path], object]] = {
    "question": lambda *_: QUESTION,
    "questions": lambda *_: [QUESTION],
    "topic": lambda *_: "earthquake",
    "query": lambda *_: query_of(QUESTION),
    "article_id": lambda *_: "quake",
    "ids": lambda *_: ["nobody"],
    "many": lambda *_: 1,
    "k": lambda *_: 1,
    "days": lambda *_: 1,
    "by": lambda *_: "source",
    "index": lambda _, index: index,
    "inputs": lambda _, index: [index.parent / "articles.jsonl"],
    "archive": lambda archive, _: archive,
    "retriever": lambda archive, _: archive.retriever,
    "engine": lambda archive, _: archive.retriever._engine,
    "embedder": lambda archive, _: archive.retriever.embedder,
    "reader": lambda archive, _: archive.reader,
    "settings": lambda *_: AskSettings(),
    "articles": lambda *_: [NewArticle(text="Some text that has five words.")],
    "asked": lambda *_: Ask(question=QUESTION),
    "filters": lambda *_: Filter(),
    "found": lambda *_: True,
    "one": lambda *_: QUESTION,
    "other": lambda *_: QUESTION,
}
LEFT_OUT = {
    "qa.Archive.__init__": "is made of parts, which tests replace",
    "qa.Retriever.__init__": "is made of parts, which tests replace",
}


def public() -> list[tuple[str, str]]:
    """Return (class or "", name of the function or method) of all that programs call."""
    found = [("", name) for name in ("build", "check", "forget", "let_back")]
    for kind in ("Archive", "AsyncArchive", "Retriever", "Desk"):
        for name, value in vars(class_of(kind)).items():
            is_called = inspect.isfunction(value) or isinstance(value, (classmethod, staticmethod))
            if is_called and (not name.startswith("_") or name == "__init__"):
                found.append((kind, name))
    return [one for one in found if f"qa.{one[0]}.{one[1]}" not in LEFT_OUT]


def class_of(name: str) -> type:
    return Desk if name == "Desk" else getattr(qa, name)


def function(kind: str, name: str) -> Callable[..., object]:
    if not kind:
        return let_back if name == "let_back" else getattr(qa, name)
    return inspect.unwrap(getattr(class_of(kind), name))


def parameters(kind: str, name: str) -> dict[str, object]:
    """Return the parameters of a method with their types."""
    called = function(kind, name)
    hints = typing.get_type_hints(called)
    return {one: hints[one] for one in inspect.signature(called).parameters if one not in ("self", "cls")}


def fits(value: object, hint: object) -> bool:
    """Return whether a type checker would let the value pass; of lists only an empty one does."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one) for one in typing.get_args(hint))
    if origin is typing.Literal:
        return value in typing.get_args(hint)
    if origin in (collections.abc.Sequence, collections.abc.Iterable):
        return value == [] and isinstance(value, list)
    if origin is collections.abc.Mapping:
        return value == {} and isinstance(value, dict)
    if hint is type(None) or hint is None:
        return value is None
    if hint is bool:
        return isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    is_class = isinstance(hint, type) and not getattr(hint, "_is_protocol", False)
    return is_class and isinstance(value, hint)


TRIED = [(kind, name, one) for kind, name in public() for one in parameters(kind, name)]


def test_all_that_is_public_is_tried():
    assert len(TRIED) > 100
    assert ("Archive", "brief", "days") in TRIED and ("", "build", "inputs") in TRIED


@pytest.fixture
def small(news, build_small, open_small, number_reader) -> qa.Archive:
    build_small(news)
    return qa.Archive(open_small(), number_reader, AskSettings(answers=2))


async def outcome(called: Callable[..., object], arguments: dict[str, object]) -> object:
    result = called(**arguments)
    if inspect.isawaitable(result):
        return await result
    if inspect.isasyncgen(result):
        return [one async for one in result]
    return list(result) if inspect.isgenerator(result) else result


@pytest.mark.parametrize(("kind", "name"), public(), ids=lambda one: one or "qa")
def test_wrong_type_is_one_line_that_names_the_parameter(
    kind: str, name: str, small: qa.Archive, tmp_path: Path
):
    hints = parameters(kind, name)
    needed = {
        one: RIGHT[one](small, tmp_path / "index")
        for one, known in inspect.signature(function(kind, name)).parameters.items()
        if one in hints and known.default is inspect.Parameter.empty
    }

    async def tries() -> None:
        for one, hint in hints.items():
            for value in WRONG:
                if fits(value, hint) or (one == "questions" and value == [None]):
                    continue  # in a list of questions, a wrong one gets an error of its own
                async with qa.AsyncArchive(small) as news, Desk(small) as desk:
                    having = {
                        "Archive": small,
                        "AsyncArchive": news,
                        "Retriever": small.retriever,
                        "Desk": desk,
                    }
                    called = (
                        getattr(having[kind], name) if kind and name != "__init__" else function(kind, name)
                    )
                    if name == "__init__":
                        called = class_of(kind)
                    where = f"{name}({one}={value!r})"
                    try:
                        await outcome(called, {**needed, one: value})
                    except (ValueError, TypeError, QAError) as fault:
                        line = str(fault)
                        assert one in line and "\n" not in line and len(line) < 300, f"{where}: {line}"
                    except Exception as fault:
                        pytest.fail(f"{where}: {type(fault).__name__}: {fault}")
                    else:
                        pytest.fail(f"{where} was taken")

    asyncio.run(tries())


def test_numbers_of_other_libraries_are_numbers(small: qa.Archive):
    import numpy as np

    assert len(small.search(QUESTION, np.int64(2))) == 2


def test_names_that_can_be_gone_through_once_restrict_the_search(small: qa.Archive):
    """The check once used up the generator, so the search ran over all sources."""
    hits = small.search(QUESTION, source=(name for name in ["CBS News"]))
    assert {hit.passage.article.source for hit in hits} == {"CBS News"}
