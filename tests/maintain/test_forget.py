"""Articles are deleted by id, source and date; the rest answers as if they had never been there."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import qa
from benchmarks.injection import FailingDisk
from qa.errors import ArchiveError, IndexBusy, IndexDamaged, IndexMissing, InputError
from qa.index.forgotten import FILE
from qa.index.local.generation import MANIFEST, read_manifest, writing
from qa.ingest.versions import plain_id
from qa.maintain.forget import let_back

NOW = datetime(2024, 2, 29, 12, tzinfo=UTC)


@pytest.fixture
def index(tmp_path: Path, news, build_small, embedder) -> Path:
    build_small(news)
    embedder.embedded.clear()
    return tmp_path / "index"


def ids(report: qa.ForgetReport) -> list[str]:
    return [one.id for one in report.forgotten]


def everything(index: Path, embedder) -> list[tuple[object, ...]]:
    hits = qa.Retriever.open(index, embedder=embedder).search("Who visited the canal in Turkey?", 100)
    return [(hit.passage, hit.score, hit.bm25) for hit in hits]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"ids": ["quake", "ship"]}, ["quake", "ship"]),
        ({"source": "REUTERS"}, ["quake", "ship"]),
        ({"source": ["Reuters", "CBS news"]}, ["visit", "quake", "ship"]),
        ({"before": "2023"}, ["ship"]),
        ({"before": "2023-02-06"}, ["ship"]),
        ({"before": date(2023, 2, 7)}, ["quake", "ship"]),
        ({"before": datetime(2023, 7, 25, 0, 0, 1, tzinfo=UTC)}, ["visit", "quake", "ship"]),
        ({"older_than": "1y", "now": NOW}, ["quake", "ship"]),
        ({"older_than": "12 months", "now": NOW}, ["quake", "ship"]),
        ({"older_than": "30w", "now": NOW}, ["visit", "quake", "ship"]),
        ({"older_than": "219 days", "now": NOW}, ["visit", "quake", "ship"]),
        ({"older_than": "220d", "now": NOW}, ["quake", "ship"]),
        ({"ids": ["visit", "ship"], "source": "Reuters"}, ["ship"]),
        ({"source": "Reuters", "before": "2022"}, ["ship"]),
    ],
)
def test_articles_that_meet_all_that_is_said_are_forgotten(
    index: Path, news, build_small, embedder, selection, expected
):
    report = qa.forget(index, **selection)
    assert ids(report) == expected
    assert (report.articles, report.passages, report.dry_run) == (4 - len(expected), 4 - len(expected), False)
    assert embedder.embedded == []
    assert qa.check(index).articles == report.articles
    found = everything(index, embedder)
    shutil.rmtree(index)
    build_small([article for article in news if article["id"] not in expected])
    assert everything(index, embedder) == found


def test_dry_run_reports_the_same_and_changes_nothing(index: Path):
    before = (index / MANIFEST).read_bytes()
    with writing(index):  # another writer does not disturb it
        report = qa.forget(index, source="Reuters", dry_run=True)
    assert (ids(report), report.articles, report.passages, report.dry_run) == (["quake", "ship"], 2, 2, True)
    assert (index / MANIFEST).read_bytes() == before
    assert ids(qa.forget(index, source="Reuters")) == ["quake", "ship"]


def test_nothing_that_is_meant_writes_nothing_and_names_unknown_ids(index: Path):
    before = (index / MANIFEST).read_bytes()
    assert ids(qa.forget(index, source="Nobody")) == []
    report = qa.forget(index, ids=["ship", "nowhere"], before="2000")
    assert (ids(report), report.unknown) == ([], ("nowhere",))
    assert (index / MANIFEST).read_bytes() == before


SECRET = "Zebulon Quackenbush paid 77,123 crowns to the harbourmaster of Xanthippe."


def holding(index: Path, *words: str) -> dict[str, list[str]]:
    """Return each word and the files of the folder that hold it, in whatever form it is stored."""
    files = [path for path in index.rglob("*") if path.is_file()]
    found = {
        word: [path.name for path in files if word.lower().encode() in path.read_bytes().lower()]
        for word in words
    }
    return {word: names for word, names in found.items() if names}


@pytest.fixture
def secretive(tmp_path: Path, news, build_small) -> Path:
    """Build an index of several segments; an old and the present version of an article hold the secret."""
    secret = {
        "id": "secret",
        "title": "Quackenbush",
        "text": SECRET,
        "url": "https://example.org/77",
        "source": "S",
    }
    filler = [
        {"id": f"f{n}", "title": f"Report {n}", "text": f"A ship number {n} left the harbour on a quiet day."}
        for n in range(60)
    ]
    build_small([*filler, *news, secret])
    build_small([{**secret, "text": SECRET + " It was raining."}], add=True)
    return tmp_path / "index"


WORDS = (
    "Zebulon",
    "zebulon",
    "Quackenbush",
    "quackenbush",
    "77,123",
    "Xanthippe",
    "xanthipp",
    "example.org/77",
)


def test_no_file_holds_the_text_or_a_word_of_what_was_forgotten(secretive: Path, open_small):
    assert set(holding(secretive, *WORDS)) == set(WORDS)
    report = qa.forget(secretive, ids=["secret"])
    assert (sorted(map(plain_id, ids(report))), report.articles) == (["secret", "secret"], 64)
    assert report.still_read == ()
    assert holding(secretive, *WORDS) == {}
    assert qa.check(secretive).articles == 64
    assert open_small().search("Zebulon", 1)[0].bm25 == 0


def test_text_that_a_rebuild_left_in_a_file_goes_when_its_id_is_named(
    secretive: Path, tmp_path: Path, news, build_small
):
    build_small([{"id": "secret", "title": "T", "text": "Nothing is left of the old report."}], add=True)
    assert holding(secretive, "Zebulon")
    build_small([{"id": "other", "title": "T", "text": "Nothing is left of the old report."}], add=True)
    qa.forget(secretive, ids=["secret"])
    assert holding(secretive, *WORDS) == {}


def test_text_of_an_article_that_a_build_left_out_goes_when_its_id_is_named(index: Path, news, build_small):
    """Nothing that is there is forgotten then, and its text lies in a file that was taken over whole."""
    filler = [
        {"id": f"f{n}", "title": f"Report {n}", "text": f"A ship number {n} left the harbour on a quiet day."}
        for n in range(60)
    ]
    build_small([*filler, *news, {"id": "secret", "title": "Quackenbush", "text": SECRET}])
    build_small([*filler, *news])
    assert holding(index, "Zebulon")
    assert ids(qa.forget(index, ids=["secret"])) == []
    assert holding(index, *WORDS) == {}
    assert qa.check(index).articles == 64


def test_old_state_that_somebody_reads_is_named_and_goes_with_its_reader(secretive: Path, open_small):
    reader = open_small()
    old = read_manifest(secretive).generation
    assert qa.forget(secretive, ids=["secret"]).still_read == (old,)
    assert holding(secretive, "Zebulon")
    assert reader.refresh()
    qa.forget(secretive, ids=["secret"])
    assert holding(secretive, *WORDS) == {}


@pytest.mark.parametrize("add", [False, True])
@pytest.mark.parametrize(
    "disguise",
    [
        {},
        {"text": "Another text of a few words under the same id."},
        {"text": "Another text of a few words under the same id alone.", "url": ""},
        {"id": "renamed"},
        {"id": "renamed", "url": ""},
        {"id": "renamed", "title": "New title", "text": "Another text of a few words at the same address."},
    ],
)
def test_forgotten_stays_forgotten_whatever_it_comes_as_and_the_build_says_so(
    secretive: Path, build_small, open_small, disguise: dict[str, str], add: bool
):
    qa.forget(secretive, ids=["secret"])
    secret = {
        "id": "secret",
        "title": "Quackenbush",
        "text": SECRET,
        "url": "https://example.org/77",
        "source": "S",
    }
    came = secret | {"text": SECRET + " It was raining."} | disguise
    other = {"id": "other", "title": "Other", "text": "A report of five words and more."}
    report = build_small([came, other], add=add)
    assert report.articles == (65 if add else 1)
    assert [(one.where, one.why[:28]) for one in report.skipped] == [
        (f"article {came['id']}", "It was forgotten, and stays ")
    ]
    with pytest.raises(KeyError):
        open_small().article(str(came["id"]))
    assert holding(secretive, "Zebulon", "Quackenbush") == {}


def test_input_of_nothing_but_the_forgotten_is_reported_and_changes_nothing(secretive: Path, build_small):
    qa.forget(secretive, ids=["secret"])
    before = (secretive / MANIFEST).read_bytes()
    with pytest.raises(InputError, match="all 1 articles of the input were forgotten, and stay so"):
        build_small([{"id": "secret", "title": "T", "text": "Another text of a few words."}])
    assert (secretive / MANIFEST).read_bytes() == before


def test_forgotten_article_can_be_let_back_and_is_embedded_then(index: Path, news, build_small, embedder):
    qa.forget(index, ids=["ship"])
    assert build_small(news).articles == 3
    assert let_back(index, ["ship", "quake"]) == ("ship",)
    embedder.embedded.clear()
    report = build_small(news)
    assert (report.articles, report.embedded, report.added) == (4, 1, 1)
    assert let_back(index, ["ship"]) == ()


def test_what_was_forgotten_earlier_stays_on_the_list(index: Path, news, build_small):
    for name in ("ship", "quake"):
        qa.forget(index, ids=[name])
    report = build_small(news)
    assert [one.where for one in report.skipped] == ["article quake", "article ship"]
    assert let_back(index, ["ship", "quake"]) == ("ship", "quake")


def test_near_duplicates_that_stay_and_other_places_are_named(index: Path, news, build_small):
    twin = news[0] | {"id": "twin", "text": f"{news[0]['text']} Reuters.", "source": "Reuters"}
    build_small([*news, twin])
    for dry_run in (True, False):
        report = qa.forget(index, ids=["visit"], dry_run=dry_run)
        assert [one.id for one in report.near_duplicates] == ["twin"]
        assert "backups of the index's folder" in report.elsewhere


@pytest.mark.parametrize(
    "content", [b"", b"{", b"{}", b'{"articles": [1]}', b'{"articles": [{"id": 1}]}', b"[" * 9999]
)
def test_damaged_list_of_the_forgotten_stops_a_build_rather_than_bring_it_back(
    index: Path, news, build_small, content: bytes
):
    qa.forget(index, ids=["ship"])
    (index / FILE).write_bytes(content)
    with pytest.raises(IndexDamaged, match="the list of what was forgotten cannot be read"):
        build_small(news)
    assert qa.check(index).articles == 3


def test_kill_at_any_write_of_a_deletion_leaves_it_undone_or_done_and_never_comes_back(
    tmp_path: Path, index: Path, news, build_small, embedder
):
    for fails_at in range(1, 100):
        disk = FailingDisk(fails_at)
        try:
            with disk.in_place():
                qa.forget(index, ids=["ship"])
        except ArchiveError:
            assert qa.check(index).articles in (3, 4)
        else:
            break
    assert 10 < fails_at < 99
    assert qa.check(index).articles == 3
    assert build_small(news).articles == 3


def test_what_was_left_out_of_the_last_build_is_still_reported(index: Path, news, build_small, open_small):
    build_small([*news, {"text": "Word"}])
    qa.forget(index, ids=["ship"])
    assert len(open_small().overview().skipped) == 1


@pytest.mark.parametrize(
    ("selection", "line"),
    [
        ({}, "nothing says which articles to forget. Name --id, --source, --before or --older-than."),
        ({"source": " "}, "nothing says which articles to forget."),
        ({"before": "2023", "older_than": "1y"}, "--before and --older-than both name a date."),
        ({"older_than": "6m"}, "'6m' is not an age. Write it like 5y, 18 months, 2w or 30d."),
        ({"older_than": "soon"}, "'soon' is not an age."),
        ({"older_than": "9999y"}, "'9999y' goes back beyond the calendar."),
        ({"before": "someday"}, "'someday' is not a date."),
    ],
)
def test_selection_that_cannot_be_read_is_reported(index: Path, selection, line: str):
    with pytest.raises(InputError) as told:
        qa.forget(index, **selection)
    assert str(told.value).startswith(line)


def test_whole_index_is_never_emptied(index: Path):
    qa.forget(index, ids=["undated"])
    before = (index / MANIFEST).read_bytes()
    for dry_run in (True, False):
        with pytest.raises(InputError) as told:
            qa.forget(index, before="2024", dry_run=dry_run)
        assert str(told.value) == (
            f"{index}: all 3 articles would be forgotten, and an index cannot be empty. "
            "Choose fewer, or delete the index."
        )
    assert (index / MANIFEST).read_bytes() == before


def test_naive_moment_is_the_callers_mistake(index: Path):
    with pytest.raises(ValueError, match="has no time zone"):
        qa.forget(index, before=datetime(2023, 1, 1))


def test_missing_index_is_reported_and_no_folder_is_made(tmp_path: Path):
    with pytest.raises(IndexMissing):
        qa.forget(tmp_path / "nowhere", ids=["x"])
    assert not (tmp_path / "nowhere").exists()


def test_index_that_is_being_written_or_damaged_is_left_alone(index: Path):
    with writing(index), pytest.raises(IndexBusy):
        qa.forget(index, ids=["ship"])
    path = index / read_manifest(index).generation / "rows.arrow"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=r"Build the index again\."):
        qa.forget(index, ids=["ship"])
