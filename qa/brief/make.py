"""A topic and an archive -> its Brief: what happened, in order, in exact sentences of its articles.

Passages on the topic are found as for a question. The sentences of their articles are dated
(:mod:`qa.brief.dated`). The days on which most independent articles report are chosen
(:mod:`qa.brief.days`). Each day gets one or two sentences that are relevant and repeat nothing
(:mod:`qa.brief.choose`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from qa import checks
from qa.brief.choose import events_of
from qa.brief.dated import dated_sentences
from qa.brief.days import Weighed, most_salient, salience
from qa.brief.records import DAYS, MOST_DAYS, Brief, BriefDay
from qa.news.agreement import near_duplicates_of
from qa.records import Article, Hit, TimeCondition
from qa.retrieve.floor import is_about
from qa.retrieve.query import AsOf, Day, Names, Query, query_of
from qa.retrieve.retriever import Retriever
from qa.text.dates.periods import is_between

PASSAGES = 300  # looked at
MOST_ARTICLES = 120
MOST_SENTENCES = 1500  # embedded; some seconds on two cores
ON_TOPIC = 0.6  # of the best passage's score, that an article's best must have
LEAST = 0.1  # of the weightiest day's salience, that a day must have


def make_brief(
    retriever: Retriever,
    topic: str,
    *,
    since: Day = None,
    until: Day = None,
    source: Names = None,
    tag: Names = None,
    as_of: AsOf = None,
    days: int = DAYS,
) -> Brief:
    """Return a brief of at most ``days`` days on a topic.

    ``since`` and ``until`` bound its days. Articles from before ``since`` are left out. Articles from after
    ``until`` may look back, so they are read. If neither is given, a time in the topic ("since September")
    bounds the days; it counts from ``as_of``, today by default.

    :raises InputError: if the topic is empty or too long, or a date cannot be read.
    :raises ValueError: if ``days`` is not from 1 to 100, or a datetime is naive.
    """
    days = checks.whole_number("days", days, least=1, most=MOST_DAYS)
    query = query_of(
        checks.text("topic", topic), since=since, until=until, source=source, tag=tag, as_of=as_of
    )
    first, last = _bounds(query)
    text = _without_time(query.text, query.time)
    # No day of asking and no preference for a time: all days of the topic count alike.
    filters = replace(query.filters, until=None)
    found = retriever.find(Query(text, filters), PASSAGES)
    articles, relevances = on_topic(found) if is_about(text, found) else ([], [])
    lines, vectors = weighed(retriever, text, articles, relevances, near_duplicates_of(found))
    lines = [one for one in lines if is_between(one.dated.day, first, last)]
    told = chain(lines, vectors, days)
    return Brief(
        topic=query.text,
        days=told,
        articles=len(articles),
        since=first,
        until=last,
        unknown=retriever.unknown(query.filters, found=bool(told)),
    )


def on_topic(hits: Sequence[Hit]) -> tuple[list[Article], list[float]]:
    """Return the articles whose best passage is on the topic, the most relevant first, each with 0 to 1."""
    best: dict[str, tuple[Article, float]] = {}
    for hit in hits:
        best.setdefault(hit.passage.article.id, (hit.passage.article, hit.score))
    if not best:
        return [], []
    top = hits[0].score
    kept = [(article, score / top) for article, score in best.values() if score >= ON_TOPIC * top][
        :MOST_ARTICLES
    ]
    return [article for article, _ in kept], [relevance for _, relevance in kept]


def weighed(
    retriever: Retriever,
    topic: str,
    articles: Sequence[Article],
    relevances: Sequence[float],
    near_duplicates: Mapping[str, frozenset[str]],
) -> tuple[list[Weighed], np.ndarray]:
    """Return the dated sentences of the articles, weighed, and the unit vectors ``(n, dim)`` of texts."""
    dated = [
        (one, relevance, min(near_duplicates[article.id]))
        for article, relevance in zip(articles, relevances, strict=True)
        for one in dated_sentences(article)
    ]
    texts = list(dict.fromkeys(one.quote.text for one, _, _ in dated))[:MOST_SENTENCES]
    rows = {text: row for row, text in enumerate(texts)}
    if not texts:
        return [], np.empty((0, 0))
    embedder = retriever.embedder
    vectors, of_topic = embedder.embed_passages(texts), embedder.embed_question(topic)
    nearness = np.clip(vectors @ of_topic, 0, 1)
    return [
        Weighed(one, story, relevance * float(nearness[rows[text]]) ** 0.5, rows[text])
        for one, relevance, story in dated
        if (text := one.quote.text) in rows
    ], vectors


def chain(lines: Sequence[Weighed], vectors: np.ndarray, many: int) -> tuple[BriefDay, ...]:
    """Return the days that matter most, at most so many, in order, each with its events."""
    weights = salience(lines)
    chosen: list[int] = []
    days = []
    # The weightiest day first, so that it gets the sentence that fits it best.
    for day in sorted(most_salient(weights, many, least=LEAST), key=lambda day: (-weights[day], day)):
        of_day = [one for one in lines if one.dated.day == day]
        new = [one for one in of_day if one.row not in chosen]  # a sentence may name two days
        events = events_of(new if new else of_day, vectors, chosen)
        chosen += [row for _, row in events]
        stories = {one.story for one in of_day}
        days.append(BriefDay(day, tuple(event for event, _ in events), len(stories)))
    return tuple(sorted(days, key=lambda one: one.day))


def _bounds(query: Query) -> tuple[date | None, date | None]:
    """Return the first and the last day of a brief, from the filters or else from the time in the topic."""
    filters, time = query.filters, query.time
    if filters.since is not None or filters.until is not None:
        first = None if filters.since is None else filters.since.date()
        last = None if filters.until is None else (filters.until - timedelta(microseconds=1)).date()
        return first, last
    return (time.first, time.last) if time is not None and time.hard else (None, None)


def _without_time(text: str, time: TimeCondition | None) -> str:
    """Return the topic without the time that bounds it, if words are left."""
    if time is None or not time.hard:
        return text
    rest = " ".join((text[: time.start] + " " + text[time.end :]).split())
    return rest if any(character.isalnum() for character in rest) else text
