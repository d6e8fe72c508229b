"""Articles of an index in Milvus Lite are deleted as those of a folder are."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import qa
from benchmarks.injection import ROOT
from qa.errors import IndexMissing, InputError
from qa.index.shards import Shard
from qa.maintain.forget import let_back


def sorted_by_id(report: qa.ForgetReport) -> qa.ForgetReport:
    forgotten = sorted(report.forgotten, key=lambda one: one.id)
    return replace(report, forgotten=tuple(forgotten), seconds=0, elsewhere=())


@pytest.mark.parametrize(
    "selection",
    [
        {"ids": ["quake", "ship", "nowhere"]},
        {"source": "REUTERS"},
        {"source": ["Reuters", "CBS news"]},
        {"before": "2023-02-06"},
        {"ids": ["visit", "ship"], "source": "Reuters"},
        {"source": "Nobody"},
    ],
)
def test_forgets_the_same_articles_as_a_folder(
    news, tmp_path: Path, lite: Path, build_small, build_lite, open_lite, rows, embedder, selection: dict
):
    build_small(news)
    build_lite(news)
    before = rows()
    assert sorted_by_id(qa.forget(lite, **selection, dry_run=True)).dry_run
    assert rows() == before
    embedder.embedded.clear()
    retriever = open_lite()
    report = qa.forget(lite, **selection)
    assert sorted_by_id(report) == sorted_by_id(qa.forget(tmp_path / "index", **selection))
    assert embedder.embedded == []
    assert retriever.refresh() is bool(report.forgotten)
    left = {hit.passage.article.id for hit in retriever.search("people", 100)}
    assert left == {article["id"] for article in news} - {one.id for one in report.forgotten}
    assert qa.check(lite).articles == len(left)
    build_lite([article for article in news if article["id"] in left])
    kept = rows()
    build_lite(news)
    qa.forget(lite, **selection)
    assert rows() == kept


def test_index_is_never_emptied(news, lite: Path, build_lite, rows):
    build_lite(news)
    before = rows()
    with pytest.raises(InputError, match="all 4 articles would be forgotten, and an index cannot be empty"):
        qa.forget(lite, ids=["visit", "quake", "ship", "undated"])
    assert rows() == before


def test_what_the_last_build_left_out_is_still_reported(news, lite: Path, build_lite, open_lite):
    skipped = build_lite([*news, {"id": "short", "title": "No", "text": "Too short."}]).skipped
    assert len(skipped) == 1
    qa.forget(lite, ids=["ship"])
    assert open_lite().overview().skipped == skipped


def test_missing_index_is_reported(lite: Path):
    with pytest.raises(IndexMissing):
        qa.forget(lite, ids=["ship"])
    assert not lite.exists()


def test_forgotten_stays_forgotten_through_additions_whole_builds_and_shards(
    news, lite: Path, build_lite, rows
):
    build_lite(news)
    qa.forget(lite, ids=["ship"])
    for how in ({"add": True}, {}, {"shard": Shard(1, 1)}, {}):
        report = build_lite([*news[:2], news[3], {**news[2], "id": "again"}], **how)
        assert (report.articles, report.added) == (3, 0)
        assert sorted(skipped.where for skipped in report.skipped) == ["article again"]
    assert let_back(lite, ["ship", "nowhere"]) == ("ship",)
    assert build_lite(news).articles == 4


def test_near_duplicates_that_stay_are_named(news, lite: Path, build_lite):
    twin = news[0] | {"id": "twin", "text": f"{news[0]['text']} Reuters.", "source": "Reuters"}
    build_lite([*news, twin])
    assert [one.id for one in qa.forget(lite, ids=["visit"]).near_duplicates] == ["twin"]


def texts_on_disk(lite: Path) -> Iterator[str]:
    """Return what every file of the database holds; its tables are packed, so a mere search finds nothing."""
    for path in lite.rglob("*"):
        if path.is_file():
            yield path.read_bytes().decode("latin-1")
            if path.suffix == ".parquet":
                yield str(pq.read_table(path).to_pylist())


def test_no_file_of_milvus_lite_holds_the_text_any_more(news, lite: Path, build_lite, open_lite):
    build_lite(news)
    build_lite([news[0], {**news[2], "text": news[2]["text"] + " A tug pulled it free."}, news[3]])
    for word in ("Salvage crews", "strong earthquake", "tug pulled"):
        assert any(word in text for text in texts_on_disk(lite))  # the second text is in the previous state
    report = qa.forget(lite, ids=["ship"])
    for word in ("Salvage crews", "strong earthquake", "tug pulled"):
        assert not any(word in text for text in texts_on_disk(lite))
    assert any("Glaciers flow" in text for text in texts_on_disk(lite))
    assert not any("Milvus" in place or "state before" in place for place in report.elsewhere)
    assert [article.id for article in open_lite().listing(0, 9).articles] == ["visit", "undated"]
    assert qa.check(lite).articles == 2


def test_text_of_an_article_that_a_build_left_out_goes_when_its_id_is_named(news, lite: Path, build_lite):
    """It is in the state before alone, so nothing that is there is forgotten."""
    build_lite(news)
    build_lite([article for article in news if article["id"] != "ship"])
    assert any("Salvage crews" in text for text in texts_on_disk(lite))
    assert qa.forget(lite, ids=["ship"]).forgotten == ()
    assert not any("Salvage crews" in text for text in texts_on_disk(lite))
    assert qa.check(lite).articles == 3


KILLED = """
import os, signal, sys
from pathlib import Path
import qa
from qa.index.milvus.client import Milvus

