"""The frozen records that pass between the stages: Article, Passage, Hit, Answer, Reply and their parts.

Text is stored once: passages, hits and answers are views of it by half-open character offsets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Final, Literal

Day = date  # for the class that has a date of its own, whose name would hide the type

Where = Literal["title", "text"]  # the field of an article in which a quote stands
# Of an answer among others to the same question.
State = Literal["current", "superseded", "disputed"]
_SHOWN = 60  # characters of a text in a repr


def shortened(text: str, most: int = _SHOWN) -> str:
    """Return a text that fits a line of a terminal: its beginning, and how long the whole is."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def _moment(moment: datetime | None) -> str:
    return "None" if moment is None else repr(moment.isoformat())


@dataclass(frozen=True, slots=True)
class Article:
    """One cleaned news article."""

    id: str  # the user's own, else a hash of the cleaned content
    title: str
    text: str  # cleaned; paragraphs parted by one blank line
    published: datetime | None = None  # aware, UTC
    zone_assumed: bool = False  # the input named no zone, so UTC was taken
    approximate_to: str = ""  # "" exact; else the unit of a relative age: hour, day, week, month, year
    source: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def field(self, where: Where) -> str:
        """Return the title or the text."""
        return self.title if where == "title" else self.text

    def __repr__(self) -> str:
        return (
            f"Article(id={self.id!r}, title={shortened(self.title)!r}, source={self.source!r}, "
            f"published={_moment(self.published)}, text={shortened(self.text)!r})"
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article: ``text == article.text[start:end]``."""

    article: Article
    start: int
    end: int

    def __repr__(self) -> str:
        return (
            f"Passage(text={shortened(self.text)!r}, article={self.article.id!r}, "
            f"start={self.start}, end={self.end})"
        )

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that retrieval found, with the evidence for its rank."""

    passage: Passage
    score: float  # fused; higher is better; comparable within one search only
    similarity: float  # cosine of question and passage embedding, -1 to 1
    bm25: float  # BM25 score of the question's words, >= 0
    near_duplicates: tuple[Article, ...] = ()  # syndicated twins of the article
    # Its rank in the whole search by each of the two, from 1; exact as far as each brings candidates.
    similarity_rank: int | None = None
    bm25_rank: int | None = None
    # The latest text of the same id or address, if this is an earlier one: the article was corrected.
    newer_version: Article | None = None

    def __repr__(self) -> str:
        also = f", near_duplicates={len(self.near_duplicates)}" if self.near_duplicates else ""
        return (
            f"Hit(score={self.score:.3f}, similarity={self.similarity:.3f}, bm25={self.bm25:.2f}, "
            f"title={shortened(self.passage.article.title)!r}, passage={self.passage!r}{also})"
        )


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article: ``text == article.field(where)[start:end]``."""

    article: Article
    start: int
    end: int
    where: Where = "text"

    @property
    def text(self) -> str:
        return self.article.field(self.where)[self.start : self.end]


@dataclass(frozen=True, slots=True)
class ResolvedTime:
    """A relative expression of an article ("later this month") and the time that it means."""

    start: int  # half-open characters of the field in which the answer stands; in it or in its sentence
    end: int
    first: date  # first day of the time meant
    last: date  # last day of it; both included
    unit: Literal["day", "week", "month", "year"]  # how exact it is
    words: str  # "September 2023", "Friday 8 September 2023"


@dataclass(frozen=True, slots=True)
class Answer:
    """An exact quote: ``text == article.field(where)[start:end]``."""

    article: Article
    start: int
    end: int
    confidence: float | None  # probability of being right, 0 to 1; None if the reader is not calibrated
    margin: float  # span score minus the window's null score, in logits
    agreeing: tuple[Quote, ...] = ()  # the same answer in other articles, in their own words
    sources: int = 1  # independent sources that give it; near-duplicates count as one
    first: Day | None = None  # the earliest and the latest day on which it was published
    last: Day | None = None
    times: tuple[ResolvedTime, ...] = ()  # relative expressions in the quote or its sentence
    # Superseded: a newer answer has taken its place. Disputed: sources of the same days differ.
    state: State = "current"
    as_of: Day | None = None  # the latest day of its reports; only where other days report something else
    null: float | None = None  # the window's null score, in logits; None: the reader gives none
    where: Where = "text"  # the field of the article in which the quote stands
    in_english: bool = True  # the language of its article; the bundled models read no other

    def __repr__(self) -> str:
        sure = "None" if self.confidence is None else f"{self.confidence:.3f}"
        return (
            f"Answer(text={self.text!r}, confidence={sure}, margin={self.margin:.2f}, state={self.state!r}, "
            f"sources={self.sources}, title={shortened(self.article.title)!r}, "
            f"published={_moment(self.article.published)}, article={self.article.id!r}, "
            f"where={self.where!r}, start={self.start}, end={self.end})"
        )

    @property
    def field(self) -> str:
        """The title or the text, whichever holds the quote."""
        return self.article.field(self.where)

    @property
    def text(self) -> str:
        return self.field[self.start : self.end]

    @property
    def date(self) -> Day | None:
        """The day (UTC) on which the article was published."""
        return self.article.published.date() if self.article.published else None

    @property
    def support(self) -> tuple[Article, ...]:
        """The other articles that give the same answer."""
        return tuple(quote.article for quote in self.agreeing)


@dataclass(frozen=True, slots=True)
class TimeCondition:
    """A time that the question names, as it was understood; ``text == question[start:end]``."""

    start: int
    end: int
    text: str  # "last week"
    first: date | None  # first day that is meant; None: open
    last: date | None  # last day, included; None: open
    # Hard: answers from articles of other days were left out. Else articles of these days were only
    # preferred: the question asked for what is new, or no article of these days had an answer.
    hard: bool
    words: str  # "13 to 19 November 2023", "since 5 November 2024"


class NoDay(Enum):
    """The type of ``NO_DAY``; an enumeration of one, so that type checkers know the value."""

    NO_DAY = "no day"

    def __repr__(self) -> str:
        return "NO_DAY"


NO_DAY: Final = NoDay.NO_DAY  # as ``as_of``: the question is asked on no day, not even today


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How a question that leans on the one before was completed."""

    before: str  # the previous question
    added: tuple[str, ...]  # words taken from it and from its answer
    question: str  # what was searched for and read


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A source or tag that was asked for and that no article has."""

    kind: Literal["source", "tag"]
    name: str
    nearest: tuple[str, ...]  # names of the archive that are spelled like it, most alike first
    commonest: tuple[str, ...] = ()  # where none is: the names that most articles have, 8 at most
    others: int = 0  # names that the archive has besides those


class Hits(list[Hit]):
    """The passages of one search, best first: a list that also names what the archive lacks.

    It compares and prints as the list of its hits does; only where sources or tags are unknown, its ``repr``
    shows these, too.
    """

    __slots__ = ("unknown",)

    def __init__(self, hits: Iterable[Hit] = (), unknown: tuple[UnknownName, ...] = ()) -> None:
        super().__init__(hits)
        self.unknown = unknown  # sources and tags asked for that no article has

    def __repr__(self) -> str:
        plain = super().__repr__()
        return f"Hits({plain}, unknown={self.unknown!r})" if self.unknown else plain


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question gets back: sure answers, or a guess, or neither: "not found in this archive"."""

    question: str
    answers: tuple[Answer, ...]  # sure; best first; a superseded one stands after the one that took its place
    hits: tuple[Hit, ...]  # best first; the evidence, also when nothing was found
    calibrated: bool = True  # whether the confidences are probabilities
    best_rejected: Answer | None = None  # the best span below the threshold, when none passed
    guess: Answer | None = None  # that span or a newer state of its count, if sure enough; marked as unsure
    timings: dict[str, float] = field(default_factory=dict)  # seconds by stage: retrieve, read
    time: TimeCondition | None = None  # the time in the question, where it was heeded
    follow_up: FollowUp | None = None  # what the question took over from the one before
    passages_read: int | None = None  # how many of the hits, if reading stopped early; None: all
    archive_ends: date | None = None  # the archive's last day, if the time in the question is after it
    unknown: tuple[
        UnknownName, ...
    ] = ()  # sources and tags asked for that no article has; then there are no hits
    # The articles of the time, newest first, where the question names a time and no matter.
    listing: Listing | None = None

    @property
    def outcome(self) -> Literal["answered", "listed", "perhaps", "not found"]:
        """The outcome, as it is named everywhere: sure answers, a list, a guess at most, or nothing."""
        if self.answers:
            return "answered"
        if self.listing is not None:
            return "listed"
        return "not found" if self.guess is None else "perhaps"

    def __repr__(self) -> str:
        return (
            f"Reply(question={self.question!r}, answers={list(self.answers)!r}, "
            f"best_rejected={self.best_rejected!r}, hits={len(self.hits)})"
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """One of many questions with its reply, or with why it has none."""

    question: str
    reply: Reply | None
    fault: str = ""  # what, and the cure; "" where there is a reply


@dataclass(frozen=True, slots=True)
class ComposedSentence:
    """A sentence that a language model wrote, and whether it passed the check."""

    text: str  # without its citations
    cites: tuple[int, ...]  # numbers of passages, from 1; those that were sent
    struck: str = ""  # why it failed: "the number 30 is not in passage 1"; "" if it passed


@dataclass(frozen=True, slots=True)
class Composed:
    """What a language model made of the passages of a reply. The reply itself stands beside it."""

    model: str
    endpoint: str  # where question and passages went: "http://localhost:11434/v1"
    passages: tuple[Hit, ...]  # what was sent; a citation of 1 means the first
    sentences: tuple[ComposedSentence, ...] = ()
    fault: str = ""  # why there are no sentences, in one line

    @property
    def stands(self) -> bool:
        """Whether a sentence is left."""
        return any(not sentence.struck for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles a search may look at; empty parts do not restrict.

    An article without a date never passes a date bound. Sources and tags compare without case;
    an article passes if it has any of the sources and any of the tags.
    """

    since: datetime | None = None  # aware; the article was published at or after
    until: datetime | None = None  # aware; the article was published before (exclusive)
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def restricts(self) -> bool:
        return self != Filter()


Order = Literal["published", "arrived"]  # by which the newest come first


@dataclass(frozen=True, slots=True)
class Listing:
    """One stretch of the articles that pass a filter: newest first, those without a date last."""

    articles: tuple[Article, ...]
    total: int  # articles that pass
    unknown: tuple[UnknownName, ...] = ()  # sources and tags asked for that no article has


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles of a name fall into a period."""

    first: date  # first day of the period
    name: str  # a source or a tag
    articles: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """How the dated articles spread over time."""

    unit: Literal["day", "month", "year"]  # length of a period
    counts: tuple[Count, ...]  # by period, then by name; an article with two tags counts for both


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article near another one in meaning."""

    article: Article
    similarity: float  # cosine of the nearest of its passages and the middle of the other's, -1 to 1
