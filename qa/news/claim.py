"""A quote that may answer -> a claim: what it says, in which sentence, written when; each worked out once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property

from qa.news.cues import Doubt
from qa.news.support import doubt_of
from qa.news.times import days_of_writing, times_within
from qa.news.values import Saying, saying_of
from qa.records import Answer, Article, Quote, ResolvedTime
from qa.text.language import is_english
from qa.text.sentences import sentence_around

# Characters of an article in which names are looked for, half of them at its beginning and half around the
# quote: news names people in full when they first appear, and a book of 1 MB is not read for one surname.
NEAR = 20_000


@dataclass(frozen=True, eq=False)
class Claim:
    """What one quote says in answer to the question; its facts are worked out when first asked for."""

    quote: Quote
    margin: float = 0.0  # in logits; over 0: the reader prefers it to "no answer"
    null: float | None = None  # the score of "no answer", in logits
    confidence: float | None = None  # probability of being right, 0 to 1; None if not calibrated

    def with_confidence(self, confidence: float | None) -> Claim:
        """Return the same claim with its probability; what was worked out of it stays known."""
        sure = replace(self, confidence=confidence)
        own = {field.name for field in fields(self)}
        sure.__dict__.update({name: fact for name, fact in self.__dict__.items() if name not in own})
        return sure

    @property
    def article(self) -> Article:
        return self.quote.article

    @property
    def published(self) -> date | None:
        """The day (UTC) on which the article was published."""
        return self.article.published.date() if self.article.published else None

    @cached_property
    def place(self) -> tuple[int, int]:
        """Borders of the sentence, or sentences, of the quote in its field."""
        return sentence_around(self.article.field(self.quote.where), self.quote.start, self.quote.end)

    @cached_property
    def sentence(self) -> str:
        """The sentence, or sentences, of the quote."""
        start, end = self.place
        return self.article.field(self.quote.where)[start:end]

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days on which the article may have been written; see qa.news.times."""
        return days_of_writing(self.article)

    @cached_property
    def near(self) -> str:
        """Title and text of the article; of a very long one its beginning and what is around the quote."""
        title, text = self.article.title, self.article.text
        if len(text) <= NEAR:
            return f"{title}\n{text}"
        at = self.quote.start if self.quote.where == "text" else 0
        return f"{title}\n{text[: NEAR // 2]}\n{text[max(NEAR // 2, at - NEAR // 4) : at + NEAR // 4]}"

    @cached_property
    def saying(self) -> Saying:
        """The quote as a number, a time or a name."""
        quote = self.quote
        text = quote.article.field(quote.where)
        return saying_of(text, quote.start, quote.end, sentence=self.place, days=self.days, near=self.near)

    @cached_property
    def times(self) -> tuple[ResolvedTime, ...]:
        """The relative times in the sentence, resolved against the article's date."""
        return times_within(self.article, self.quote.where, self.place, self.days)

    def doubt(self, question: str) -> Doubt | None:
        """Return why the sentence does not give the quote as the answer; None if it may be."""
        first = self.place[0]
        if question not in self._doubts:
            start, end = self.quote.start - first, self.quote.end - first
            self._doubts[question] = doubt_of(question, self.sentence, start, end)
        return self._doubts[question]

    @cached_property
    def _doubts(self) -> dict[str, Doubt | None]:
        return {}

    def answer(self) -> Answer:
        """Return the claim as an answer that stands alone."""
        quote = self.quote
        return Answer(
            quote.article,
            quote.start,
            quote.end,
            self.confidence,
            self.margin,
            times=self.times,
            null=self.null,
            where=quote.where,
            in_english=is_english(f"{quote.article.title}\n{quote.article.text}"),
        )
