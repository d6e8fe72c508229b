"""Reply, Hits -> plain dicts for JSON, and a Markdown text with footnoted sources.

The shape of a reply, the same in the page's download and in ``python -m qa ask --json``::

    question        text
    outcome         "answered", "listed", "perhaps" (there is a guess alone) or "not found"
    found           whether there is a sure answer
    calibrated      whether the reader gives confidences
    answers         best first: text, where ("title" or "text"), start, end, sentence {text, start,
                    end}, confidence (a probability, or null if not calibrated), margin, null (score of
                    "no answer"),
                    in_english (whether its article is),
                    article, support [article], sources (independent ones), first, last (days), state,
                    as_of (day or null), times [{text, start, end, first, last, unit, words}] of
                    relative expressions
    guess           like an answer, or null: where none is sure, the best one, to be marked as unsure
    best_rejected   like an answer, or null: the best span below the threshold, guess or not
    passages        best first: text, start, end, score, similarity, bm25, similarity_rank, bm25_rank
                    (in the whole search, from 1), article, newer_version (id of the later
                    text of the same id or address, or null), near_duplicates [article]
    listing         for a question that names a time and no matter: total, articles [article], newest
                    first; or null
    time            the time that the question names: start, end, text, first, last, hard, words; or null
    follow_up       what the question took from the one before: before, added, question; or null
    timings         seconds by stage
    passages_read   how many of the passages, if reading stopped early; or null: all
    unknown         sources and tags asked for that no article has: kind, name, nearest [name],
                    commonest [name], others (how many more)

    composed        with ``ask --compose`` alone: see `composed_to_dict`

    article         id, title, source, url, authors, tags, published (ISO 8601, UTC, or null),
                    zone_assumed, approximate_to

A search (``search --json`` and ``POST /search``) has the passages and the unknown of these alone.

Places are half-open and count Unicode characters of the article's cleaned text; those of an answer, its
sentence and its times count in its title where ``where`` says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from qa import words
from qa.export_csv import CSV_COLUMNS as CSV_COLUMNS
from qa.export_csv import answered_to_csv as answered_to_csv
from qa.export_csv import reply_to_csv as reply_to_csv
from qa.records import Answer, Answered, Article, Composed, Hit, Hits, Listing, Reply, ResolvedTime
from qa.text.display import safe_href
from qa.text.sentences import sentence_around


def reply_to_dict(reply: Reply) -> dict[str, Any]:
    rejected = reply.best_rejected
    return {
        "question": reply.question,
        "outcome": reply.outcome,
        "found": bool(reply.answers),
        "calibrated": reply.calibrated,
        "answers": [_answer(answer) for answer in reply.answers],
        "guess": None if reply.guess is None else _answer(reply.guess),
        "best_rejected": None if rejected is None else _answer(rejected),
        "passages": hits_to_list(reply.hits),
        "listing": None if reply.listing is None else _listing(reply.listing),
        "time": None if reply.time is None else _dated(asdict(reply.time)),
        "follow_up": None if reply.follow_up is None else asdict(reply.follow_up),
        "timings": {stage: float(seconds) for stage, seconds in reply.timings.items()},
        "passages_read": reply.passages_read,
        "unknown": [asdict(name) for name in reply.unknown],
        "archive_ends": _day(reply.archive_ends),
    }


def _listing(listing: Listing) -> dict[str, Any]:
    return {"total": listing.total, "articles": [article_to_dict(article) for article in listing.articles]}


def reply_to_json(reply: Reply) -> str:
    return json_document(reply_to_dict(reply))


def json_document(content: dict[str, Any]) -> str:
    """Return what a download in JSON holds."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def found_to_dict(hits: Hits) -> dict[str, Any]:
    """Return what a search found as a dict for JSON: its passages, and the names that no article has."""
    return {"passages": hits_to_list(hits), "unknown": [asdict(name) for name in hits.unknown]}


