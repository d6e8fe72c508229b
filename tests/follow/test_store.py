"""What is followed is kept whole beside the index, whatever happens to it."""

from __future__ import annotations

import errno
import json
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as XML

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa
from qa.errors import InputError
from qa.follow.again import known_answer
from qa.follow.codec import notebook_of, notebook_to_dict
from qa.follow.feed import atom
from qa.follow.records import Change, Followed, KnownAnswer, Notebook
from qa.follow.store import FEED, FILE, MOST_QUESTIONS, change, follow, followed, scrub, unfollow
from qa.records import UnknownName

TOLL = "How many people died?"
AT = datetime(2023, 11, 12, 8, 30, tzinfo=UTC)


def answer(text: str, article: str = "a", **known: object) -> KnownAnswer:
    sentence = f"At least {text} people died."
    values = {"title": "Toll", "source": "Northern Ledger", "url": "https://example.org/a", "published": AT}
    return KnownAnswer(text, sentence, 9, 9 + len(text), "current", 0.8, article, **(values | known))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_questions_are_kept_in_order_and_none_twice(index: Path):
    one = follow(index, TOLL)
    two = follow(index, "Who resigned?", sources=["Reuters"])
    assert (one.number, two.number) == (1, 2)
    assert follow(index, TOLL) == one
    assert [(q.question, q.sources) for q in followed(index).questions] == [
        (TOLL, ()),
        ("Who resigned?", ("Reuters",)),
    ]
    assert follow(index, TOLL, tags=["Storms"]).number == 3  # other conditions make it another question


def test_a_number_is_never_given_twice(index: Path):
    follow(index, TOLL)
    assert unfollow(index, 1).question == TOLL
    assert follow(index, TOLL).number == 2
    with pytest.raises(InputError, match="no followed question has the number 1"):
        unfollow(index, 1)


def test_there_is_a_bound(index: Path):
    for number in range(MOST_QUESTIONS):
        follow(index, f"Question {number}?")
    with pytest.raises(InputError, match=f"{MOST_QUESTIONS} questions are followed already"):
        follow(index, TOLL)
    assert len(followed(index).questions) == MOST_QUESTIONS


def test_neither_update_nor_rebuild_nor_clearing_touches_it(index: Path, build_small, news):
    build_small(news)
    follow(index, TOLL)
    before = (index / FILE).read_bytes()
    build_small(news[:2])
    build_small(news[2:], add=True)
    build_small(news, passage_tokens=40)  # cuts and embeds everything again
    assert (index / FILE).read_bytes() == before


def test_nothing_is_followed_where_nothing_was(index: Path):
    assert followed(index) == Notebook() and not index.exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "no JSON"),
        ("[]", "holds no object"),
        ('{"format": 2}', "its format is '2', not 1"),
        ('{"format": 1, "next_number": true}', "next_number is no number"),
        ('{"format": 1, "next_number": 1, "questions": {}}', "questions is no list"),
        ("[" * 1000, "nested deeper"),
    ],
)
def test_a_broken_file_is_reported_in_one_line_and_left_as_it_is(index: Path, content: str, why: str):
    index.mkdir()
    (index / FILE).write_text(content)
    for act in (lambda: followed(index), lambda: follow(index, TOLL)):
        with pytest.raises(InputError, match=why) as told:
            act()
        assert str(index / FILE) in str(told.value) and "delete it" in str(told.value)
    assert (index / FILE).read_text() == content


def test_a_change_that_fails_leaves_what_was(index: Path):
    follow(index, TOLL)
    before = (index / FILE).read_bytes()

    def fail(notebook: Notebook) -> Notebook:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        change(index, fail)
    assert (index / FILE).read_bytes() == before
    assert {path.name for path in index.iterdir()} <= {FILE, FEED, "follow.lock"}


def test_a_disk_that_fails_is_reported_and_leaves_what_was(index: Path, monkeypatch):
    follow(index, TOLL)
    before = (index / FILE).read_bytes()

    def full(self: Path, *how: object, **more: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(InputError, match="No space left.*Free some space"):
        follow(index, "Who resigned?")
    assert (index / FILE).read_bytes() == before
    assert {path.name for path in index.iterdir()} <= {FILE, FEED, "follow.lock"}


def test_programs_that_write_at_once_lose_nothing(index: Path):
    threads = [threading.Thread(target=follow, args=(index, f"Question {n}?")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.number for one in followed(index).questions) == list(range(1, 9))


TEXT = st.text(max_size=12)


@given(TEXT, TEXT, TEXT, st.none() | st.floats(0, 1), st.booleans())
def test_what_is_written_is_what_is_read(question: str, title: str, source: str, sure, dated: bool):
    known = answer("227", title=title, source=source, published=AT if dated else None)
    known = replace(known, confidence=sure)
    notebook = Notebook(
        (Followed(3, question, (source,), (title,), AT, AT, known), Followed(4, "x")),
        (Change(3, question, None, known, AT), Change(3, question, known, None, AT)),
        "g",
        5,
        "name",
    )
    written = json.dumps(notebook_to_dict(notebook), ensure_ascii=False)
    assert notebook_of(json.loads(written)) == notebook


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("text", "999", "does not stand in its sentence"),
        ("confidence", 2, "from 0 to 1"),
        ("state", "sure", "state is none"),
        ("published", "2023-11-12", "no moment with a zone"),
        ("start", -1, "no number from 0"),
        ("title", "x" * 10_001, "no text of up to"),
    ],
)
def test_an_impossible_answer_is_refused(field: str, value: object, why: str):
    plain = notebook_to_dict(Notebook((Followed(1, TOLL, answer=answer("227")),)))
    plain["questions"][0]["answer"][field] = value
    with pytest.raises(ValueError, match=why):
        notebook_of(plain)


