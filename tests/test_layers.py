"""The house rules that a machine can check: who imports whom, and what no module may hold."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = [ROOT / "app.py", *(ROOT / "page").rglob("*.py")]
MODULES = sorted([*PAGE, *(ROOT / "qa").rglob("*.py")])

GROUND = 0
FLOORS = dict.fromkeys(
    [
        "records",
        "holdings",
        "errors",
        "settings",
        "saved",
        "jobs",
        "dates",
        "sentences",
        "batching",
        "tokenizer",
        "models",
        "devices",
        "originals",
        "parquets",
        "torch_runtime",
        "runtime",
    ],
    GROUND,
)
FLOORS |= {
    "metrics": GROUND,
    "ingest": 1,
    "news": 1,
    "index": 2,
    "retrieve": 3,
    "read": 3,
    "pipeline": 4,
    "evaluate": 5,
    "view": 1,
}
TOP = 6  # the face, the command line and the page

ONLY_IN = {
    "faiss": "qa/index/vectors.py",
    "bm25s": "qa/index/postings.py",
    "Stemmer": "qa/index/postings.py",
    "pymilvus": "qa/index/milvus/connection.py",
    "openvino": "qa/runtime.py",
    "nncf": "qa/runtime.py",
    "torch": {"qa/torch_runtime.py", "qa/originals.py"},  # the second for its types
    "transformers": "qa/originals.py",
    "sentence_transformers": "qa/originals.py",
    "matplotlib": "qa/evaluate/picture.py",
}
NEVER = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> list[str]:
    """Full names of the modules that a file imports, also inside functions."""
    names = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)}:{node.lineno} imports relatively"
            # "from qa.view import words" names a module of a folder, "from qa.dates import x" a name in one.
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def room(name: str) -> str:
    """The folder or module directly under qa: "index" of qa.index.store."""
    return name.split(".")[1] if "." in name else ""


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "qa" else "app"


def floor(name: str) -> int:
    return TOP if name in ("", "app", "__init__", "__main__", "commands") else FLOORS[name]


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_every_module_stands_on_a_known_floor_and_imports_only_downwards(path: Path):
    here = room_of(path)
    for name in imported(path):
        if name.split(".")[0] != "qa":
            continue
        there = room(name)
        if there == here or floor(there) == floor(here) in (GROUND, TOP):
            continue
        assert floor(there) < floor(here), f"{relative(path)} imports {name}"
        if here == "view":
            assert floor(there) == GROUND, f"{relative(path)} imports {name}; a view knows the records alone"


@pytest.mark.parametrize("library", ONLY_IN)
def test_heavy_libraries_are_known_to_the_modules_named_here_alone(library: str):
    users = {relative(path) for path in MODULES for name in imported(path) if name.split(".")[0] == library}
    assert users == ({ONLY_IN[library]} if isinstance(ONLY_IN[library], str) else ONLY_IN[library])


def test_widgets_are_known_to_the_page_alone():
    users = {path for path in MODULES for name in imported(path) if name.split(".")[0] == "streamlit"}
    assert users <= set(PAGE)
    users = {path for path in MODULES for name in imported(path) if name.split(".")[0] == "page"}
    assert users <= set(PAGE)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_nothing_that_could_run_foreign_code_is_loaded(path: Path):
    assert NEVER.isdisjoint(name.split(".")[0] for name in imported(path))
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.keyword) and node.arg in ("trust_remote_code", "allow_pickle"):
            assert isinstance(node.value, ast.Constant) and node.value.value is False, node.arg
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("eval", "exec", "torch.load", "__import__"), called


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_signatures_name_their_parameters(path: Path):
    open_ended = [
        node.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.args.kwarg is not None
    ]
    assert open_ended == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_short_and_says_what_it_is(path: Path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    if text.strip():  # an empty __init__.py says nothing
        first = (ast.get_docstring(tree(path)) or "").split("\n")[0]
        assert first and first[-1] in ".:;"
