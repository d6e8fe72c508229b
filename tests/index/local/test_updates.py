"""An index that was changed step by step answers exactly as one that is built of what is left at once."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import qa
from qa.errors import IndexDamaged
from qa.index.local import merge_policy
from qa.index.local.generation import read_manifest, segment_folders
from qa.index.local.merge_policy import Size, needs_no_rewrite, runs_to_merge
from qa.ingest.versions import MOST_EARLIER, plain_id
from qa.maintain.forget import let_back
from qa.passages import CHUNKER_VERSION, content_id
from qa.settings import AskSettings, IndexSettings
from tests.conftest import WordEmbedder, write_jsonl

SMALL = IndexSettings("words", passage_tokens=12, overlap_tokens=3)
EVERYTHING = AskSettings(candidates=10_000)
QUESTIONS = ["Who met Putin?", "ship grain train summit", "What happened in w3 or w5?", "zebra"]


def article(n: int, version: int, copy: bool) -> dict[str, object]:
    """Return the nth article; a copy has nearly the text of the one before it."""
    random = np.random.default_rng(n if copy else n + 1)
    words = random.choice(["kim", "putin", "train", "summit", "grain", "ship", "met", "port"], 30)
    text = f"{' '.join(words[:14])}. {' '.join(words[14:])} w{n if copy else n + 1}."
    if version:
        text += f" It was changed {'again ' * version}"
    day = f"2023-0{1 + n % 9}-1{version}" if n % 5 else None
    return {
        "id": f"a{n}",
        "title": f"Number {n % 7}",
        "text": text,
        "date": day,
        "source": f"S{n % 3}",
        "tags": [f"t{n % 4}"],
    }


ARTICLES = st.builds(article, st.integers(0, 24), st.integers(0, 2), st.booleans())
BATCHES = st.lists(ARTICLES, min_size=1, max_size=10, unique_by=lambda a: a["id"])


def answers(index: Path) -> list[list[tuple[object, ...]]]:
    """Return all that searches give: passages with both scores and copies, to the last bit, in order."""
    retriever = qa.Retriever.open(index, settings=EVERYTHING, embedder=WordEmbedder())
    asked = [(question, {}) for question in QUESTIONS]
    asked += [(QUESTIONS[1], {"since": "2023-04-01", "until": "2023-07"}), (QUESTIONS[1], {"source": "s1"})]
    return [
        [
            (
                hit.passage,
                hit.score,
                hit.similarity,
                hit.bm25,
                sorted(copy.id for copy in hit.near_duplicates),
            )
            for hit in retriever.search(question, 1000, **condition)
        ]
        for question, condition in asked
    ]


def facts(index: Path) -> tuple[object, ...]:
    told = qa.Retriever.open(index, embedder=WordEmbedder()).overview()
    return told.articles, told.passages, told.first, told.last, told.undated, told.sources, told.tags


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["build", "add", "forget"]), BATCHES), min_size=2, max_size=6))
def test_changed_index_answers_as_one_built_at_once(steps):
    with TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patched:
        # Small enough that segments are joined, kept and cleared in a few steps.
        patched.setattr(merge_policy, "LARGEST", 16)
        patched.setattr(merge_policy, "_MOST_TOMBSTONES", 0.7)
        for module in ("qa.disk", "qa.index.local.generation"):  # half of the time
            patched.setattr(f"{module}.sync", lambda path: None)
        folder = Path(scratch)
        held: dict[str, dict[str, object]] = {}
        for kind, batch in steps:
            if kind == "forget":
                named = {one["id"] for one in batch} & held.keys()
                gone = {id_ for id_ in held if plain_id(id_) in named} | {one["id"] for one in batch}
                if held.keys() - gone:  # forget only if something is left, as an index cannot be empty
                    told = qa.forget(folder / "grown", ids=sorted(gone))
                    assert {one.id for one in told.forgotten} == gone & held.keys()
                    assert set(told.unknown) == {one["id"] for one in batch} - held.keys()
                    held = {id_: one for id_, one in held.items() if id_ not in gone}
                    # Otherwise later batches could not add them again.
                    let_back(folder / "grown", sorted(gone))
                continue
            path = write_jsonl(folder / "step.jsonl", batch)
            embedder = WordEmbedder()
            report = qa.build([path], folder / "grown", settings=SMALL, embedder=embedder, add=kind == "add")
            held = batch_joined(held, batch) if kind == "add" else batch_joined({}, batch)
            assert report.articles == len(held)
            assert report.embedded == len(embedder.embedded)
        assume(held)
        path = write_jsonl(folder / "all.jsonl", list(held.values()))
        qa.build([path], folder / "fresh", settings=SMALL, embedder=WordEmbedder())
        assert qa.check(folder / "grown").articles == len(held)
        assert facts(folder / "grown") == facts(folder / "fresh")
        assert answers(folder / "grown") == answers(folder / "fresh")


def content(one: dict[str, object]) -> tuple[object, ...]:
    return one["title"], one["text"].strip(), one["source"]


def batch_joined(held: dict[str, dict], batch: list[dict]) -> dict[str, dict]:
    """Return what an index holds after a batch came in: of the same id or content the last one counts.

    What is replaced by a later text of it stays as an earlier version, if it is not one too many.
    """
    batch = with_earlier_versions(held, batch)
    fresh: dict[str, dict] = {}
    for one in batch:
        if content(one) not in {content(other) for other in fresh.values()}:
            fresh[one["id"]] = one
    contents = {content(one) for one in fresh.values()}
    kept = {id_: one for id_, one in held.items() if id_ not in fresh and content(one) not in contents}
    return kept | fresh


def with_earlier_versions(held: dict[str, dict], batch: list[dict]) -> list[dict]:
    joined = []
    for one in batch:
        old = held.get(one["id"])
        if old is not None and old["text"].strip() != one["text"].strip():  # versions of one id are alike
            many = sum(plain_id(id_) == one["id"] != id_ for id_ in held)
            if many < MOST_EARLIER and not (one["date"] and old["date"] and one["date"] < old["date"]):
                joined.append({**old, "id": earlier_name(old)})
            elif many < MOST_EARLIER:
                one = {**one, "id": earlier_name(one)}
        joined.append(one)
    return joined


def earlier_name(one: dict) -> str:
    return f"{one['id']}#{content_id(one['title'], one['text'].strip(), one['source'])[:16]}"


def test_copies_that_hung_together_by_a_removed_article_are_parted(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(merge_policy, "_MOST_TOMBSTONES", 0.7)
    words = [f"word{n}" for n in range(120)]
    # Only the middle text is a near-duplicate of both others.
    texts = [words[:100], words[10:110], words[20:]]
    stories = [
        {"id": name, "title": "T", "text": f"{' '.join(text)}.", "source": name}
        for name, text in zip("abc", texts, strict=True)
    ]
    path = tmp_path / "a.jsonl"

    def near_duplicates(articles: list[dict[str, str]]) -> dict[str, set[str]]:
        write_jsonl(path, articles)
        qa.build([path], tmp_path / "index", settings=SMALL, embedder=WordEmbedder())
        found = qa.Retriever.open(tmp_path / "index", embedder=WordEmbedder())
        return {one["id"]: {copy.id for copy in found.near_duplicates(one["id"])} for one in articles}

    assert near_duplicates(stories) == {"a": {"b", "c"}, "b": {"a", "c"}, "c": {"a", "b"}}
    assert near_duplicates([stories[0], stories[2]]) == {"a": set(), "c": set()}
    assert near_duplicates(stories) == {"a": {"b", "c"}, "b": {"a", "c"}, "c": {"a", "b"}}


@given(st.lists(st.builds(Size, st.integers(0, 50), st.integers(0, 50), st.booleans()), max_size=12))
def test_every_segment_with_articles_is_in_one_run_and_runs_shrink(sizes):
    runs = runs_to_merge(sizes)
    assert [at for run in runs for at in run if sizes[at].alive] == [
        at for at, size in enumerate(sizes) if size.alive
    ]
    alive = [sum(sizes[at].alive for at in run) for run in runs]
    assert all(alive)
    assert all(first >= 4 * second for first, second in zip(alive, alive[1:], strict=False))


def test_run_stays_as_it_is_only_if_it_is_one_written_segment_with_few_deleted():
    sizes = [Size(75, 25), Size(74, 26), Size(9, written=False), Size(0, 5), Size(2, 0)]
    assert [needs_no_rewrite(sizes, range(at, at + 1)) for at in (0, 1, 2)] == [True, False, False]
    assert needs_no_rewrite(sizes, range(3, 5))  # one of the two segments is empty
    assert not needs_no_rewrite(sizes, range(2))


def test_segments_beyond_the_largest_size_are_not_joined(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(merge_policy, "LARGEST", 100)
    assert runs_to_merge([Size(60), Size(60), Size(40)]) == [range(1), range(1, 3)]


def test_small_update_of_a_larger_index_links_what_is_there(tmp_path: Path):
    path = write_jsonl(tmp_path / "a.jsonl", [article(n, 0, False) for n in range(24)])
    qa.build([path], tmp_path / "index", settings=SMALL, embedder=WordEmbedder())
    before = segment_folders(tmp_path / "index" / read_manifest(tmp_path / "index").generation)
    inodes = [file.stat().st_ino for segment in before for file in sorted(segment.iterdir())]
    embedder = WordEmbedder()
    path = write_jsonl(tmp_path / "b.jsonl", [article(3, 1, False), article(30, 0, False)])
    qa.build([path], tmp_path / "index", settings=SMALL, embedder=embedder, add=True)
    old, new = segment_folders(tmp_path / "index" / read_manifest(tmp_path / "index").generation)
    assert [file.stat().st_ino for file in sorted(old.iterdir())] == inodes
    assert {text.split()[1] for text in embedder.embedded} == {"3", "2"}


def test_damage_is_not_carried_into_the_next_generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qa.index.local.generation.VERIFIED_AT_OPEN", 0)
    path = write_jsonl(tmp_path / "a.jsonl", [article(n, 0, False) for n in range(9)])
    embedder = WordEmbedder()
    qa.build([path], tmp_path / "index", settings=SMALL, embedder=embedder)
    folder = tmp_path / "index" / read_manifest(tmp_path / "index").generation
    vectors = folder / "segment-0000" / "vectors.faiss"
    whole = bytearray(vectors.read_bytes())
    whole[-1] ^= 1
    vectors.write_bytes(whole)
    with pytest.raises(IndexDamaged, match=r"its content was altered\. Build the index again\."):
        qa.build([path], tmp_path / "index", settings=SMALL, embedder=embedder, add=True)
    embedder.embedded.clear()
    report = qa.build([path], tmp_path / "index", settings=SMALL, embedder=embedder)
    assert report.embedded == report.passages == len(embedder.embedded)
    assert qa.check(tmp_path / "index").articles == 9


def test_damage_while_a_generation_is_written_is_found_in_it(tmp_path: Path):
    path = write_jsonl(tmp_path / "a.jsonl", [article(n, 0, False) for n in range(9)])
    index = tmp_path / "index"
    qa.build([path], index, settings=SMALL, embedder=WordEmbedder())
    vectors = index / read_manifest(index).generation / "segment-0000" / "vectors.faiss"

    def damage(progress: qa.Progress) -> None:
        if progress.stage == "writing" and progress.done == 0:
            whole = bytearray(vectors.read_bytes())
            whole[-1] ^= 1
            vectors.write_bytes(whole)

    more = write_jsonl(tmp_path / "b.jsonl", [article(9, 0, False)])
    qa.build([more], index, settings=SMALL, embedder=WordEmbedder(), add=True, progress=damage)
    with pytest.raises(IndexDamaged, match="its content was altered"):
        qa.check(index)


def cut_in_halves(text, token_offsets, settings):
    """Another rule: two passages of every text."""
    middle = int(token_offsets[len(token_offsets) // 2, 0])
    return [(0, middle), (middle, len(text))]


@pytest.mark.parametrize("add", [False, True], ids=["whole", "add"])
def test_a_changed_rule_of_cutting_does_not_mix_with_passages_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, add: bool
):
    articles = [article(n, 0, copy=False) for n in range(6)]
    everything = write_jsonl(tmp_path / "everything.jsonl", articles)
    index = tmp_path / "index"
    qa.build([everything], index, settings=SMALL, embedder=WordEmbedder())
    monkeypatch.setattr("qa.index.cutting.chunk", cut_in_halves)
    monkeypatch.setattr("qa.index.make.CHUNKER_VERSION", CHUNKER_VERSION + 1)
    given_ = write_jsonl(tmp_path / "new.jsonl", articles[5:]) if add else everything
    report = qa.build([given_], index, settings=SMALL, embedder=WordEmbedder(), add=add)
    assert (report.articles, report.passages, report.embedded) == (6, 12, 12)
    assert read_manifest(index).chunker == CHUNKER_VERSION + 1
    qa.build([everything], tmp_path / "anew", settings=SMALL, embedder=WordEmbedder())
    assert answers(index) == answers(tmp_path / "anew")
    again = qa.build([everything], index, settings=SMALL, embedder=WordEmbedder())
    assert again.embedded == 0