def hits_to_list(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """Return passages as dicts for JSON, best first."""
    return [
        {
            "text": hit.passage.text,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "score": float(hit.score),
            "similarity": float(hit.similarity),
            "bm25": float(hit.bm25),
            "similarity_rank": hit.similarity_rank,
            "bm25_rank": hit.bm25_rank,
            "article": article_to_dict(hit.passage.article),
            "newer_version": None if hit.newer_version is None else hit.newer_version.id,
            "near_duplicates": [article_to_dict(article) for article in hit.near_duplicates],
        }
        for hit in hits
    ]


def composed_to_dict(composed: Composed) -> dict[str, Any]:
    """Return what a language model composed as a dict for JSON.

    Its fields are label ("composed"), stands (whether a sentence is left), model, endpoint and fault (a line,
    or null). ``sentences`` are [{text, cites, struck (the reason, or null)}]. ``passages`` are [{number,
    article (its id), start, end}], as they were sent and are cited.
    """
    return {
        "label": "composed",
        "stands": composed.stands,
        "model": composed.model,
        "endpoint": composed.endpoint,
        "fault": composed.fault if composed.fault else None,
        "sentences": [
            {"text": one.text, "cites": list(one.cites), "struck": one.struck if one.struck else None}
            for one in composed.sentences
        ],
        "passages": [
            {
                "number": number,
                "article": hit.passage.article.id,
                "start": hit.passage.start,
                "end": hit.passage.end,
            }
            for number, hit in enumerate(composed.passages, start=1)
        ],
    }


def article_to_dict(article: Article) -> dict[str, Any]:
    """Return everything about an article but its text."""
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "authors": list(article.authors),
        "tags": list(article.tags),
        "published": None if article.published is None else article.published.isoformat(),
        "zone_assumed": article.zone_assumed,
        "approximate_to": article.approximate_to,
    }


def reply_to_markdown(reply: Reply) -> str:
    """Return question, answers in their sentences and evidence, each with a footnote that names its source.

    Rendered, every quote is exact: what Markdown would read as markup is escaped.
    """
    notes = Footnotes()
    parts = [f"# {inline(reply.question)}"]
    if reply.listing is not None:
        parts.append(f"{words.listing(reply)}:")
        parts.append("\n".join(f"- {_source(article)}" for article in reply.listing.articles))
    if reply.outcome == "not found":
        parts.append("**Not found in this archive.**")
    for answer in reply.answers:
        parts.append(_answer_in_markdown(answer, notes))
    if reply.guess is not None:
        parts.append("**No answer that I am sure of.** The best guess:")
        parts.append(_answer_in_markdown(reply.guess, notes, is_guess=True))
    if reply.hits:
        parts.append("## Evidence")
    for hit in reply.hits:
        parts.append(block_quote(hit.passage.text) + notes.mark(hit.passage.article))
    return "\n\n".join(parts + notes.lines()) + "\n"


@dataclass(frozen=True, slots=True)
class Download:
    """A reply as a file."""

    label: str
    text: str
    name: str
    mime: str


def downloads(reply: Reply) -> list[Download]:
    """Return the files that the page offers, named after the question."""
    stem = file_stem(reply.question)
    return [
        Download("Download Markdown", reply_to_markdown(reply), f"{stem}.md", "text/markdown"),
        Download("Download JSON", reply_to_json(reply), f"{stem}.json", "application/json"),
        Download("Download CSV", reply_to_csv(reply), f"{stem}.csv", "text/csv"),
    ]


def file_stem(question: str) -> str:
    """Return the name of a file about a question, without its ending."""
    stem = "-".join(re.findall(r"[a-z0-9]+", question.lower()))[:50].strip("-")
    return f"news-qa-{stem}" if stem else "news-qa"


