"""Reply, or many of them -> CSV: a row for each answer, guess, listed article and passage."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from qa.records import Answer, Answered, Article, Hit, Reply, ResolvedTime
from qa.text.sentences import sentence_around

CSV_COLUMNS = (
    "question", "kind", "rank", "text", "sentence", "confidence", "margin", "score", "sources", "first",
    "last", "state", "as_of", "times", "title", "source", "published", "url", "article", "where", "start",
    "end",
)  # fmt: skip
# Spreadsheets take cells that begin so, some behind blanks or in full width, for formulas, which could call
# out; a quote before makes them text. Where semicolons part cells, a cell of ours may be split at one, and
# double quotes behind it, which we wrote twice, are then an empty quoted text that the rest is joined to.
_FORMULA = re.compile(
    r"(^(?![\s\"]*\")|[;\t\r\n])(?=(?:[^\S;\t\r\n]|\")*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])"
)


def reply_to_csv(reply: Reply) -> str:
    """Return answers or guess, and passages; with a byte order mark, or Excel would read it as Latin-1."""
    rows = _csv_found(reply)
    rows += [_csv_passage(rank, hit) for rank, hit in enumerate(reply.hits, start=1)]
    return _csv([row | {"question": reply.question} for row in rows])


def answered_to_csv(answered: Iterable[Answered], *, header: bool = True) -> str:
    """Return the answer or guess to each of many questions, or why there is none; a guess is called so.

    A last column, ``fault``, says why a question could not be asked. Without ``header``: rows that go on
    with a file which has it.
    """
    rows: list[dict[str, object]] = []
    for one in answered:
        found = [] if one.reply is None else _csv_found(one.reply)
        if not found:
            found = [
                {"kind": "no answer"} if one.reply is not None else {"kind": "fault", "fault": one.fault}
            ]
        rows += [{**row, "question": one.question} for row in found]
    return _csv(rows, (*CSV_COLUMNS, "fault"), header=header)


def _csv_found(reply: Reply) -> list[dict[str, object]]:
    rows = [_csv_answer(rank, answer, "answer") for rank, answer in enumerate(reply.answers, start=1)]
    if reply.listing is not None:
        listed = enumerate(reply.listing.articles, start=1)
        rows += [_csv_place(article, 0, 0) | {"kind": "listed", "rank": rank} for rank, article in listed]
    return rows if reply.guess is None else [*rows, _csv_answer(1, reply.guess, "guess")]


def _csv(
    rows: Iterable[Mapping[str, object]], columns: Sequence[str] = CSV_COLUMNS, *, header: bool = True
) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    if header:
        written.write("\ufeff")
        writer.writerow(columns)
    for row in rows:
        writer.writerow([_csv_cell(row.get(name)) for name in columns])
    return written.getvalue()


def _csv_answer(rank: int, answer: Answer, kind: Literal["answer", "guess"]) -> dict[str, object]:
    first, last = sentence_around(answer.field, answer.start, answer.end)
    confidence = None if answer.confidence is None else round(answer.confidence, 4)
    return _csv_place(answer.article, answer.start, answer.end) | {
        "where": answer.where,
        "kind": kind,
        "rank": rank,
        "text": answer.text,
        "sentence": answer.field[first:last],
        "confidence": confidence,
        "margin": round(answer.margin, 4),
        "sources": answer.sources,
        "first": answer.first,
        "last": answer.last,
        "state": answer.state,
        "as_of": answer.as_of,
        "times": "; ".join(_csv_time(answer, time) for time in answer.times),
    }


def _csv_time(answer: Answer, time: ResolvedTime) -> str:
    """Return "later this month: 2023-09-01 to 2023-09-30"."""
    days = dict.fromkeys((time.first.isoformat(), time.last.isoformat()))
    return f"{answer.field[time.start : time.end]}: {' to '.join(days)}"


def _csv_passage(rank: int, hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return _csv_place(passage.article, passage.start, passage.end) | {
        "where": "text",
        "kind": "passage",
        "rank": rank,
        "text": passage.text,
        "score": round(hit.score, 4),
    }


def _csv_place(article: Article, start: int, end: int) -> dict[str, object]:
    return {
        "title": article.title,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "article": article.id,
        "start": start,
        "end": end,
    }


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else str(value)