def test_what_is_forgotten_is_gone_from_answers_changes_and_feed(index: Path, build_small, news):
    build_small(news)
    follow(index, TOLL)
    quoted = answer("3,400", "quake")
    other = answer("369", "ship")

    def know(notebook: Notebook) -> Notebook:
        changes = (Change(1, TOLL, other, quoted, AT), Change(1, TOLL, None, other, AT))
        return replace(
            notebook, questions=(replace(notebook.questions[0], answer=quoted, asked=AT),), changes=changes
        )

    change(index, know)
    assert "3,400" in (index / FEED).read_text()
    qa.forget(index, ids=["quake"], dry_run=True)
    assert followed(index).questions[0].answer == quoted
    qa.forget(index, ids=["quake"])
    kept = followed(index)
    assert (kept.questions[0].answer, kept.questions[0].asked) == (None, None)  # what comes next is no change
    assert [one.after for one in kept.changes] == [other]
    assert "3,400" not in (index / FILE).read_text() + (index / FEED).read_text()


def test_forgetting_writes_nothing_where_nothing_is_followed(index: Path):
    scrub(index, ["a"])
    assert not index.exists()


# ---- the feed ----

ATOM = "{http://www.w3.org/2005/Atom}"


def test_feed_lists_each_change_with_its_quote_and_link():
    notebook = Notebook(changes=(Change(1, TOLL, answer("223"), answer("227"), AT),), name="n")
    feed = XML.fromstring(atom(notebook).encode())
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == f"{TOLL} 223 → 227, Northern Ledger, 12 November 2023"
    assert entry.findtext(f"{ATOM}content") == "At least 227 people died. (Toll)"
    assert entry.find(f"{ATOM}link").get("href") == "https://example.org/a"
    assert feed.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated") == "2023-11-12T08:30:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "News QA"


def test_hostile_text_stands_as_text_in_the_feed_and_no_script_is_a_link():
    evil = answer("227", title="<script>&\x00\x1b\ud800\ufffe]]>", url="javascript:alert(1)")
    feed = XML.fromstring(atom(Notebook(changes=(Change(1, "<b>?", None, evil, AT),), name="n")).encode())
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}content") == "At least 227 people died. (<script>&\ufffd]]>)"
    assert entry.find(f"{ATOM}link") is None
    assert entry.findtext(f"{ATOM}title").startswith("<b>? no sure answer → 227")


def test_entries_keep_their_names_from_one_writing_to_the_next():
    first = Change(1, TOLL, None, answer("223"), AT)
    second = Change(1, TOLL, answer("223"), answer("227"), AT.replace(day=13))
    ids = [
        [entry.findtext(f"{ATOM}id") for entry in XML.fromstring(atom(Notebook(changes=c, name="n")).encode())
         if entry.tag == f"{ATOM}entry"]
        for c in ((first,), (second, first))
    ]  # fmt: skip
    assert ids[1][1] == ids[0][0] != ids[1][0]


def test_known_answer_holds_the_sentence_around_the_quote(reply):
    known = known_answer(reply.answers[0])
    assert known.sentence[known.start : known.end] == known.text == "25 to 27 July"
    assert (known.article, known.source, known.confidence) == ("a1", "CBS News", 0.83)


def test_what_may_not_be_read_or_written_is_said_with_what_to_allow_and_nothing_is_lost(
    tmp_path, monkeypatch
):
    follow(tmp_path, "Who resigned?")
    before = (tmp_path / FILE).read_bytes()

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patched:
        patched.setattr("qa.follow.store.read_object", closed)
        with pytest.raises(
            InputError, match=r"cannot be read \(Permission denied\)\. See to it that you may read it\."
        ):
            followed(tmp_path)
    monkeypatch.setattr("qa.follow.store.write_whole", closed)
    line = r"cannot be kept \(Permission denied\)\. See to it that you may write its folder, and follow\.lock"
    with pytest.raises(InputError, match=line):
        follow(tmp_path, "Who met Putin?")
    assert (tmp_path / FILE).read_bytes() == before


def test_a_question_to_a_name_that_no_article_has_is_refused_with_the_nearest(index: Path):
    unknown = [UnknownName("source", "Reuter", ("Reuters",)), UnknownName("tag", "Mars", (), ("Egypt",), 3)]
    with pytest.raises(InputError) as refused:
        follow(index, "Who?", sources=["Reuter"], tags=["Mars"], unknown=unknown)
    assert str(refused.value) == (
        "This archive has no source “Reuter”. Did you mean Reuters? "
        "This archive has no topic “Mars”. It has Egypt and 3 more."
    )
    assert followed(index).questions == ()