def _answer(answer: Answer) -> dict[str, Any]:
    start, end = sentence_around(answer.field, answer.start, answer.end)
    return {
        "text": answer.text,
        "where": answer.where,
        "start": answer.start,
        "end": answer.end,
        "sentence": {"text": answer.field[start:end], "start": start, "end": end},
        "confidence": None if answer.confidence is None else float(answer.confidence),
        "margin": float(answer.margin),
        "null": None if answer.null is None else float(answer.null),
        "in_english": answer.in_english,
        "article": article_to_dict(answer.article),
        "support": [article_to_dict(article) for article in answer.support],
        "sources": answer.sources,
        "first": _day(answer.first),
        "last": _day(answer.last),
        "state": answer.state,
        "as_of": _day(answer.as_of),
        "times": [{"text": _words_of(answer, time)} | _dated(asdict(time)) for time in answer.times],
    }


def _words_of(answer: Answer, time: ResolvedTime) -> str:
    return answer.field[time.start : time.end]


def _dated(values: dict[str, Any]) -> dict[str, Any]:
    """Return days as ISO 8601."""
    return {name: _day(value) if isinstance(value, date) else value for name, value in values.items()}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


class Footnotes:
    """One number for each article, in the order of first use, for a Markdown text."""

    def __init__(self) -> None:
        self.articles: dict[str, Article] = {}

    def mark(self, article: Article) -> str:
        """Return the mark that refers to an article."""
        self.articles.setdefault(article.id, article)
        return f"[^{list(self.articles).index(article.id) + 1}]"

    def lines(self) -> list[str]:
        """Return the footnotes, in order."""
        return [f"[^{number}]: {_source(a)}" for number, a in enumerate(self.articles.values(), start=1)]


def _source(article: Article) -> str:
    title = inline(article.title if article.title else "Untitled article")
    if safe_href(article.url) is not None:
        address = re.sub(r"[\s<>\\]", "", article.url)
        title = f"[{title}](<{address}>)"
    known: Sequence[str] = [title, inline(article.source), words.published(article)]
    return ", ".join(part for part in known if part) + f" (article {inline(article.id)})"


def _answer_in_markdown(answer: Answer, notes: Footnotes, *, is_guess: bool = False) -> str:
    start, end = sentence_around(answer.field, answer.start, answer.end)
    quote = block_quote(answer.field[start:end]) + notes.mark(answer.article)
    of_title = " of the title" if answer.where == "title" else ""
    place = (
        f"{words.sureness(answer, is_guess=is_guess)}; characters {answer.start} to {answer.end}{of_title}"
    )
    facts = [words.standing(answer), _agreement(answer, notes), words.language(answer)]
    facts += [f"“{inline(_words_of(answer, time))}” means {inline(time.words)}" for time in answer.times]
    lines = "\n".join(f"- {fact}" for fact in facts if fact)
    return "\n\n".join(part for part in (f"## {inline(answer.text)}", quote, place, lines) if part)


def _agreement(answer: Answer, notes: Footnotes) -> str:
    wording = words.agreement(answer)
    return wording and wording + "".join(notes.mark(article) for article in answer.support)


def block_quote(text: str) -> str:
    """Return a text as a quotation in Markdown; rendered, it is exact."""
    return "\n".join(f"> {_inline_line(line)}" if line else ">" for line in text.split("\n"))


def inline(text: str) -> str:
    """Return a text as one line of Markdown; rendered, it is exact but for its white space."""
    return _inline_line(" ".join(text.split()))


def _inline_line(line: str) -> str:
    """Escape what would be markup; ordinary words and figures stay as they are."""
    escaped = re.sub(r"([\\`*_\[\]<>$|~&^])", r"\\\1", line)
    escaped = re.sub(r"^(\s*)([#+\-=:])", r"\1\\\2", escaped)  # at the start: a heading, a list, a rule
    return re.sub(r"^(\s*\d+)([.)])(?=\s|$)", r"\1\\\2", escaped)  # a numbered list


def answered_to_dict(answered: Answered) -> dict[str, Any]:
    """Return one of many questions: `reply_to_dict` of its reply, or ``outcome`` "fault" and ``fault``."""
    if answered.reply is None:
        return {"question": answered.question, "outcome": "fault", "fault": answered.fault}
    return reply_to_dict(answered.reply)
