"""A file of questions and the conditions of the tab -> their replies as one table, with progress."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date

import streamlit as st

from qa import export, words
from qa.page import cache, frame
from qa.page.html import cards, progress
from qa.page.preferences import load_preferences
from qa.questions import questions_in
from qa.records import Answered
from qa.reports import Progress

MOST_QUESTIONS = 500  # some minutes of reading
MOST_BYTES = 2**20


def show(conditions: cache.Conditions, today: date) -> None:
    """Read a file of questions and show a table of their answers."""
    with st.expander("Many questions"):
        text = "A text with a question a line, a CSV with a column “question”, or JSONL."
        file = st.file_uploader("File of questions", ["txt", "csv", "jsonl"], help=text)
        if file is None or not st.button("Ask them all"):
            return
        questions = questions_in(file.name, file.getvalue(), most=MOST_QUESTIONS, most_bytes=MOST_BYTES)
        preferences = load_preferences(frame.index())
        answered = _watched(
            cache.ask_each(frame.index(), preferences, today, questions, conditions), questions
        )
        sure = sum(bool(one.reply and one.reply.answers) for one in answered)
        st.html(cards.quiet(f"{words.count(sure, 'question')} of {len(questions):,} have an answer."))
        for one in answered:
            if one.fault:
                st.html(cards.quiet(f"{one.question}: {one.fault}"))
        st.download_button(
            "Download the answers",
            export.answered_to_csv(answered),
            "news-qa-answers.csv",
            "text/csv",
            on_click="ignore",
        )


def _watched(answered: Iterator[Answered], questions: Sequence[str]) -> list[Answered]:
    """Ask the questions, while a bar shows how far they have come, how fast, and what is left."""
    began = time.monotonic()
    done: list[Answered] = []
    bar = st.progress(0.0, progress.line(Progress("asking", 0, len(questions), "questions"), None))
    for one in answered:
        done.append(one)
        now = Progress("asking", len(done), len(questions), "questions")
        bar.progress(progress.fraction(now), progress.line(now, len(done) / (time.monotonic() - began)))
    bar.empty()
    return done
