"""Reply, hits, article -> short records for a language model: what it can cite, and what can be checked.

A record for programs (:mod:`qa.export`) carries scores and ten passages; a model needs the quote, where it
stands, how sure it is, how it stands to other reports, and in plain words what was not found.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from qa import words
from qa.brief.records import Brief
from qa.records import Answer, Article, Hit, Hits, Reply, UnknownName
from qa.reports import Overview
from qa.text.sentences import sentence_around

_NAMES = 50  # sources and tags that an overview lists


class Sent(BaseModel):
    """A record that is sent and never received."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Sent):
    """The article to name when something of it is cited."""

    article_id: str = Field(description="For read_article.")
    title: str
    source: str = Field(description="The outlet.")
    published: str | None = Field(description="ISO 8601, UTC; null: not known.")
    date: str = Field(description="The same in words, no finer than it is known.")
    url: str


class Citation(Sent):
    """An exact quote and all that is known of it."""

    quote: str = Field(description="Word for word from the article.")
    sentence: str = Field(description="The sentence around it, word for word.")
    where: Literal["text", "title"] = Field(
        description="The field of the article that start and end count in."
    )
    start: int = Field(description="First character of the quote.")
    end: int = Field(description="First character after it.")
    confidence: float | None = Field(
        description="Probability that this answers the question; null: not known."
    )
    sureness: str = Field(description="The same in words. Say so when you cite.")
    standing: str = Field(description="Whether newer or other reports say otherwise; empty: nothing known.")
    agreement: str = Field(description="How many independent sources say the same; empty: this one alone.")
    times: list[str] = Field(description="What 'last week' and the like in the sentence mean.")
    source: Source


class CitedPassage(Sent):
    """A stretch of an article, word for word."""

    text: str
    start: int = Field(description="Its first character in the article's text.")
    end: int
    newer_version: str | None = Field(description="The id of a later text of the same article.")
    source: Source


class Asked(Sent):
    """What the archive answers."""

    outcome: Literal["answered", "listed", "perhaps", "not found"]
    summary: str = Field(description="What you may say of it, in one or two sentences.")
    answers: list[Citation] = Field(description="Sure answers, best first.")
    listed: list[Source] = Field(description="Articles of a time, where the question names nothing else.")
    guess: Citation | None = Field(description="No sure answer: say that it is unsure, or leave it out.")
    not_found: list[str] = Field(description="What was asked for and is not in the archive.")
    question_read_as: str | None = Field(description="How a follow-up was completed.")
    time: str | None = Field(description="How a time in the question was understood.")
    passages: list[CitedPassage] = Field(description="The closest passages, where there is no sure answer.")


class Found(Sent):
    """What a search finds."""

    passages: list[CitedPassage] = Field(description="Best first.")
    not_found: list[str] = Field(description="What was asked for and is not in the archive.")


class Sentence(Sent):
    """A sentence of an article, word for word."""

    text: str
    start: int = Field(description="Its first character in the article's text.")
    end: int
    sources: int = Field(description="Independent articles that say it; near-duplicates count as one.")
    source: Source


class BriefedDay(Sent):
    """What happened on a day."""

    day: str = Field(description="ISO 8601.")
    articles: int = Field(description="Independent articles that report on the day.")
    sentences: list[Sentence] = Field(description="One or two, the more relevant one first.")


class Briefed(Sent):
    """A topic as a chain of days."""

    topic: str
    days: list[BriefedDay] = Field(description="In the order of time.")
    not_found: list[str] = Field(description="What was asked for and is not in the archive.")


class Read(Sent):
    """A stretch of an article's text."""

    source: Source
    text: str = Field(description="text[start:end] of the article.")
    start: int
    end: int
    characters: int = Field(description="Of the whole text. Read on from end, if it is less.")
    authors: list[str]
    tags: list[str]


class Contents(Sent):
    """What the archive holds."""

    articles: int
    first: str | None = Field(description="The day of the earliest article. Nothing before it is known here.")
    last: str | None = Field(description="The day of the latest article. Nothing after it is known here.")
    undated: int = Field(description="Articles without a date.")
    sources: dict[str, int] = Field(description=f"Articles by source, the {_NAMES} largest.")
    all_sources: int
    tags: dict[str, int] = Field(description=f"Articles by tag, the {_NAMES} largest.")
    all_tags: int
    built: str


