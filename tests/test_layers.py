"""The house rules that a machine can check: who imports whom, and what no module may hold."""

from __future__ import annotations

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ("qa", "training", "benchmarks")
MODULES = sorted([ROOT / "app.py", *(path for part in HOUSE for path in (ROOT / part).rglob("*.py"))])
SHIPPED = [path for path in MODULES if path.relative_to(ROOT).parts[0] in ("app.py", "qa")]

# Each room and the rooms that it may import, lowest first; a room may import its own modules and those of
# the rooms named here, nothing else. A module belongs to the longest name that fits it.
GROUND = "qa.checks qa.disk qa.errors qa.records qa.reports qa.settings qa.shipped qa.small_json"
ALLOWED = {
    "qa.checks": "",  # the types of what a program gives
    "qa.errors": "",
    "qa.disk": "qa.errors",  # writing where it may fail
    "qa.records": "",
    "qa.reports": "qa.records",  # what jobs did
    "qa.settings": "qa.shipped",
    "qa.shipped": "",  # where what comes with the code lies, in a clone and in a wheel
    "qa.small_json": "qa.disk",  # small files that anybody may have written, read within limits
    "qa.text": "qa.errors",  # sentences, names, numbers, dates; knows no article
    "qa.words": "qa.records qa.reports",  # records as plain words, for every place that people read
    "qa.questions": "qa.errors qa.small_json",  # a file of questions -> the questions
    "qa.models": "qa.disk qa.errors qa.settings qa.shipped qa.small_json",  # weights -> arrays, no article
    "qa.passages": "qa.records qa.settings qa.text",  # article -> passages, header, identity
    "qa.news": "qa.records qa.text",  # claims: agreement, standing, times
    "qa.export_csv": "qa.records qa.text",  # replies -> CSV
    "qa.export": "qa.records qa.text qa.words qa.export_csv",  # reply -> JSON, Markdown, CSV
    "qa.citation": "qa.records qa.text qa.words",  # answer -> its quote with its source, to be pasted
    "qa.ingest": f"{GROUND} qa.text qa.passages",  # files and feeds -> articles
    "qa.index": f"{GROUND} qa.models qa.passages qa.ingest",  # the contract, and what engines share
    "qa.index.local": f"{GROUND} qa.models qa.passages qa.ingest qa.index",
    "qa.index.milvus": f"{GROUND} qa.models qa.passages qa.ingest qa.index",
    "qa.index.backends": f"{GROUND} qa.index qa.index.local qa.index.milvus",  # address -> engine
    "qa.retrieve": f"{GROUND} qa.text qa.models qa.news qa.index qa.index.backends",  # question -> hits
    "qa.read": f"{GROUND} qa.text qa.models qa.passages qa.news",  # question and hits -> answers
    # topic -> what happened, day by day, in exact sentences
    "qa.brief": f"{GROUND} qa.text qa.words qa.export qa.news qa.retrieve",
    # questions that are asked again when news comes in: what is kept, what changed
    "qa.follow": f"{GROUND} qa.text qa.words qa.news qa.index.backends",
    "qa.many": "qa.errors qa.records qa.retrieve",  # many questions in batches
    "qa.archive": f"{GROUND} qa.text qa.brief qa.follow qa.many qa.index qa.index.backends "
    "qa.retrieve qa.read",
    "qa.maintain": f"{GROUND} qa.text qa.models qa.passages qa.ingest qa.index qa.index.backends qa.follow",
    "qa.evaluate": f"{GROUND} qa.text qa.news qa.retrieve qa.read qa.archive",
    "qa.calibrate": f"{GROUND} qa.text qa.news qa.retrieve qa.read qa.archive qa.evaluate",  # -> confidences
    "qa": "",  # the public face; it names the others as text and loads them when they are asked for
    "qa.doors": f"{GROUND} qa qa.text qa.words qa.brief qa.follow qa.export qa.ingest qa.retrieve qa.many "
    "qa.archive qa.maintain",
    # parts of other people's pipelines
    "qa.integrations": f"{GROUND} qa qa.words qa.retrieve qa.read qa.archive",
    "qa.cli": f"{GROUND} qa qa.text qa.words qa.brief qa.follow qa.questions qa.export qa.models qa.index "
    "qa.index.backends qa.retrieve qa.archive qa.maintain qa.evaluate qa.calibrate qa.doors",
    "qa.__main__": "qa.cli",
    "qa.page.html": f"{GROUND} qa.text qa.words qa.citation qa.brief qa.follow qa.retrieve",  # no Streamlit
    "qa.page": f"{GROUND} qa qa.text qa.words qa.brief qa.follow qa.questions qa.export qa.ingest qa.index "
    "qa.index.backends qa.retrieve qa.read qa.archive qa.maintain qa.doors qa.page.html",
    "app": "qa.page qa.page.html",
    "benchmarks": f"{GROUND} qa qa.text qa.models qa.passages qa.news qa.ingest qa.index qa.index.local "
    "qa.index.milvus qa.index.backends qa.retrieve qa.read qa.brief qa.archive qa.maintain qa.evaluate "
    "qa.calibrate qa.doors qa.cli",
    "training": f"{GROUND} qa qa.text qa.models qa.passages qa.news qa.ingest qa.index qa.index.local "
    "qa.index.backends qa.retrieve qa.read qa.archive qa.maintain qa.evaluate qa.calibrate qa.cli benchmarks",
}
PLANNED: set[str] = set()  # rooms whose place is settled and whose modules are still to come

