"""What a build does with new, changed, removed, repeated and unreadable articles."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import qa
from qa.errors import IndexDamaged, IndexMismatch, InputError
from qa.index.engine import ignore_progress
from qa.index.local.generation import MANIFEST, read_manifest
from qa.index.local.store import Store
from qa.index.local.vectors import Vectors
from qa.maintain.build import gather


def ids(retriever: qa.Retriever) -> set[str]:
    """Return the ids of all articles that a wide search brings."""
    return {hit.passage.article.id for hit in retriever.search("people", 100)}


def test_first_build_embeds_every_passage_with_title_and_date(news, build_small, embedder):
    report = build_small(news)
    assert (report.articles, report.passages, report.embedded, report.added) == (4, 4, 4, 4)
    assert (report.removed, report.duplicates, report.near_duplicates, report.skipped) == (0, 0, 0, ())
    assert embedder.embedded[0] == (
        "Shoigu visits North Korea (25 July 2023)\n"
        "Sergei Shoigu visited North Korea with 30 officers. He met Kim Jong Un in Pyongyang."
    )


def test_vector_of_every_passage_is_that_of_its_text(tmp_path: Path, news, build_small, embedder):
    build_small(news, passage_tokens=10)
    report = build_small([news[3], news[0], {**news[1], "title": "Changed"}], passage_tokens=10)
    assert (report.passages, report.embedded) == (6, 2)
    folder = tmp_path / "index" / read_manifest(tmp_path / "index").generation
    store, vectors = Store.open(folder), Vectors.open(folder)
    for number in range(store.passages):
        passage = store.passage(number)
        day = {"visit": " (25 July 2023)", "quake": " (6 February 2023)"}.get(passage.article.id, "")
        expected = embedder.embed_question(f"{passage.article.title}{day}\n{passage.text}")
        assert np.array_equal(vectors.take(np.array([number]))[0], expected)


def test_unchanged_articles_are_not_embedded_again(news, build_small, embedder, open_small):
    build_small(news)
    expected = [(hit.passage, hit.score) for hit in open_small().search("people")]
    embedder.embedded.clear()
    report = build_small(news)
    assert embedder.embedded == []
    assert (report.articles, report.embedded, report.added, report.removed) == (4, 0, 0, 0)
    assert [(hit.passage, hit.score) for hit in open_small().search("people")] == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "Another title"), ("text", "One more sentence of a few words."), ("date", "2023-07-26")],
)
def test_only_changed_articles_are_embedded_again(news, build_small, embedder, open_small, field, value):
    build_small(news)
    embedder.embedded.clear()
    news[0][field] = value
    report = build_small(news)
    assert len(embedder.embedded) == 1
    assert (report.articles, report.embedded, report.added, report.removed) == (4, 1, 1, 0)
    article = open_small().article("visit")
    assert value in (article.title, article.text, str(article.published.date()))


def test_new_source_and_tags_are_taken_over_without_embedding(news, build_small, embedder, open_small):
    build_small(news)
    embedder.embedded.clear()
    build_small([news[0] | {"source": "Tass", "tags": ["Visit"]}])
    assert embedder.embedded == []
    article = open_small().article("visit")
    assert (article.source, article.tags) == ("Tass", ("Visit",))


def test_removed_articles_vanish(news, build_small, open_small):
    build_small(news)
    report = build_small(news[1:])
    assert (report.articles, report.removed, report.embedded) == (3, 1, 0)
    assert ids(open_small()) == {"quake", "ship", "undated"}


def test_adding_keeps_what_is_there_and_replaces_what_comes_anew(news, build_small, embedder, open_small):
    build_small(news[:3])
    embedder.embedded.clear()
    report = build_small([news[0] | {"title": "A new title"}, news[3]], add=True)
    assert (report.articles, report.embedded, report.added, report.removed) == (4, 2, 2, 0)
    assert ids(open_small()) == {"visit", "quake", "ship", "undated"}
    assert open_small().article("visit").title == "A new title"


def test_adding_to_nothing_is_a_first_build(news, build_small):
    assert build_small(news[:1], add=True).articles == 1


@pytest.mark.parametrize("fault", [IndexDamaged, IndexMismatch])
def test_adding_to_an_index_that_cannot_be_read_loses_nothing(
    tmp_path: Path, news, build_small, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
):
    build_small(news[:3])
    index = tmp_path / "index"
    before = {path: path.read_bytes() for path in index.rglob("*") if path.is_file()}
    if fault is IndexDamaged:
        (index / MANIFEST).write_bytes(b"{")
    else:
        monkeypatch.setattr("qa.index.local.generation.OLDEST", 99)
    with pytest.raises(fault):
        build_small(news[3:], add=True)
    (index / MANIFEST).write_bytes(before[index / MANIFEST])
    assert {path: path.read_bytes() for path in before} == before


def test_index_of_another_embedder_is_embedded_anew(tmp_path: Path, news, build_small, other_embedder):
    build_small(news)
    report = qa.build([tmp_path / "articles.jsonl"], tmp_path / "index", embedder=other_embedder)
    assert (report.articles, report.embedded, report.added) == (4, 4, 0)
    assert read_manifest(tmp_path / "index").embedder == "other words"


def test_other_passage_sizes_are_cut_and_embedded_anew(news, build_small, embedder):
    assert build_small(news).passages == 4
    embedder.embedded.clear()
    assert build_small(news, passage_tokens=10).embedded == 8
    assert len(embedder.embedded) == 8


def test_exact_repeats_go_in_once(news, build_small, embedder):
    without_id = {name: value for name, value in news[0].items() if name != "id"}
    report = build_small([without_id, news[1], without_id, without_id])
    assert (report.articles, report.duplicates) == (2, 2)
    assert len(embedder.embedded) == 2


def test_near_copies_are_kept_and_linked(news, build_small, open_small):
    twin = news[0] | {"id": "twin", "text": f"{news[0]['text']} Reuters.", "source": "Reuters"}
    report = build_small([*news, twin])
    assert (report.articles, report.near_duplicates) == (5, 2)
    hits = {hit.passage.article.id: hit for hit in open_small().search("Who visited North Korea?")}
    assert [copy.id for copy in hits["visit"].near_duplicates] == ["twin"]
    assert [copy.id for copy in hits["twin"].near_duplicates] == ["visit"]
    assert hits["quake"].near_duplicates == ()


def test_what_is_no_article_is_skipped_with_its_place_and_shown_later(
    tmp_path: Path, news, build_small, open_small
):
    report = build_small([news[0], {"id": "empty", "title": "Only a title"}, {"text": "Word"}])
    assert report.articles == 1
    assert [skipped.where for skipped in report.skipped] == [
        f"{tmp_path / 'articles.jsonl'}:{line}" for line in (2, 3)
    ]
    assert open_small().overview().skipped == report.skipped


def test_nothing_readable_is_an_error_that_keeps_the_old_index(news, build_small, open_small):
    build_small(news)
    with pytest.raises(InputError, match="no article in the input"):
        build_small([{"title": "Only a title"}])
    assert ids(open_small()) == {"visit", "quake", "ship", "undated"}


def test_empty_folder_and_missing_path_are_reported(tmp_path: Path, embedder):
    (tmp_path / "empty").mkdir()
    for place in ("empty", "nowhere"):
        with pytest.raises(InputError) as told:
            qa.build([tmp_path / place], tmp_path / "index", embedder=embedder)
        assert str(tmp_path / place) in str(told.value)
    assert not (tmp_path / "index" / MANIFEST).exists()


def test_relative_ages_count_from_as_of(tmp_path: Path, embedder, news):
    path = tmp_path / "news.txt"
    path.write_text(f"Shoigu visits North Korea\n3 days ago\n\n{news[0]['text']}\n")
    moment = datetime(2023, 7, 28, 9, tzinfo=UTC)
    qa.build([path], tmp_path / "index", as_of=moment, embedder=embedder)
    (hit,) = qa.Retriever.open(tmp_path / "index", embedder=embedder).search("Shoigu")
    assert hit.passage.article.published == datetime(2023, 7, 25, 9, tzinfo=UTC)
    assert hit.passage.article.approximate_to == "day"


def test_five_megabytes_of_one_article_are_indexed_to_the_last_sentence(news, build_small, open_small):
    text = "Nothing of note happened in the town. " * 140_000 + "Then Zebulon arrived."
    report = build_small([news[0] | {"text": text}], passage_tokens=200)
    assert report.articles == 1
    (hit,) = open_small().search("Zebulon", 1)
    assert hit.passage.text.endswith("Then Zebulon arrived.")
    assert hit.passage.end == len(hit.passage.article.text) > 5_000_000


def test_progress_reports_every_stage_to_its_end(tmp_path: Path, news, build_small, embedder):
    build_small(news)
    told: list[qa.Progress] = []
    inputs = [tmp_path / "articles.jsonl"]
    qa.build(inputs, tmp_path / "other", embedder=embedder, progress=told.append)
    last = {progress.stage: progress for progress in told}
    assert list(last) == ["reading", "cutting", "embedding", "writing", "linking near-duplicates"]
    for stage in ("cutting", "embedding", "writing"):
        assert (last[stage].done, last[stage].total) == (4, 4)


def test_build_says_what_most_articles_lack_and_what_was_guessed(tmp_path):
    rows = "".join(f"Lamp {n},2023-05-0{n},Lamp {n} fell into the sea on Monday and nobody was hurt.,A1\n"
                   for n in range(1, 6))  # fmt: skip
    (tmp_path / "a.csv").write_text(f"headline,when,story,desk\n{rows}")
    found = gather([tmp_path / "a.csv"], None, None, ignore_progress)
    assert [str(note) for note in found.notes] == [
        "5 of 5 articles lack a source; if a column holds it, name it with --map source=COLUMN "
        "(there are: desk).",
        f"{tmp_path}/a.csv: taken as date: when.",
    ]


BUS = {
    "id": "bus",
    "title": "Bus burns in Elden",
    "text": "Twelve people died when a bus burned.",
    "date": "2023-05-01",
}


def versions_found(retriever: qa.Retriever) -> dict[str, str | None]:
    hits = retriever.search("people died when a bus burned", 10)
    return {
        h.passage.article.text: h.newer_version and h.newer_version.text
        for h in hits
        if "bus" in h.passage.text
    }


def test_text_that_is_replaced_under_its_id_stays_findable_and_names_the_newer_one(
    news, build_small, embedder, open_small
):
    mended = BUS | {"text": "Fourteen people died when a bus burned."}
    build_small([*news, BUS])
    embedder.embedded.clear()
    report = build_small([mended], add=True)
    assert (report.articles, report.added, report.removed, report.embedded) == (6, 1, 0, 1)
    assert versions_found(open_small()) == {BUS["text"]: mended["text"], mended["text"]: None}
    assert open_small().article("bus").text == mended["text"]
    assert build_small([mended], add=True).added == 0
    build_small([*news, BUS, mended])
    assert versions_found(open_small()) == {BUS["text"]: mended["text"], mended["text"]: None}


def test_text_of_the_same_address_is_a_newer_version_however_much_of_it_changed(build_small, open_small):
    old = BUS | {"id": "", "url": "https://e.example/bus"}
    new = old | {"title": "What is known", "text": "The bus had no brakes, as a report says now of the fire."}
    build_small([new, old])
    assert versions_found(open_small()) == {new["text"]: old["text"], old["text"]: None}
    build_small([new | {"date": "2023-05-03"}, old])
    assert versions_found(open_small()) == {old["text"]: new["text"], new["text"]: None}
