"""The public face: which names there are, and how little is loaded to show them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import qa

# Prints which of the libraries named by its arguments are loaded.
LOADED = "print(sorted({name.split('.')[0] for name in sys.modules} & set(sys.argv[1:])))"


def test_public_names_are_exactly_these():
    assert sorted(qa.__all__) == [
        "Answer",
        "Archive",
        "ArchiveError",
        "Article",
        "AskSettings",
        "AsyncArchive",
        "BuildReport",
        "ForgetReport",
        "Hit",
        "IndexSettings",
        "NO_DAY",
        "Overview",
        "Passage",
        "Progress",
        "QAError",
        "Reply",
        "Retriever",
        "build",
        "check",
        "forget",
        "open",
    ]
    assert dir(qa) == sorted(qa.__all__)


@pytest.mark.parametrize("name", sorted(set(qa.__all__) - {"NO_DAY", "open"}))
def test_every_public_name_is_what_it_says(name: str):
    assert getattr(qa, name).__name__ == name


def test_no_day_prints_as_it_is_written():
    assert repr(qa.NO_DAY) == "NO_DAY"


def test_open_is_the_constructor_of_an_archive():
    assert qa.open == qa.Archive.open


def test_the_old_name_of_archive_still_works_and_warns():
    with pytest.warns(DeprecationWarning, match="qa.NewsQA is now called qa.Archive"):
        old = qa.NewsQA
    assert old is qa.Archive
    assert "NewsQA" not in dir(qa)


def test_editors_and_type_checkers_see_every_public_name():
    """The names under TYPE_CHECKING, which only such tools read, are those that are loaded when asked for."""
    tree = ast.parse(Path(qa.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    assert ast.unparse(block.test) == "TYPE_CHECKING"
    homes = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert homes == qa._HOMES
    assert homes.keys() | {"open"} == set(qa.__all__)
    assert Path(qa.__file__).with_name("py.typed").is_file()


def test_unknown_names_are_refused_as_python_does_it():
    with pytest.raises(AttributeError, match="module 'qa' has no attribute 'anser'"):
        qa.anser  # noqa: B018


def test_importing_the_package_loads_no_heavy_library(run_python):
    heavy = [
        "numpy",
        "torch",
        "transformers",
        "openvino",
        "faiss",
        "pyarrow",
        "streamlit",
        "bm25s",
        "tokenizers",
    ]
    assert run_python(f"import sys, qa\n{LOADED}", *heavy) == "[]"


def test_warm_question_needs_no_library_but_those_that_answer_it(run_python, sample_index: Path, sample_news):
    program = "\n".join(
        [
            "import sys, qa",
            "reply = qa.open(sys.argv.pop(1)).ask('Who visited North Korea?')",
            "assert reply.hits",
            LOADED,
        ]
    )
    heavy = ["torch", "transformers", "sentence_transformers", "nncf", "dateparser", "trafilatura"]
    heavy += ["streamlit", "pandas", "scipy", "bm25s"]  # a fifth of a second, and a tenth
    assert run_python(program, str(sample_index), *heavy) == "[]"


def test_question_on_the_command_line_loads_neither_the_readers_of_articles_nor_the_library_of_servers(
    run_python, sample_index: Path
):
    program = "\n".join(
        [
            "import sys",
            "from typer.testing import CliRunner",
            "import qa.cli.app",
            "runner = CliRunner()",
            "asked = ['ask', 'Which canal did the Ever Given block?', '--index', sys.argv.pop(1)]",
            "result = runner.invoke(qa.cli.app.app, asked)",
            "assert 'Suez Canal' in result.output, result.output",
            "print(sorted(set(sys.modules) & set(sys.argv[1:])))",
        ]
    )
    apart = ["qa.ingest.articles", "qa.ingest.formats", "asyncio", "qa.doors.http_app"]  # a fifth of a second
    assert run_python(program, str(sample_index), *apart) == "[]"
