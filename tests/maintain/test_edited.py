"""A file that brings no id is edited and added again: its newest text answers, and names the earlier one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import qa
from qa.errors import InputError
from qa.maintain.edited import FILE
from qa.settings import IndexSettings

FORTY = (
    "Ferry to Elden gets dearer\n\nThe ferry to Elden costs 40 crowns from May on, the harbour office said."
)
FIFTY = FORTY.replace("40 crowns", "55 crowns")
SIXTY = FORTY.replace("40 crowns", "60 crowns")
OTHER = "Council meets\n\nThe council of Elden met on the square to talk about nothing but trees and benches."


@pytest.fixture
def build(tmp_path: Path, embedder):
    """Give what builds an index of files, and adds to it unless told otherwise."""

    def build_(*files: Path, index: Path = tmp_path / "index", add: bool = True) -> qa.BuildReport:
        settings = IndexSettings(embedder="words", passage_tokens=40, overlap_tokens=0)
        return qa.build(files, index, settings=settings, embedder=embedder, add=add)

    return build_


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def prices(index: Path | str, embedder) -> dict[str, str | None]:
    """Return the price in each text about the ferry, and the one of the text that took its place."""
    settings = qa.AskSettings()
    retriever = qa.Retriever.open(index, settings=settings, embedder=embedder)
    found = {hit.passage.article.id: hit for hit in retriever.search("ferry to Elden crowns", 20)}
    return {
        price(hit.passage.article): None if hit.newer_version is None else price(hit.newer_version)
        for hit in found.values()
        if "ferry" in hit.passage.article.text
    }


def price(article: qa.Article) -> str:
    return article.text.partition(" crowns")[0][-2:]


PAGE = "<html><head><title>Ferry</title></head><body><article><h1>{}</h1><p>{}</p></article></body></html>"


@pytest.mark.parametrize("name", ["ferry.txt", "ferry.html"])
def test_newest_text_of_an_edited_file_counts_and_earlier_ones_are_marked(tmp_path, build, embedder, name):
    def form(text: str) -> str:
        title, _, body = text.partition("\n\n")
        return PAGE.format(title, body) if name.endswith("html") else text

    file, other = written(tmp_path / "in" / name, form(FORTY)), written(tmp_path / "in/other.txt", OTHER)
    build(tmp_path / "in")
    written(file, form(FIFTY))
    report = build(tmp_path / "in")
    assert (report.articles, report.added, report.removed) == (3, 1, 0)
    assert prices(tmp_path / "index", embedder) == {"40": "55", "55": None}
    assert build(tmp_path / "in").added == 0
    written(file, form(SIXTY))
    assert build(file, other).articles == 4
    assert prices(tmp_path / "index", embedder) == {"40": "60", "55": "60", "60": None}
    written(file, form(FORTY))  # taken back
    build(file)
    assert prices(tmp_path / "index", embedder) == {"40": None, "55": "40", "60": "40"}


def test_edited_file_is_told_in_milvus_too(tmp_path, build, embedder, lite):
    file = written(tmp_path / "in/ferry.txt", FORTY)
    build(file, index=lite)
    written(file, FIFTY)
    build(file, index=lite)
    assert prices(lite, embedder) == {"40": "55", "55": None}


def test_files_of_one_name_in_two_folders_are_two_articles(tmp_path, build, embedder):
    build(written(tmp_path / "a/ferry.txt", FORTY))
    build(written(tmp_path / "b/ferry.txt", FIFTY))
    assert prices(tmp_path / "index", embedder) == {"40": None, "55": None}


def test_text_that_another_file_still_says_is_no_earlier_one(tmp_path, build, embedder):
    file = written(tmp_path / "in/ferry.txt", FORTY)
    build(file)
    written(tmp_path / "in/copy.txt", FORTY)
    written(file, FIFTY)
    for _ in range(2):
        assert build(tmp_path / "in").articles == 2
        assert prices(tmp_path / "index", embedder) == {"40": None, "55": None}


def test_file_whose_old_text_another_file_holds_too_is_not_recognised(tmp_path, build, embedder):
    file = written(tmp_path / "a/ferry.txt", FORTY)
    build(file)
    build(written(tmp_path / "b/ferry.txt", FORTY))
    build(written(file, FIFTY))
    assert prices(tmp_path / "index", embedder) == {"40": None, "55": None}


def test_old_text_that_comes_in_from_elsewhere_stays_the_earlier_one(tmp_path, build, embedder):
    file = written(tmp_path / "in/ferry.txt", FORTY)
    build(file)
    build(written(file, FIFTY))
    assert build(written(tmp_path / "backup/ferry.txt", FORTY)).added == 0
    assert prices(tmp_path / "index", embedder) == {"40": "55", "55": None}


def test_folder_that_was_moved_brings_nothing_new(tmp_path, build, embedder):
    file = written(tmp_path / "in/ferry.txt", FORTY)
    build(file)
    build(written(file, FIFTY))
    shutil.move(tmp_path / "in", tmp_path / "elsewhere")
    assert build(tmp_path / "elsewhere").added == 0
    assert prices(tmp_path / "index", embedder) == {"40": "55", "55": None}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A file that is written anew every day, under the same heading.
        ("News\n\nThe ferry to Elden costs 40 crowns from May on.",
         "News\n\nNobody knows what any ferry between these islands will ask, maybe 55 crowns."),
        ("Ferry prices\n\n3 May 2023\n\nThe ferry to Elden costs 40 crowns today.",
         "Ferry prices\n\n4 May 2023\n\nThe ferry to Elden costs 55 crowns today."),
    ],
)  # fmt: skip
def test_file_with_another_report_in_it_takes_no_place(tmp_path, build, embedder, before, after):
    file = written(tmp_path / "in/today.txt", before)
    build(file)
    build(written(file, after))
    assert prices(tmp_path / "index", embedder) == {"40": None, "55": None}


def test_file_of_many_articles_is_told_by_their_ids_alone(tmp_path, build, embedder):
    rows = [{"title": "Ferry", "text": FORTY}, {"title": "Council", "text": OTHER}]
    file = written(tmp_path / "in/rows.jsonl", "\n".join(map(json.dumps, rows)))
    build(file)
    assert not (tmp_path / "index" / FILE).exists()
    build(written(file, file.read_text().replace("40 crowns", "55 crowns")))
    assert prices(tmp_path / "index", embedder) == {"40": None, "55": None}


def test_build_without_add_knows_only_what_its_files_say(tmp_path, build, embedder):
    file = written(tmp_path / "in/ferry.txt", FORTY)
    build(file)
    build(written(file, FIFTY))
    build(file, add=False)
    assert prices(tmp_path / "index", embedder) == {"55": None}
    build(written(file, SIXTY))
    assert prices(tmp_path / "index", embedder) == {"55": "60", "60": None}


def test_no_path_is_kept_and_an_index_without_the_list_is_added_to(tmp_path, build, embedder):
    file = written(tmp_path / "secret-folder/ferry.txt", FORTY)
    build(file)
    kept = (tmp_path / "index" / FILE).read_text()
    assert "ferry" not in kept
    assert "secret" not in kept
    (tmp_path / "index" / FILE).unlink()  # as an index of an older version
    build(written(file, FIFTY))
    build(written(file, SIXTY))
    assert prices(tmp_path / "index", embedder) == {"40": None, "55": "60", "60": None}


@pytest.mark.parametrize("kept", ["{", '{"files": 3, "texts": {}}', '{"files": {"a": 1}, "texts": {}}'])
def test_broken_list_of_files_is_named_with_its_cure(tmp_path, build, kept):
    file = written(tmp_path / "in/ferry.txt", FORTY)
    build(file)
    written(tmp_path / "index" / FILE, kept)
    with pytest.raises(InputError, match=r"files\.json: the list of files is broken.*Delete it"):
        build(file)