ONLY_IN = {
    "faiss": {"qa/index/local/vectors.py"},
    "xxhash": {"qa/index/local/checksums.py"},
    "bm25s": {"qa/index/local/postings.py"},
    "Stemmer": {"qa/index/local/postings.py", "qa/index/analyzer.py"},
    "pymilvus": {"qa/index/milvus/connection.py"},
    "openvino": {"qa/models/openvino_runtime.py", "qa/models/bert_graph.py"},
    "torch": {"qa/models/torch_runtime.py", "qa/models/pretrained.py"},  # the second for its types
    "transformers": {"qa/models/pretrained.py"},
    "sentence_transformers": {"qa/models/pretrained.py"},
    "matplotlib": {"qa/evaluate/picture.py"},
    "haystack": {"qa/integrations/haystack.py"},
    "langchain_core": {"qa/integrations/langchain.py"},
    "fastapi": {"qa/doors/http_app.py"},
    "starlette": {"qa/doors/http_app.py", "qa/page/site.py"},
    "uvicorn": {"qa/doors/server.py"},
    "h11": {"qa/doors/server.py"},
    "mcp": {"qa/doors/mcp_server.py"},
    "pydantic": {
        "qa/doors/bodies.py",
        "qa/doors/citations.py",
        "qa/doors/mcp_server.py",
        "qa/doors/shapes.py",
        "qa/integrations/langchain.py",
    },
}
# Short modules and why they stand alone; all others have at least 35 lines.
SHORT = {
    "benchmarks.browsers": "what needs a browser must not need it where only a server is started",
    "benchmarks.peers.weights": "two peers need the same weights, and not each other",
    "qa.read.leading": "which passages are read to the end is a rule that a test sees without a model",
    "qa.page.article_view": "each view is a module",
    "qa.page.errors": "every view needs it, and nothing else of another view",
    "qa.page.html.brief": "each template has its module",
    "qa.page.html.following": "each template has its module",
    "qa.page.html.escaping": "one rule, for the texts that do not go through a template",
    "qa.__main__": "Python starts a file",
    "qa.calibrate.report": "alone knows the terminal, which nobody needs who fits from Python",
    "qa.index.analyzer": "both engines must count alike, and neither may import the other",
    "qa.index.disk": "both engines say the same of a full disk, and neither may import the other",
    "qa.index.cutting": "both engines must cut alike, and neither may import the other",
    "qa.ingest.documents.opendocument": "each format is a module",
    "qa.ingest.parquet_sizes": "the page asks it before it keeps a file, without the readers of tables",
    "qa.ingest.raw": "the record that every format makes, below all of them",
    "qa.read.candidate": "the record that reader, evidence and fitting exchange",
    "qa.doors.lines": "read and tried without the mcp library",
    "qa.follow.wording": "the feed, the page and the command line say a change alike",
    "qa.read.shown": "the archive needs it, and neither reading nor judging does",
    "qa.retrieve.floor": "briefs and the page's search ask it, and share nothing else",
    "qa.retrieve.names": "the retriever makes them, and follow-ups take any set of names",
    "qa.text.display": "export, templates and terminal show text by it, and share nothing else",
    "qa.text.normalization": "names, values and evidence compare words by it",
}
NEVER = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {dotted(path): path for path in MODULES}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Full names of what a file imports, also inside functions and for types alone."""
    names: list[str] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)}:{node.lineno} imports relatively"
            # "from qa.page.html import cards" names a module, "from qa.text.dates import x" a name in one.
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(names)


def docstrings(path: Path) -> set[str | None]:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return {ast.get_docstring(node, clean=False) for node in ast.walk(tree(path)) if isinstance(node, kinds)}


def own_modules(path: Path) -> set[str]:
    """Return the modules of this repository that a file imports."""
    found = set()
    for name in imported(path):
        outer = name.rpartition(".")[0]
        if name in NAMES or outer in NAMES:
            found.add(name if name in NAMES else outer)
    return found - {dotted(path)}


def room_of(name: str) -> str:
    rooms = [room for room in ALLOWED if name == room or name.startswith(f"{room}.")]
    assert rooms, f"{name} belongs to no room of the table"
    room = max(rooms, key=len)
    # The face is one file: what lies loose in qa/ needs a row of its own.
    assert room != "qa" or name == "qa", f"{name} belongs to no room of the table"
    return room


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_every_module_has_a_room_and_imports_only_the_rooms_that_its_row_allows(path: Path):
    if dotted(path) == "qa":
        return  # the face names every room; the next test keeps it lazy
    here = room_of(dotted(path))
    for name in own_modules(path):
        there = room_of(name)
        assert there == here or there in ALLOWED[here].split(), f"{relative(path)} imports {name}"


def test_the_face_imports_nothing_of_the_house_when_it_is_imported():
    at_once = [
        node
        for node in tree(ROOT / "qa" / "__init__.py").body
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not [node for node in at_once if ast.unparse(node).startswith(("from qa", "import qa"))]


def test_rows_name_known_rooms_and_form_no_circle():
    rows = {room: set(allowed.split()) for room, allowed in ALLOWED.items()}
    assert set().union(*rows.values()) <= rows.keys()
    TopologicalSorter(rows).prepare()
    filled = {room_of(name) for name in NAMES}
    assert filled.isdisjoint(PLANNED), "a room that has modules is planned no more"
    assert filled | PLANNED == rows.keys()


def test_no_modules_import_each_other_in_a_circle():
    graph = {name: own_modules(path) for name, path in NAMES.items() if name != "qa"}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as fault:
        pytest.fail(" imports ".join(fault.args[1]))


@pytest.mark.parametrize("library", ONLY_IN)
def test_heavy_libraries_are_known_to_the_modules_named_here_alone(library: str):
    users = {relative(path) for path in SHIPPED for name in imported(path) if name.split(".")[0] == library}
    assert users == ONLY_IN[library]


def test_widgets_are_known_to_the_page_alone_and_not_to_its_html():
    users = {dotted(path) for path in SHIPPED for name in imported(path) if name.split(".")[0] == "streamlit"}
    assert {room_of(name) for name in users} == {"app", "qa.page"}


@pytest.mark.parametrize("path", SHIPPED, ids=relative)
def test_nothing_that_could_run_foreign_code_is_loaded(path: Path):
    assert NEVER.isdisjoint(name.split(".")[0] for name in imported(path))
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.keyword) and node.arg in ("trust_remote_code", "allow_pickle"):
            assert isinstance(node.value, ast.Constant) and node.value.value is False, node.arg
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("eval", "exec", "torch.load", "__import__"), called


@pytest.mark.parametrize("path", SHIPPED, ids=relative)
def test_signatures_name_their_parameters(path: Path):
    open_ended = [
        node.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.args.kwarg is not None
    ]
    assert open_ended == []


ASKS = {"ask", "ask_each", "ask_many", "search", "brief", "make_brief", "query_of"}
# The names that benchmarks and training give to an archive.
ARCHIVES = {"archive", "news", "_news", "retriever", "of"}


def test_what_is_measured_names_its_day_of_asking_or_none():
    calls = [
        (f"{relative(path)}:{node.lineno}", {keyword.arg for keyword in node.keywords})
        for path in MODULES
        if path.relative_to(ROOT).parts[0] in ("benchmarks", "training")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and (name := ast.unparse(node.func).split("."))[-1] in ASKS
        and (name[-1] in ("query_of", "make_brief") or (len(name) > 1 and name[-2] in ARCHIVES))
    ]
    assert len(calls) >= 20  # the names above are still those of the code
    assert [
        place for place, given in calls if "as_of" not in given
    ] == []  # figures must not change with the calendar


def test_cures_name_the_command_and_its_libraries_as_they_are_where_it_runs():
    written = [
        f"{relative(path)}:{node.lineno}"
        for path in SHIPPED
        if dotted(path) != "qa.shipped"  # the only module that knows how it was installed
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"python -m qa |news-qa\[|install -r", node.value)
        and node.value not in docstrings(path)
    ]
    assert written == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_short_and_says_what_it_is(path: Path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    if text.strip():  # an empty __init__.py says nothing
        first = (ast.get_docstring(tree(path)) or "").split("\n")[0]
        assert first and first[-1] in ".:;"


def test_what_is_shorter_than_35_lines_has_a_reason_to_stand_alone():
    short = {
        dotted(path)
        for path in MODULES
        if path.name != "__init__.py" and len(path.read_text(encoding="utf-8").splitlines()) < 35
    }
    assert short == SHORT.keys()


def test_no_f_string_holds_a_literal():
    """In an f-string ``{0,40}`` becomes a tuple, so the pattern matches nothing and no error is raised."""
    found = [
        f"{relative(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FormattedValue)
        and all(isinstance(part, (ast.Constant, ast.Tuple, ast.Load)) for part in ast.walk(node.value))
    ]
    assert found == []


def test_every_name_that_is_imported_from_our_own_modules_is_there():
    """Imports inside functions, too: benchmarks load what is heavy late, and no test runs them all."""
    missing = []
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ImportFrom) or node.level or node.module is None:
                continue
            place = ROOT.joinpath(*node.module.split("."))
            source = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
            if not source.is_file():
                continue  # from another package
            text = source.read_text(encoding="utf-8")
            missing += [
                f"{relative(path)}: {node.module}.{one.name}"
                for one in node.names
                if not (place / one.name).exists()
                and not (place / f"{one.name}.py").is_file()
                and not re.search(rf"\b{re.escape(one.name)}\b", text)
            ]
    assert missing == []
