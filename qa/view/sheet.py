"""Reply -> CSV for spreadsheets: a row for each answer, then one for each passage."""

from __future__ import annotations

import csv
import io

from qa.records import Answer, Article, Hit, Reply, ResolvedTime
from qa.view.highlight import sentence_around

HEADER = (
    "question", "kind", "rank", "text", "sentence", "confidence", "margin", "score", "sources", "first",
    "last", "state", "as_of", "times", "title", "source", "published", "url", "article", "start", "end",
)  # fmt: skip
# Spreadsheets take cells that begin so, some even behind blanks, for formulas, which could call out; a
# leading quote makes them text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def reply_to_csv(reply: Reply) -> str:
    """With a byte order mark, or Excel would read it as Latin-1."""
    rows = [_answer(rank, answer) for rank, answer in enumerate(reply.answers, start=1)]
    rows += [_passage(rank, hit) for rank, hit in enumerate(reply.hits, start=1)]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in rows:
        cells = row | {"question": reply.question}
        writer.writerow([_cell(cells.get(name)) for name in HEADER])
    return "\ufeff" + written.getvalue()


def _answer(rank: int, answer: Answer) -> dict[str, object]:
    text = answer.article.text
    first, last = sentence_around(text, answer.start, answer.end)
    confidence = None if answer.confidence is None else round(answer.confidence, 4)
    return _where(answer.article, answer.start, answer.end) | {
        "kind": "answer",
        "rank": rank,
        "text": answer.text,
        "sentence": text[first:last],
        "confidence": confidence,
        "margin": round(answer.margin, 4),
        "sources": answer.sources,
        "first": answer.first,
        "last": answer.last,
        "state": answer.state,
        "as_of": answer.as_of,
        "times": "; ".join(_told(answer, time) for time in answer.times),
    }


def _told(answer: Answer, time: ResolvedTime) -> str:
    """ "later this month: 2023-09-01 to 2023-09-30"."""
    days = dict.fromkeys((time.first.isoformat(), time.last.isoformat()))
    return f"{answer.article.text[time.start : time.end]}: {' to '.join(days)}"


def _passage(rank: int, hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return _where(passage.article, passage.start, passage.end) | {
        "kind": "passage",
        "rank": rank,
        "text": passage.text,
        "score": round(hit.score, 4),
    }


def _where(article: Article, start: int, end: int) -> dict[str, object]:
    return {
        "title": article.title,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "article": article.id,
        "start": start,
        "end": end,
    }


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and (value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)):
        return f"'{value}"
    return str(value)
