"""What builds do to an index in Milvus Lite: whole, added to, in shards, killed and run again."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import asdict

import pytest

import qa
from qa.errors import ArchiveError, IndexDamaged, IndexMismatch, IndexMissing
from qa.index.cutting import TOGETHER
from qa.index.milvus.client import Milvus
from qa.index.milvus.collection import CollectionPair, current_state, names_of_states
from qa.index.milvus.connection import Connection
from qa.index.milvus.engine import MilvusEngine
from qa.index.milvus.metadata import FORMAT, Metadata
from qa.index.milvus.schema import ARTICLE_FIELDS, ARTICLE_INDEXES
from qa.index.shards import Shard
from qa.ingest.versions import MOST_EARLIER, plain_id
from qa.passages import CHUNKER_VERSION

QUESTION = "How many people died in the earthquake?"


def ids(retriever: qa.Retriever) -> set[str]:
    """Return the ids of all articles that a wide search brings."""
    return {hit.passage.article.id for hit in retriever.search("people", 100)}


def more(news: list[dict[str, object]], many: int = 12) -> list[dict[str, object]]:
    """Return the four articles, and as many more as are wanted, each of three passages."""
    text = "The ship of day {0} had {1} people on board. It left the harbour in the early morning."
    texts = (" ".join(text.format(day, n) for n in range(3)) for day in range(many))
    return [*news, *({"id": f"day {day}", "title": f"Day {day}", "text": t} for day, t in enumerate(texts))]


def test_build_reports_what_a_folder_would_report(news, build_small, build_lite):
    for articles in (news, [*news[1:], news[0] | {"title": "Changed"}], news[:2]):
        one, other = build_lite(articles), build_small(articles)
        for fact in (
            "articles",
            "passages",
            "embedded",
            "added",
            "removed",
            "duplicates",
            "near_duplicates",
            "skipped",
        ):
            assert getattr(one, fact) == getattr(other, fact), fact


def test_unchanged_articles_are_not_embedded_again(news, build_lite, embedder, open_lite):
    build_lite(news)
    expected = open_lite().search(QUESTION)
    embedder.embedded.clear()
    report = build_lite(news)
    assert embedder.embedded == []
    assert (report.articles, report.embedded, report.added, report.removed) == (4, 0, 0, 0)
    assert open_lite().search(QUESTION) == expected


def test_new_source_and_tags_are_taken_over_without_embedding(news, build_lite, embedder, open_lite):
    build_lite(news)
    embedder.embedded.clear()
    build_lite([news[0] | {"source": "Tass", "tags": ["Visit"]}])
    assert embedder.embedded == []
    (hit,) = open_lite().search("people", source="tass", tag="visit")
    assert (hit.passage.article.source, hit.passage.article.tags) == ("Tass", ("Visit",))


def test_changed_and_removed_articles_leave_nothing_behind(news, build_lite, open_lite, rows):
    build_lite(more(news))
    build_lite([news[0] | {"text": "Another text of this article, and of some words."}, *news[1:3]])
    assert ids(open_lite()) == {"visit", "quake", "ship"}
    assert open_lite().article("visit").text.startswith("Another text")
    assert len(rows()) == 6  # three articles of one row and one passage each


def test_adding_keeps_what_is_there_and_replaces_what_comes_anew(news, build_lite, embedder, open_lite):
    build_lite(news[:3])
    embedder.embedded.clear()
    report = build_lite([news[0] | {"title": "A new title"}, news[3]], add=True)
    assert (report.articles, report.embedded, report.added, report.removed) == (4, 2, 2, 0)
    assert ids(open_lite()) == {"visit", "quake", "ship", "undated"}
    assert open_lite().article("visit").title == "A new title"
    assert qa.check(open_lite()._engine.address).articles == 4


def test_adding_what_is_there_writes_nothing(news, build_lite, open_lite, monkeypatch: pytest.MonkeyPatch):
    build_lite(news)
    retriever = open_lite()
    monkeypatch.setattr(Milvus, "upsert", None)
    monkeypatch.setattr(Milvus, "delete", None)
    report = build_lite(news[1:3], add=True)
    assert (report.articles, report.added, report.removed, report.embedded) == (4, 0, 0, 0)
    assert retriever.refresh() is False


def test_adding_a_repeat_under_another_id_replaces_it(news, build_small, build_lite, open_lite):
    for build in (build_small, build_lite):
        build(news)
        report = build([news[1] | {"id": "again"}], add=True)
        assert (report.articles, report.added, report.removed, report.embedded) == (4, 1, 1, 0)
    assert ids(open_lite()) == {"visit", "again", "ship", "undated"}


def test_adding_to_nothing_is_a_first_build(news, build_lite, open_lite):
    assert build_lite(news[:1], add=True).articles == 1
    assert ids(open_lite()) == {"visit"}


def test_copy_that_is_added_is_linked_with_what_is_there(news, build_lite, open_lite):
    copy = {"source": "Tass", "title": "Quake", "text": f"{news[1]['text']} More follows."}
    build_lite([*news, news[1] | copy | {"id": "second"}])
    assert {a.id for a in open_lite().near_duplicates("quake")} == {"second"}
    report = build_lite([news[1] | copy | {"id": "third", "text": f"{copy['text']} Soon."}], add=True)
    assert report.near_duplicates == 3
    assert {a.id for a in open_lite().near_duplicates("third")} == {"quake", "second"}
    assert {a.id for a in open_lite().near_duplicates("quake")} == {"second", "third"}
    assert open_lite().near_duplicates("visit") == []
    (hit, *_) = open_lite().search(
        "earthquake in southern Turkey", source="Reuters", tag="Turkey", since="2023"
    )
    assert {a.id for a in hit.near_duplicates} == {"second", "third"}


def test_added_article_that_is_a_copy_of_two_makes_them_one_group(news, build_lite, open_lite):
    words = [f"word{n}" for n in range(60)]
    halves = {"first": words[:46], "second": words[14:], "both": words}
    articles = {
        name: {"id": name, "title": name, "text": " ".join(part) + "."} for name, part in halves.items()
    }
    build_lite([articles["first"], articles["second"], news[0]])
    assert open_lite().near_duplicates("first") == []
    build_lite([articles["both"]], add=True)
    assert {a.id for a in open_lite().near_duplicates("second")} == {"first", "both"}


@pytest.mark.parametrize("of", [1, 3, 5])
def test_all_shards_together_hold_what_one_build_holds(news, build_lite, rows, open_lite, of: int):
    articles = [*more(news), news[1] | {"id": "copy", "text": f"{news[1]['text']} More follows."}]
    build_lite(articles)
    expected = rows()
    build_lite(news[:1])
    for number in range(of, 0, -1):
        report = build_lite(articles, shard=Shard(number, of))
    assert rows() == expected
    assert (report.articles, report.near_duplicates) == (17, 2)
    assert {a.id for a in open_lite().near_duplicates("copy")} == {"quake"}


def test_shards_make_an_index_where_there_is_none_and_each_embeds_its_own(news, build_lite, embedder, rows):
    reports = [build_lite(more(news), shard=Shard(number, 4)) for number in (1, 2, 3, 4)]
    assert sum(report.embedded for report in reports) == len(set(embedder.embedded)) == reports[-1].passages
    assert sum(report.added for report in reports) == reports[-1].articles == 16
    expected = rows()
    embedder.embedded.clear()
    again = build_lite(more(news), shard=Shard(2, 4))
    assert rows() == expected
    assert (embedder.embedded, again.added, again.removed) == ([], 0, 0)


def test_machines_that_start_at_the_same_moment_share_one_index(
    news, build_lite, open_lite, milvus, monkeypatch: pytest.MonkeyPatch
):
    create = CollectionPair.create

    def overtaken(*asked: object) -> CollectionPair:
        created = create(*asked)
        monkeypatch.undo()
        build_lite(more(news), shard=Shard(1, 2))  # the other machine is faster
        return created

    monkeypatch.setattr(CollectionPair, "create", overtaken)
    report = build_lite(more(news), shard=Shard(2, 2))
    assert report.articles == len(ids(open_lite())) == 16
    assert names_of_states(milvus) == [current_state(milvus)]


def test_shard_takes_out_only_what_belongs_to_its_part(news, build_lite, open_lite):
    build_lite(more(news))
    shard = Shard(1, 3)
    own = {article["id"] for article in more(news) if shard.holds(article["id"])}
    report = build_lite(news[:1], shard=shard)
    assert ids(open_lite()) - {"visit"} == {a["id"] for a in more(news)} - own - {"visit"}
    assert report.removed == len(own - {"visit"})


def test_everybody_sees_the_old_state_until_the_new_one_is_whole(news, build_lite, open_lite, embedder):
    build_lite(news[:2])
    before, seen = open_lite(), []

    def look(progress: object) -> None:
        seen.append((ids(before), ids(open_lite()), before.refresh()))

    build_lite(news[1:], progress=look)
    assert len(seen) > 4
    assert all(look == ({"visit", "quake"}, {"visit", "quake"}, False) for look in seen)
    assert ids(before) == {"visit", "quake"}  # the old state stays for whoever is reading it
    assert before.refresh() is True
    assert ids(before) == {"quake", "ship", "undated"}
    assert before.refresh() is False


def test_states_before_the_last_are_removed(news, build_lite, milvus):
    for _ in range(3):
        build_lite(news)
        assert len(names_of_states(milvus)) <= 2
        assert current_state(milvus) in names_of_states(milvus)


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def killed_after(monkeypatch: pytest.MonkeyPatch):
    """Lets a build die at its nth request to Milvus, before or after the request is carried out."""
    ask = Connection._patiently

    def arm(requests: int, *, carried_out: bool) -> None:
        left = iter(range(requests, -1, -1))

        def dying(self: Connection, request, patience):
            last = next(left) == 0
            if last and not carried_out:
                raise Killed
            answer = ask(self, request, patience)
            if last:
                raise Killed
            return answer

        monkeypatch.setattr(Connection, "_patiently", dying)

    yield arm
    monkeypatch.undo()


@pytest.mark.parametrize("how", [{}, {"add": True}, {"shard": Shard(1, 1)}], ids=["whole", "add", "shard"])
def test_build_killed_at_any_request_loses_nothing_and_can_be_run_again(
    news, build_lite, open_lite, rows, killed_after, monkeypatch, how: dict
):
    after = [news[0] | {"text": "Another text of some words."}, *more(news[1:], 2)]
    build_lite(news)
    build_lite(after, **how)
    expected, wanted = rows(), ids(open_lite())
    old = {"visit", "quake", "ship", "undated"}
    requests = 0
    while True:
        build_lite(news)
        killed_after(requests, carried_out=requests % 2 == 0)
        try:
            build_lite(after, **how)
            break
        except Killed:
            pass
        finally:
            monkeypatch.undo()
        found = ids(open_lite())
        assert found in (old, wanted) if not how else old <= found <= wanted, requests
        for name in found & old - {"visit"}:
            assert open_lite().article(name).id == name
        build_lite(after, **how)
        assert rows() == expected, requests
        requests += 3  # every third request: half fail before they are carried out, half after
    assert requests > 10


def test_killed_whole_build_goes_on_where_it_was(news, build_lite, embedder):
    articles = more(news, 200)

    def die(progress: qa.Progress) -> None:
        if progress.stage == "embedding" and progress.done > 100:
            raise Killed

    build_lite(news)
    embedder.embedded.clear()
    with pytest.raises(Killed):
        build_lite(articles, progress=die)
    assert len(embedder.embedded) == 3 * (2 * TOGETHER - 4)
    build_lite(articles)
    assert len(embedder.embedded) == len(set(embedder.embedded)) == 600


def test_check_counts_what_is_whole(news, build_lite, lite):
    build_lite(more(news))
    whole = qa.check(lite)
    assert (whole.articles, whole.passages) == (16, build_lite(more(news)).passages)


@pytest.mark.parametrize("field", ["body", "facts", "copies", "published", "source", "tags", "vector"])
def test_check_finds_what_was_altered_in_any_field(news, build_lite, lite, milvus, rows, field: str):
    build_lite(news)
    name = current_state(milvus)
    collection = f"{name}_articles" if field in ("body", "facts", "copies") else name
    row = next(row for row in rows() if field in row)
    whole = milvus._connection.ask(lambda client, limit: client.get(collection, row["key"]))[0]
    whole.pop("bm25", None)
    altered = {
        "body": whole.get("body", "").replace('"text": "', '"text": "X'),
        "facts": whole.get("facts", "").replace('"passages": 1', '"passages": 2'),
        "copies": "0" * 32,
        "published": whole.get("published", 0) + 1,
        "source": "0" * 32,
        "tags": ["0" * 32],
        "vector": [2.0 * x for x in whole.get("vector", [])],
    }
    milvus.upsert(collection, [whole | {field: altered[field]}])
    with pytest.raises(IndexDamaged) as told:
        qa.check(lite)
    assert str(told.value).startswith(f"{lite}: ")
    assert told.value.cure == "Build the whole index again."
    build_lite(news)
    assert qa.check(lite).articles == 4


def test_check_finds_missing_and_left_over_passages(news, build_lite, lite, milvus):
    build_lite(news)
    name, (key, *_) = (
        current_state(milvus),
        [row["key"] for row in milvus.walk(current_state(milvus), "", [])],
    )
    (row,) = milvus._connection.ask(lambda client, limit: client.get(name, key))
    milvus.delete(name, "key", [key])
    with pytest.raises(IndexDamaged, match="1 passages are missing"):
        qa.check(lite)
    row.pop("bm25")
    milvus.upsert(name, [row, row | {"key": "0" * 32 + key[32:], "article": "0" * 32}])
    with pytest.raises(IndexDamaged, match="a passage belongs to no article; a build was killed here"):
        qa.check(lite)


def test_whole_build_cures_an_article_of_which_a_passage_is_missing(news, build_lite, lite, milvus, rows):
    build_lite(more(news))
    expected = rows()
    build_lite(more(news))
    damaged = next(row["key"] for row in rows() if "vector" in row)
    milvus.delete(current_state(milvus), "key", [damaged])
    with pytest.raises(IndexDamaged, match="1 passages are missing"):
        qa.check(lite)
    build_lite(more(news))
    assert rows() == expected


def test_article_of_many_rows_is_never_found_in_half(news, build_lite, open_lite, killed_after, monkeypatch):
    words = " ".join(["incomprehensibilities" * 100] * 100)  # 210 KB in few passages
    long = {"id": "long", "title": "Long", "text": f"{words}."}
    build_lite(news)
    requests = 0
    while True:
        monkeypatch.setattr("qa.index.milvus.client._WRITTEN_TOGETHER", 1)
        killed_after(requests, carried_out=True)
        try:
            build_lite([long], add=True)
            break
        except Killed:
            pass
        finally:
            monkeypatch.undo()
        with contextlib.suppress(KeyError):
            assert open_lite().article("long").text == long["text"]
        requests += 1
    assert open_lite().article("long").text == long["text"]


def test_article_of_many_rows_is_gone_with_its_first(news, build_lite, open_lite, milvus, rows):
    words = " ".join(["incomprehensibilities" * 100] * 100)
    build_lite([*news, {"id": "long", "title": "Long", "text": f"{words}."}])
    present = CollectionPair.open(milvus, current_state(milvus))
    key = present.entry_by_id("long").key
    assert sum(row["article"] == key and "part" in row for row in rows()) > 3
    milvus.delete(f"{present.name}_articles", "key", [f"{key}-000000"])
    assert present.articles([key]) == {}
    assert "long" not in ids(open_lite())


def test_removal_that_is_cut_off_leaves_the_article_in_the_catalogue(
    news, build_lite, milvus, rows, killed_after, monkeypatch
):
    build_lite(news)
    present = CollectionPair.open(milvus, current_state(milvus))
    key = present.entry_by_id("visit").key
    killed_after(0, carried_out=True)
    with pytest.raises(Killed):
        present.remove([key])
    monkeypatch.undo()
    # Passages without an article could not be found and would stay for ever.
    assert [
        key in present.entries([key]),
        [row for row in rows() if "part" not in row and row["article"] == key],
    ] == [True, []]
    present.remove([key])
    assert not [row for row in rows() if row["article"] == key]


def test_readers_go_on_without_a_fault_while_articles_are_replaced(news, build_lite, open_lite):
    build_lite(more(news))
    retriever, faults, rounds = open_lite(), [], []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                for hit in retriever.search("ship people harbour", 20):
                    assert hit.passage.text in hit.passage.article.text
                    assert hit.passage.text.endswith((".", "board."))
                rounds.append(1)
            except Exception as fault:
                faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for version in range(4):
        changed = [a | {"text": f"{a['text']} Version {version} of it."} for a in more(news)]
        build_lite(changed, add=True)
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert len(rounds) > 4
    names = [article.id for article in open_lite().listing(0, 1000).articles]
    assert {plain_id(name) for name in names} == {article["id"] for article in more(news)}
    assert len(names) == len(more(news)) * (1 + MOST_EARLIER)


@pytest.fixture
def forgotten_meanwhile(lite, monkeypatch):
    """Forget an article once, between the search of a question and the reading of its passages."""
    search = MilvusEngine.candidates

    def forgetting(self: MilvusEngine, *asked: object):
        candidates = search(self, *asked)
        monkeypatch.setattr(MilvusEngine, "candidates", search)
        qa.forget(lite, ids=["ship"])
        return candidates

    monkeypatch.setattr(MilvusEngine, "candidates", forgetting)


def test_article_that_goes_from_a_file_between_search_and_reading_is_not_found_when_asked_again(
    news, build_lite, open_lite, request
):
    build_lite(news)
    retriever = open_lite()
    request.getfixturevalue("forgotten_meanwhile")
    with pytest.raises(IndexDamaged, match="a collection of the index is gone. Ask again"):
        retriever.search("ship")  # the collection that held the article is dropped at once
    assert retriever.refresh()
    assert {hit.passage.article.id for hit in retriever.search("ship")} == {"visit", "quake", "undated"}


def test_article_that_goes_from_a_server_between_search_and_reading_is_passed_over(
    news, build_lite, open_lite, request, monkeypatch
):
    monkeypatch.setattr("qa.index.milvus.forget._is_file", lambda milvus: False)
    build_lite(news)
    retriever = open_lite()
    request.getfixturevalue("forgotten_meanwhile")
    assert {hit.passage.article.id for hit in retriever.search("ship")} == {"visit", "quake", "undated"}


def test_passage_left_over_from_a_killed_build_is_never_found(news, build_lite, open_lite, milvus):
    build_lite(news)
    name = current_state(milvus)
    rows = milvus._connection.ask(lambda client, limit: client.query(name, limit=10, output_fields=["*"]))
    left_over = [row | {"key": "0" * 32 + row["key"][32:], "article": "0" * 32} for row in rows]
    for row in left_over:
        row.pop("bm25", None)
    milvus.upsert(name, left_over)
    assert ids(open_lite()) == {"visit", "quake", "ship", "undated"}
    assert len(open_lite().search("people", 100)) == 4


def test_index_of_another_embedder_is_reported_when_opened_and_when_added_to(
    news, build_lite, lite, other_embedder, rows
):
    build_lite(news)
    before = rows()
    told_by = (
        lambda: qa.Retriever.open(lite, embedder=other_embedder),
        lambda: build_lite(news[:1], add=True, embedder=other_embedder),
        lambda: build_lite(news[:1], shard=Shard(1, 2), embedder=other_embedder),
    )
    for attempt in told_by:
        with pytest.raises(IndexMismatch) as told:
            attempt()
        assert told.value.what == (
            "the index was built with 'words' (weights 000000000000), not with 'other words' "
            "(weights 111111111111)"
        )
        assert "uild" in told.value.cure
    assert rows() == before


def test_whole_build_by_another_embedder_embeds_anew(news, build_lite, lite, other_embedder):
    build_lite(news)
    report = build_lite(news, embedder=other_embedder)
    assert (report.articles, report.embedded, report.added) == (4, 4, 0)
    assert qa.Retriever.open(lite, embedder=other_embedder).overview().embedder == "other words"


def test_vectors_of_another_dimension_are_reported_with_both_numbers(news, build_lite, lite, embedder, rows):
    build_lite(news)
    before, wide = rows(), type(embedder)(dimension=32)
    with pytest.raises(IndexMismatch, match="its vectors have 16 dimensions, those of 'words' have 32"):
        build_lite(news[:1], add=True, embedder=wide)
    with pytest.raises(IndexMismatch, match="its vectors have 16 dimensions, the question's has 32"):
        qa.Retriever.open(lite, embedder=wide).search(QUESTION)
    assert rows() == before


def test_passages_cut_in_another_way_are_reported_when_added_to(news, build_lite):
    build_lite(news)
    with pytest.raises(IndexMismatch, match="its passages were cut with passage tokens of 20, not 30"):
        build_lite(news[:1], add=True, passage_tokens=30)


@pytest.mark.parametrize(
    ("step", "cure"), [(1, "Update News QA."), (-2, "Build the index again.")], ids=["newer", "older"]
)
def test_index_of_another_format_is_reported_with_the_cure(
    news, build_lite, open_lite, milvus, step: int, cure: str
):
    build_lite(news)
    make = CollectionPair.open(milvus, current_state(milvus)).make
    told = asdict(make) | {"format": FORMAT + step, "unknown": 1}
    Metadata(milvus, f"{current_state(milvus)}_articles").write("make", told)
    for attempt in (open_lite, lambda: build_lite(news, add=True)):
        with pytest.raises(IndexMismatch) as told:
            attempt()
        assert told.value.what == (
            f"the index has format {FORMAT + step}, this program reads format {FORMAT}"
        )
        assert told.value.cure == cure
    build_lite(news)
    assert ids(open_lite()) == {"visit", "quake", "ship", "undated"}


def test_name_that_others_use_is_left_alone(news, build_lite, open_lite, milvus):
    milvus.create("theirs", ARTICLE_FIELDS, ARTICLE_INDEXES)
    milvus.point("theirs")
    for attempt in (open_lite, lambda: build_lite(news), lambda: build_lite(news, add=True)):
        with pytest.raises(IndexMismatch) as told:
            attempt()
        assert told.value.what == "Milvus has a collection of the name 'news' that News QA did not make"
    assert milvus.collections() == ["theirs"]


def test_article_too_large_for_milvus_is_left_out_and_listed(news, build_lite, open_lite, monkeypatch):
    # Reading bounds tags and names below what Milvus takes, so its limits are lowered here.
    monkeypatch.setattr("qa.index.milvus.rows.MOST_NAMES", 100)
    monkeypatch.setattr("qa.index.milvus.rows.LONGEST_TEXT", 1_300)
    tags = [f"tag {n}" for n in range(150)]
    report = build_lite([news[0] | {"tags": tags}, news[1] | {"source": "s" * 900}, news[2]])
    assert [(s.where, s.why) for s in report.skipped] == [
        ("Shoigu visits North Korea", "It has 150 tags, Milvus takes 100."),
        (
            "Earthquake strikes Turkey",
            "Its id, source and tags are longer than Milvus takes (64 KB).",
        ),
    ]
    assert (report.articles, ids(open_lite())) == (1, {"ship"})
    assert open_lite().overview().skipped == report.skipped


def test_missing_index_is_reported_with_the_command_that_builds_one(lite, open_lite, milvus):
    with pytest.raises(IndexMissing) as told:
        open_lite()
    assert str(told.value) == (
        f"{lite}: there is no index here. Build it: python -m qa build YOUR_ARTICLES --index {lite}, "
        f"or try the sample: python -m qa build --sample --index {lite}"
    )


def test_an_index_whose_first_shard_is_under_way_is_not_there_yet(
    news, build_lite, open_lite, milvus, monkeypatch: pytest.MonkeyPatch
):
    finish, asked_too_early = CollectionPair.finish, []

    def asked_before(pair: CollectionPair, skipped: list[object]) -> None:
        assert current_state(milvus) == pair.name  # the state has its name and articles already
        with pytest.raises(IndexMissing):
            open_lite()
        asked_too_early.append(pair.name)
        finish(pair, skipped)

    monkeypatch.setattr(CollectionPair, "finish", asked_before)
    build_lite(more(news), shard=Shard(1, 1))
    assert asked_too_early == [current_state(milvus)]
    assert len(ids(open_lite())) == 16


def test_opening_does_not_make_a_file(lite, open_lite):
    with pytest.raises(IndexMissing):
        open_lite()
    assert not lite.exists()


@pytest.mark.parametrize("content", ["file", "folder index"])
def test_path_that_holds_something_else_is_left_alone(
    news, lite, build_lite, build_small, open_lite, tmp_path, content: str
):
    if content == "file":
        lite.write_text("SQLite, say")
    else:
        build_small(news)
        (tmp_path / "index").rename(lite)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for attempt in (lambda: build_lite(news), open_lite):
        with pytest.raises(ArchiveError, match="(is not a Milvus Lite database|is the folder of an index)"):
            attempt()
    assert {path: path.read_bytes() for path in before} == before


def cut_in_halves(text, token_offsets, settings):
    """Another rule: two passages of every text."""
    middle = int(token_offsets[len(token_offsets) // 2, 0])
    return [(0, middle), (middle, len(text))]


def test_a_changed_rule_of_cutting_does_not_mix_with_passages_of_the_old_one(
    news, build_lite, open_lite, monkeypatch
):
    build_lite(news)
    before = open_lite().overview().passages
    monkeypatch.setattr("qa.index.cutting.chunk", cut_in_halves)
    monkeypatch.setattr("qa.index.make.CHUNKER_VERSION", CHUNKER_VERSION + 1)
    new = {"id": "new", "title": "New", "text": "A ship of 20 people left. It came back."}
    with pytest.raises(IndexMismatch) as raised:
        build_lite([*news, new], add=True)
    assert raised.value.what == (
        f"its passages were cut by rule {CHUNKER_VERSION}, this program cuts by rule {CHUNKER_VERSION + 1}"
    )
    assert open_lite().overview().passages == before
    report = build_lite(news)
    assert (report.embedded, report.passages) == (8, 8)


def test_an_index_from_before_the_rule_was_kept_is_opened_and_not_added_to(
    news, build_lite, open_lite, milvus
):
    build_lite(news[:2])
    state = current_state(milvus)
    make = asdict(CollectionPair.open(milvus, state).make)
    del make["chunker"]
    Metadata(milvus, f"{state}_articles").write("make", make | {"format": 1})
    assert ids(open_lite()) == {"visit", "quake"}
    with pytest.raises(IndexMismatch, match="cut by rule 1, this program"):
        build_lite(news[2:], add=True)
    build_lite(news)
    assert ids(open_lite()) == {"visit", "quake", "ship", "undated"}


def test_text_that_is_replaced_stays_findable_and_goes_with_its_id(news, build_lite, open_lite, embedder):
    bus = {"id": "bus", "title": "Bus burns", "text": "Twelve people died in a bus.", "date": "2023-05-01"}
    mended = bus | {"text": "Fourteen people died in a bus."}
    build_lite([*news, bus])
    embedder.embedded.clear()
    report = build_lite([mended], add=True)
    assert (report.articles, report.added, report.removed, report.embedded) == (6, 1, 0, 1)
    hits = [hit for hit in open_lite().search("people died in a bus", 9) if "bus" in hit.passage.text]
    newer = {hit.passage.text: hit.newer_version and hit.newer_version.text for hit in hits}
    assert newer == {bus["text"]: mended["text"], mended["text"]: None}
    address = open_lite()._engine.address
    assert len(qa.forget(address, ids=["bus"]).forgotten) == 2
