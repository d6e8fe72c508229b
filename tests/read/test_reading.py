"""All passages at once, or batch by batch until an answer is sure enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.read.answers import judge
from qa.read.calibration import Calibration
from qa.read.candidate import Candidate
from qa.read.reading import BATCH, read_hits
from qa.records import Article, Hit, Passage, TimeCondition

# Confidence is the logistic of the margin: 0.5 at 0, 0.88 at 2, 0.95 at 3; in AGREEING of the lead too.
PLAIN = Calibration(**({f.name: 0.0 for f in fields(Calibration)} | {"margin": 1.0, "threshold": 0.3}))
AGREEING = replace(PLAIN, ranking_agreement=1.0, lead=1.0)
WORDS = ("Kim", "Putin", "12 July", "July 12", "31 people")


@dataclass
class ScriptedReader:
    """Finds in each passage what it is told to, by the article's id; remembers what it was given."""

    script: dict[str, Sequence[tuple[str, float]]]
    calibration: Calibration | None = PLAIN
    given: list[list[str]] = field(default_factory=list)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        self.given.append([passage.article.id for passage in passages])
        found = [
            Candidate(at, start := p.article.text.index(word), start + len(word), margin)
            for at, p in enumerate(passages)
            for word, margin in self.script[p.article.id]
        ]
        return sorted(found, key=lambda c: (-c.margin, c.passage, c.start, c.end))


def hits_of(many: int, *, published: datetime | None = None) -> list[Hit]:
    text = ", ".join(WORDS)
    articles = [Article(f"a{at}", "", text, published, source=f"s{at}") for at in range(many)]
    return [Hit(Passage(article, 0, len(text)), 0.5, 0.5, 1.0) for article in articles]


def seen(reader: ScriptedReader, hits: Sequence[Hit], bar: float | None, *, time=None, question="Who?"):
    return read_hits(
        question, hits, reader, reader.calibration, early_exit=bar, threshold=None, many=3, time=time
    )


SPANS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.floats(-6, 6).map(lambda margin: round(margin, 2))),
    max_size=3,
    unique_by=lambda span: span[0],
)
QUESTIONS = st.sampled_from(["Who?", "How many people died on July 12?"])


@given(st.lists(SPANS, max_size=13), st.floats(0.3, 1), st.sampled_from([PLAIN, AGREEING]), QUESTIONS)
def test_stopped_question_gets_what_judging_the_read_passages_alone_gives(
    spans, bar: float, calibration: Calibration, question: str
):
    hits = hits_of(len(spans))
    script = {f"a{at}": found for at, found in enumerate(spans)}
    reader, alone = ScriptedReader(script, calibration), ScriptedReader(script, calibration)
    got = seen(reader, hits, bar, question=question)
    read = hits[: got.passages]
    candidates = alone.read(question, [hit.passage for hit in read])
    assert got.judged == judge(question, candidates, read, calibration, threshold=None, many=3)
    # In rank order, in whole batches, each passage once.
    ids = [hit.passage.article.id for hit in read]
    assert reader.given == [ids[at : at + BATCH] for at in range(0, max(1, len(ids)), BATCH)]
    sure = bool(got.judged.answers) and got.judged.answers[0].confidence >= bar
    assert sure or got.passages == len(hits)


@given(st.lists(SPANS, max_size=13), st.sampled_from([PLAIN, AGREEING, None]), QUESTIONS)
def test_without_the_exit_all_is_read_at_once_and_judged_as_ever(spans, calibration, question: str):
    hits = hits_of(len(spans))
    reader = ScriptedReader({f"a{at}": found for at, found in enumerate(spans)}, calibration)
    got = seen(reader, hits, None, question=question)
    assert reader.given == [[hit.passage.article.id for hit in hits]]
    candidates = reader.read(question, [hit.passage for hit in hits])
    assert got.judged == judge(question, candidates, hits, calibration, threshold=None, many=3)
    assert got.passages == len(hits)


def script(first: float, later: float = 5.0) -> dict[str, list[tuple[str, float]]]:
    """Kim in the first of ten passages, Putin in the last."""
    return {f"a{at}": [] for at in range(10)} | {"a0": [("Kim", first)], "a9": [("Putin", later)]}


@pytest.mark.parametrize(
    ("bar", "passages", "text"), [(0.88, 4, "Kim"), (0.89, 10, "Putin"), (None, 10, "Putin")]
)
def test_reading_stops_at_the_bar_and_not_below(bar: float | None, passages: int, text: str):
    got = seen(ScriptedReader(script(2.0)), hits_of(10), bar)  # 0.8808
    assert (got.passages, got.judged.answers[0].text) == (passages, text)


def test_what_is_unread_does_not_agree():
    spans = {f"a{at}": [("Kim", 2.0)] if at in (0, 3, 7) else [] for at in range(10)}
    early, late = (seen(ScriptedReader(spans), hits_of(10), bar).judged.answers[0] for bar in (0.8, None))
    assert ([a.id for a in early.support], early.sources) == (["a3"], 2)
    assert ([a.id for a in late.support], late.sources) == (["a3", "a7"], 3)


JULY = TimeCondition(0, 0, "", date(2023, 7, 1), date(2023, 7, 31), True, "July 2023")


@pytest.mark.parametrize(
    ("published", "time", "passages"),
    [
        (datetime(2023, 7, 9, tzinfo=UTC), JULY, 4),
        (datetime(2023, 8, 9, tzinfo=UTC), JULY, 10),  # an unread article of July may still answer
        # An unread newer article may still answer.
        (datetime(2023, 7, 9, tzinfo=UTC), replace(JULY, hard=False), 10),
    ],
)
def test_a_time_in_the_question_is_read_for_to_the_end(published: datetime, time, passages: int):
    hits = hits_of(10, published=published)
    assert seen(ScriptedReader(script(4.0)), hits, 0.8, time=time).passages == passages


def test_exit_without_a_calibration_is_the_callers_mistake():
    with pytest.raises(ValueError, match=r"the early exit at 0\.8 needs a calibrated reader"):
        seen(ScriptedReader(script(1.0), None), hits_of(10), 0.8)
