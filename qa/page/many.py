"""A file of questions and the conditions of the tab -> their replies as one table, with progress."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from qa import export, words
from qa.errors import InputError
from qa.page import cache, errors, frame
from qa.page.html import cards, many, progress
from qa.page.preferences import load_preferences
from qa.questions import questions_in
from qa.records import Answered
from qa.reports import Progress

MOST_QUESTIONS = 500  # some minutes of reading
MOST_MEGABYTES = 1
ACCEPTED = "One question a line, a CSV with a column “question”, or JSONL; 500 questions at most."
_ANSWERED = "many questions answered"  # what came of the last file of this tab


@dataclass(frozen=True, slots=True)
class _Table:
    """What came of a file of questions, under all that it depends on."""

    key: tuple[object, ...]
    line: str  # how many have an answer
    table: str  # HTML
    csv: str


def show(generation: str, conditions: cache.Conditions, today: date) -> None:
    """Read a file of questions and show a table of their answers.

    ``generation``: of the index.
    """
    with st.expander("Many questions"):
        st.html(cards.quiet(ACCEPTED))
        file = st.file_uploader("File of questions", ["txt", "csv", "jsonl"], max_upload_size=MOST_MEGABYTES)
        if file is None:
            return
        content = file.getvalue()
        preferences = load_preferences(frame.index())
        digest = hashlib.sha256(content).hexdigest()
        key = (frame.index(), generation, preferences, conditions, today, file.name, digest)
        kept: _Table | None = st.session_state.get(_ANSWERED)
        if st.button("Ask them all"):
            try:
                questions = questions_in(
                    file.name, content, most=MOST_QUESTIONS, most_bytes=MOST_MEGABYTES * 2**20
                )
            except InputError as error:
                st.error(errors.message_of(error))
                return
            asked = cache.ask_each(frame.index(), preferences, today, questions, conditions)
            kept = st.session_state[_ANSWERED] = _table_of(key, _watched(asked, questions), conditions)
            frame.announce(kept.line)
        if kept is not None and kept.key == key:
            _show(kept)


def _table_of(key: tuple[object, ...], answered: Sequence[Answered], conditions: cache.Conditions) -> _Table:
    sure = sum(bool(one.reply and one.reply.answers) for one in answered)
    line = f"{words.count(sure, 'question')} of {len(answered):,} {'has' if sure == 1 else 'have'} an answer."
    strange = next((one.reply.unknown for one in answered if one.reply and one.reply.unknown), ())
    line = " ".join([line, *map(words.unknown_and_known, strange)])

    def address_of(question: str) -> str:
        return _address(question, conditions)

    return _Table(key, line, many.table(answered, address_of), export.answered_to_csv(answered))


def _show(kept: _Table) -> None:
    st.html(cards.quiet(kept.line))
    st.download_button("Download the answers", kept.csv, "news-qa-answers.csv", "text/csv", on_click="ignore")
    st.html(kept.table)


def _address(question: str, conditions: cache.Conditions) -> str:
    """Return where the page asks a question under the same conditions, below its own address."""
    named: list[tuple[str, str]] = [("q", question)]
    named += [
        (name, day.isoformat())
        for name, day in (("since", conditions.since), ("until", conditions.until))
        if day is not None
    ]
    named += [("source", source) for source in conditions.sources]
    named += [("tag", tag) for tag in conditions.tags]
    if archive := frame.named():
        named.append((frame.ARCHIVE, archive))
    return f"./?{urlencode(named)}"


def _watched(answered: Iterator[Answered], questions: Sequence[str]) -> list[Answered]:
    """Ask the questions, while a bar shows how far they have come, how fast, and what is left."""
    began = time.monotonic()
    done: list[Answered] = []
    bar = st.progress(0.0, progress.line(Progress("asking", 0, len(questions), "questions"), None, 0.0))
    for one in answered:
        done.append(one)
        now = Progress("asking", len(done), len(questions), "questions")
        seconds = time.monotonic() - began
        bar.progress(progress.fraction(now), progress.line(now, len(done) / seconds, seconds))
    bar.empty()
    return done
