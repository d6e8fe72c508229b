"""What servers send: the records of ``--json``, typed, so that programs and models know them beforehand."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """A record of :mod:`qa.export`. What that module may add later passes as it is."""

    model_config = ConfigDict(extra="allow", frozen=True)


class ArticleShape(Shape):
    """Everything about an article but its text."""

    id: str
    title: str
    source: str
    url: str
    authors: list[str]
    tags: list[str]
    published: str | None = Field(description="ISO 8601, UTC.")
    zone_assumed: bool = Field(description="Whether the input named no zone, so that UTC was taken.")
    approximate_to: str = Field(description='"" is exact; else hour, day, week, month or year.')


class SentenceShape(Shape):
    """The sentence in which a quote stands."""

    text: str
    start: int
    end: int


class ResolvedTimeShape(Shape):
    """A relative expression and the time that it means."""

    text: str
    start: int
    end: int
    first: str
    last: str
    unit: Literal["day", "week", "month", "year"]
    words: str


class AnswerShape(Shape):
    """An exact quote: ``text == article[where][start:end]``, in Unicode characters."""

    text: str
    where: Literal["title", "text"]
    start: int
    end: int
    sentence: SentenceShape
    confidence: float | None = Field(description="Probability of being right; null: not calibrated.")
    margin: float = Field(description="Score above 'no answer', in logits.")
    null: float | None = Field(description="Score of 'no answer', in logits.")
    in_english: bool = Field(description="Whether its article is; the bundled models read no other language.")
    article: ArticleShape
    support: list[ArticleShape] = Field(description="Other articles that give the same answer.")
    sources: int = Field(description="Independent sources that give it; near-duplicates count as one.")
    first: str | None = Field(description="The earliest day on which it was published.")
    last: str | None = Field(description="The latest day on which it was published.")
    state: Literal["current", "superseded", "disputed"]
    as_of: str | None = Field(description="The latest day of its reports, where other days say otherwise.")
    times: list[ResolvedTimeShape]


class PassageShape(Shape):
    """A stretch of an article that retrieval found."""

    text: str
    start: int
    end: int
    score: float = Field(description="Higher is better; comparable within one search only.")
    similarity: float
    bm25: float
    similarity_rank: int | None
    bm25_rank: int | None
    article: ArticleShape
    newer_version: str | None = Field(description="The id of the later text of the same id or address.")
    near_duplicates: list[ArticleShape]


class TimeShape(Shape):
    """The time that a question names, as it was understood."""

    start: int
    end: int
    text: str
    first: str | None
    last: str | None
    hard: bool = Field(description="Whether articles of other days were left out; else these were preferred.")
    words: str


class FollowUpShape(Shape):
    """How a question that leans on the one before was completed."""

    before: str
    added: list[str]
    question: str


class UnknownShape(Shape):
    """A source or tag that was asked for and that no article has."""

    kind: Literal["source", "tag"]
    name: str
    nearest: list[str] = Field(description="Names of the archive that are spelled like it.")
    commonest: list[str] = Field(description="Where none is: the names that most articles have, 8 at most.")
    others: int = Field(description="Names that the archive has besides those.")


class ListingShape(Shape):
    """The newest articles of a time, and how many there are."""

    total: int
    articles: list[ArticleShape]


class ReplyShape(Shape):
    """What a question gets back: sure answers, or a guess, or neither."""

    question: str
    outcome: Literal["answered", "listed", "perhaps", "not found"]
    found: bool = Field(description="Whether there is a sure answer.")
    calibrated: bool = Field(description="Whether confidences are probabilities.")
    answers: list[AnswerShape] = Field(description="Sure answers, best first.")
    guess: AnswerShape | None = Field(description="Where none is sure: the best one, to be called unsure.")
    best_rejected: AnswerShape | None
    passages: list[PassageShape] = Field(description="The evidence, best first.")
    listing: ListingShape | None = Field(
        description="The articles of the time, for a question that names a time and no matter."
    )
    time: TimeShape | None
    follow_up: FollowUpShape | None
    timings: dict[str, float] = Field(description="Seconds by stage.")
    passages_read: int | None
    unknown: list[UnknownShape]
    archive_ends: str | None = Field(
        description="The archive's last day, if the question's time is after it."
    )


class FoundShape(Shape):
    """What a search finds."""

    passages: list[PassageShape] = Field(description="Best first; none if no article passes the filters.")
    unknown: list[UnknownShape]


class FullArticleShape(ArticleShape):
    """An article with its text."""

    text: str = Field(description="Cleaned; places of answers and passages count in it.")


class NamedCount(Shape):
    """How many articles have a name."""

    name: str
    articles: int


class OverviewShape(Shape):
    """What is in the archive."""

    generation: str = Field(description="Changes whenever the archive does.")
    built: str
    articles: int
    passages: int
    bytes_on_disk: int | None
    embedder: str
    dimension: int
    first: str | None = Field(description="When the earliest article was published.")
    last: str | None = Field(description="When the latest article was published.")
    undated: int
    sources: list[NamedCount] = Field(description="Most articles first.")
    tags: list[NamedCount] = Field(description="Most articles first.")
    skipped: int = Field(description="Inputs that became no article when it was last built.")


class SkippedShape(Shape):
    """An article of a request that was not added, and why."""

    article: int | None = Field(description="Its place in the request, from 1; null: `why` names its id.")
    why: str


class AddedShape(Shape):
    """What adding articles did."""

    added: int = Field(description="Articles that are new or changed.")
    articles: int = Field(description="In the archive now.")
    passages: int = Field(description="In the archive now.")
    duplicates: int = Field(description="Exact repeats within the request, left out.")
    skipped: list[SkippedShape]
    notes: list[str] = Field(description="What was guessed or set aside, and what most of them lack.")
    seconds: float


class HealthShape(Shape):
    """That the server runs, and how much it has to do."""

    status: Literal["ok"]
    version: str
    waiting: int = Field(description="Questions that run or wait.")


class Problem(Shape):
    """Why a request was refused, as RFC 9457 writes it."""

    type: Literal["about:blank"]
    title: str = Field(description="The name of the status.")
    status: int
    detail: str = Field(description="One line: what, and the cure.")