asked = 0

def counted(name):
    work = getattr(Milvus, name)
    def until_killed(self, *arguments, **options):
        global asked
        asked += 1
        if asked == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return work(self, *arguments, **options)
    return until_killed

for name in ("create", "drop", "point", "upsert", "delete", "flush"):
    setattr(Milvus, name, counted(name))
qa.forget(Path(sys.argv[1]), ids=["ship"])
print(asked)
"""


def test_forgetting_that_is_killed_at_any_request_leaves_a_whole_index_and_can_be_continued(
    news, lite: Path, build_lite, open_lite
):
    from milvus_lite.server_manager import server_manager_instance

    for at in (4, 8, 11, 99):
        build_lite(news)
        let_back(lite, ["ship"])
        build_lite(news)
        server_manager_instance.release_server(str(lite))
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(lite), str(at)], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == (-signal.SIGKILL if at < 99 else 0), (at, done.stdout, done.stderr)
        left = {article.id for article in open_lite().listing(0, 9).articles}
        assert left in ({"visit", "quake", "ship", "undated"}, {"visit", "quake", "undated"})
        qa.check(lite)
        qa.forget(lite, ids=["ship"])
        assert not any("Salvage crews" in text for text in texts_on_disk(lite))
        assert len(open_lite().listing(0, 9).articles) == 3


def test_server_is_asked_to_compact_and_the_state_before_forgets_too(
    news, lite: Path, build_lite, open_lite, milvus, monkeypatch: pytest.MonkeyPatch
):
    """A file stands in for the server, because the address decides which code runs."""
    from qa.index.milvus import forget
    from qa.index.milvus.client import Milvus
    from qa.index.milvus.collection import CollectionPair, names_of_states

    build_lite(news)
    build_lite([*news[:3], {**news[3], "title": "Glaciers"}])
    compacted = []
    compact = Milvus.compact
    monkeypatch.setattr(Milvus, "compact", lambda self, name: (compacted.append(name), compact(self, name)))
    monkeypatch.setattr(forget, "_is_file", lambda milvus: False)
    report = qa.forget(lite, ids=["ship"])
    states = names_of_states(milvus)
    assert len(states) == 2
    for state in states:
        assert len(CollectionPair.open(milvus, state).catalogue()) == 3
    assert sorted(compacted) == sorted(name + part for name in states for part in ("", "_articles"))
    assert report.elsewhere[0] == forget.ON_SERVER
