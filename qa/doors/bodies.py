"""What programs send to a server: the bodies of its requests, with their limits and examples."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, FailFast, Field, model_validator
from pydantic_core import PydanticCustomError

from qa.records import NO_DAY, NoDay

Name = Annotated[str, Field(max_length=300)]
NameList = Annotated[list[Name], Field(max_length=50)]
Names = Name | NameList | None
Day = Annotated[str, Field(max_length=100)] | None
# A question has no limit here: the archive's own says how long it is and how long it may be.

MOST_FIELDS = 100  # of an object; no body has a fifth of them
MOST_ARTICLES = 1000  # of a request


class Body(BaseModel):
    """Types are not converted, and a name that is not known is refused: it is a mistyped filter."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, given: object) -> object:
        # Every unknown name becomes a fault of 1 kB, and only the first is told.
        if isinstance(given, dict) and len(given) > MOST_FIELDS:
            raise PydanticCustomError("too_many_fields", "it has more than 100 fields")
        return given


class Search(Body):
    """A question, which articles it may look at, and the day on which it is asked."""

    question: str = Field(
        description="At most 1,000 characters.", examples=["When did Shoigu visit Pyongyang?"]
    )
    since: Day = Field(default=None, description="Published on or after: 2023-07-01, July 2023 or 2023.")
    until: Day = Field(default=None, description="Published on or before that day, month or year.")
    source: Names = Field(
        default=None, description="Only this source, or one of these.", examples=["Reuters"]
    )
    tag: Names = Field(default=None, description="Only articles with this tag, or one of these.")
    as_of: Day = Field(default=None, description="From which 'last week' counts; default: today.")
    no_day: bool = Field(default=False, description="Ask on no day: no article is preferred for its day.")
    heed_time: bool = Field(default=True, description="Prefer articles of a time that the question names.")

    @property
    def day_of_asking(self) -> str | NoDay | None:
        """Return what ``as_of`` of an Archive takes; None is today."""
        return NO_DAY if self.no_day else self.as_of


class SearchFor(Search):
    """What POST /search takes."""

    k: int = Field(default=10, ge=1, description="How many passages.")


class Ask(Search):
    """What POST /ask takes."""

    after: str | None = Field(
        default=None,
        description="The question before, if this one leans on it.",
        examples=["Who met Kim Jong Un?"],
    )


class NewArticle(Body):
    """An article to be added."""

    text: str = Field(
        min_length=1, max_length=1_000_000, examples=["Sergei Shoigu arrived in Pyongyang on Tuesday."]
    )
    title: str = Field(default="", max_length=2000, examples=["Shoigu in Pyongyang"])
    id: str | None = Field(default=None, min_length=1, max_length=300, description="Default: a hash.")
    published: Day = Field(
        default=None, description="ISO 8601 is best; most forms are read.", examples=["2023-07-25"]
    )
    source: str = Field(default="", max_length=300, examples=["Meridian Wire"])
    url: str = Field(default="", max_length=2000)
    authors: list[Name] = Field(default=[], max_length=100)
    tags: list[Name] = Field(default=[], max_length=100)


class Add(Body):
    """What POST /articles takes."""

    # The first that is wrong ends it: 8 MB of numbers were 4 million faults, minutes and gigabytes.
    articles: Annotated[list[NewArticle], FailFast()] = Field(min_length=1, max_length=MOST_ARTICLES)


# What a refusal may name; the last one stands in an address.
FIELDS = frozenset(name for body in (Ask, SearchFor, Add, NewArticle) for name in body.model_fields) | {
    "article_id"
}