def asked(reply: Reply, passages: int) -> Asked:
    """Return a reply, with at most so many passages where it has no sure answer."""
    hits = [] if reply.answers else reply.hits[:passages]
    return Asked(
        outcome=reply.outcome,
        summary=_summary(reply),
        answers=[citation(answer) for answer in reply.answers],
        listed=[] if reply.listing is None else [source_of(article) for article in reply.listing.articles],
        guess=None if reply.guess is None else citation(reply.guess, is_guess=True),
        not_found=_not_found(reply),
        question_read_as=None if reply.follow_up is None else reply.follow_up.question,
        time=None if reply.time is None else words.time_condition(reply.time),
        passages=[cited_passage(hit) for hit in hits],
    )


def citation(answer: Answer, *, is_guess: bool = False) -> Citation:
    """Return an answer with the sentence around it."""
    start, end = sentence_around(answer.field, answer.start, answer.end)
    return Citation(
        quote=answer.text,
        sentence=answer.field[start:end],
        where=answer.where,
        start=answer.start,
        end=answer.end,
        confidence=None if answer.confidence is None else round(answer.confidence, 3),
        sureness=words.sureness(answer, is_guess=is_guess),
        standing=words.standing(answer),
        agreement=words.agreement(answer),
        times=[f"“{answer.field[time.start : time.end]}” means {time.words}" for time in answer.times],
        source=source_of(answer.article),
    )


def cited_passage(hit: Hit) -> CitedPassage:
    """Return a passage with its place."""
    newer = hit.newer_version
    return CitedPassage(
        text=hit.passage.text,
        start=hit.passage.start,
        end=hit.passage.end,
        newer_version=None if newer is None else newer.id,
        source=source_of(hit.passage.article),
    )


def found(hits: Hits) -> Found:
    """Return what a search found, and which sources or tags the archive lacks."""
    return Found(passages=[cited_passage(hit) for hit in hits], not_found=_lacking(hits.unknown))


def briefed(brief: Brief) -> Briefed:
    """Return a brief, and which sources or tags the archive lacks."""
    not_found = _lacking(brief.unknown)
    if not brief.days and not not_found:
        not_found = [f"Anything on “{brief.topic}”."]
    days = [
        BriefedDay(
            day=day.day.isoformat(),
            articles=day.articles,
            sentences=[
                Sentence(
                    text=event.quote.text,
                    start=event.quote.start,
                    end=event.quote.end,
                    sources=event.sources,
                    source=source_of(event.quote.article),
                )
                for event in day.events
            ],
        )
        for day in brief.days
    ]
    return Briefed(topic=brief.topic, days=days, not_found=not_found)


def read(article: Article, start: int, longest: int) -> Read:
    """Return at most ``longest`` characters of an article's text, from ``start`` on."""
    first = min(start, len(article.text))
    end = min(first + longest, len(article.text))
    return Read(
        source=source_of(article),
        text=article.text[first:end],
        start=first,
        end=end,
        characters=len(article.text),
        authors=list(article.authors),
        tags=list(article.tags),
    )


def contents(facts: Overview) -> Contents:
    """Return what an archive holds."""
    return Contents(
        articles=facts.articles,
        first=None if facts.first is None else facts.first.date().isoformat(),
        last=None if facts.last is None else facts.last.date().isoformat(),
        undated=facts.undated,
        sources=dict(facts.sources[:_NAMES]),
        all_sources=len(facts.sources),
        tags=dict(facts.tags[:_NAMES]),
        all_tags=len(facts.tags),
        built=facts.built.isoformat(),
    )


def source_of(article: Article) -> Source:
    """Return what to name of an article."""
    return Source(
        article_id=article.id,
        title=article.title,
        source=article.source,
        published=None if article.published is None else article.published.isoformat(),
        date=words.published(article),
        url=article.url,
    )


def _summary(reply: Reply) -> str:
    if reply.outcome == "not found":
        return "Not found in this archive. Do not answer from it; the passages are only the closest."
    if reply.outcome == "listed":
        return f"No question but a time: {words.listing(reply)}."
    if reply.outcome == "perhaps":
        return "No answer that is sure. The guess may be wrong; look at its sentence and the passages."
    if len(reply.answers) == 1:
        return "Answered by a quote."
    return f"Answered by {len(reply.answers)} quotes. {words.order(reply.answers)}"


def _lacking(names: Iterable[UnknownName]) -> list[str]:
    return [words.unknown_and_known(name) for name in names]


def _not_found(reply: Reply) -> list[str]:
    lines = _lacking(reply.unknown)
    if reply.outcome == "not found" and not lines:
        lines.append(f"An answer to “{reply.question}”.")
    end = words.archive_end(reply)
    return [*lines, f"{end}."] if end else lines
