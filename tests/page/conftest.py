"""A small archive that is real, read by a reader whose replies are known by heart, under the real page."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from streamlit.elements.lib import policies
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import qa
from qa.follow.again import ask_again
from qa.follow.records import Change
from qa.maintain.build import build as real_build
from qa.page import cache, frame
from qa.records import (
    Answer,
    Answered,
    Article,
    FollowUp,
    Hit,
    Passage,
    Quote,
    Reply,
    TimeCondition,
)
from qa.reports import BuildReport, Progress
from qa.retrieve.nearest import unknown_name
from qa.retrieve.query import Query
from qa.retrieve.question_time import time_asked_for
from qa.retrieve.retriever import Retriever
from qa.settings import AskSettings, IndexSettings
from tests.conftest import WordEmbedder, write_jsonl
from tests.page.browsing import CHROMIUM_ARGUMENTS, find_chromium, serve

ROOT = Path(__file__).resolve().parents[2]
QUAKE = "How many people died in the earthquake?"
NOWHERE = "Who won the yacht race?"
NO_FILTER = {"since": None, "until": None, "source": (), "tag": ()}


def article(name: str, title: str, text: str, source: str, day: int, **known: object) -> Article:
    moment = datetime(2023, 2, day, 12, tzinfo=UTC)
    return Article(id=name, title=title, text=text, published=moment, source=source, **known)


FIRST = article(
    "quake-1",
    "Earthquake strikes southern Turkey",
    "A strong earthquake struck southern Turkey early on Monday.\n\nAt least 3,400 people died, officials "
    "said on Monday evening. Thousands of buildings collapsed in the earthquake, and rescue teams dug "
    "through the night in freezing rain.\n\nAid was promised by more than forty countries.",
    "Meridian Wire",
    6,
    url="https://example.org/quake-1",
    tags=("Turkey", "Earthquake"),
)
SECOND = article(
    "quake-2",
    "Death toll passes 20,000",
    "More than 20,000 people have died in the earthquake, the authorities said on Thursday. It was the death "
    "toll of four days.",
    "Northern Ledger",
    9,
    tags=("Turkey",),
)
COPY = article("quake-3", "Toll passes 20,000", SECOND.text + " Reporting by our desk.", "Harbour Post", 9)
FIELDS = ("id", "title", "text", "source", "url", "tags")


def as_record(known: Article) -> dict[str, object]:
    return {name: getattr(known, name) for name in FIELDS} | {"date": known.published.isoformat()}


def answer(source: Article, text: str, confidence: float | None, **known: object) -> Answer:
    start = source.text.index(text)
    return Answer(source, start, start + len(text), confidence, margin=4.0, **known)


def hit(source: Article, score: float, near_duplicates: tuple[Article, ...] = ()) -> Hit:
    passage = Passage(source, 0, len(source.text))
    return Hit(passage, score, similarity=score / 2, bm25=10 * score, near_duplicates=near_duplicates)


class KnownArchive:
    """Stand in for the package qa: opens and builds a real small index, and gives two fixed replies."""

    def __init__(self, folder: Path) -> None:
        self.index = folder / "indexes" / "news"
        self.folder = folder
        self.opened = 0
        self.readers: list[str] = []
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.heard: list[tuple[object, bool, str | None]] = []  # as of, time heeded, question before
        self.settings: list[AskSettings] = []
        self.built: list[tuple[list[str], bool, dict[str, str] | None]] = []
        self.calibrated = True
        self.confidences = (0.83, 0.61)
        self.first = "At least 3,400"  # the answer that leads
        self.open_error: Exception | None = None
        self.ask_error: Exception | None = None
        self.build_error: Exception | None = None
        self.go_on: Callable[[], object] = lambda: None  # called by a build, to wait

    def write(self, *articles: Article) -> None:
        """Build the index of these articles, apart from the page."""
        path = write_jsonl(self.folder / "articles.jsonl", [as_record(known) for known in articles])
        self._build([path], self.index)

    def _build(self, inputs: Sequence[object], index: Path, **how: object) -> BuildReport:
        settings = IndexSettings(embedder="words", passage_tokens=80, overlap_tokens=0)
        return real_build(inputs, index, settings=settings, embedder=WordEmbedder(), **how)

    # ---- what the page calls ----

    def open(self, index: str) -> Retriever:
        if self.open_error is not None:
            raise self.open_error
        retriever = Retriever.open(index, embedder=WordEmbedder())
        self.opened += 1
        return retriever

    def load(self, settings: AskSettings) -> SimpleNamespace:
        self.readers.append(settings.reader)
        return SimpleNamespace(calibration="known" if self.calibrated else None)

    def news(self, retriever: Retriever, reader: SimpleNamespace, settings: AskSettings) -> SimpleNamespace:
        opened = SimpleNamespace(calibration=reader.calibration, settings=settings)

        def ask(question: str, **how: object) -> Reply:
            self.settings.append(opened.settings)  # the settings with which the archive is asked
            return self.ask(question, **how)

        def reply_to(
            query: Query, *, after: Reply | None, on_passages: Callable[[Sequence[Hit]], None]
        ) -> Reply:
            held = query.filters
            last = None if held.until is None else (held.until - timedelta(microseconds=1)).date()
            return ask(
                query.text,
                since=None if held.since is None else held.since.date(),
                until=last,
                source=held.sources,
                tag=held.tags,
                as_of=query.as_of,
                heed_time=query.time == time_asked_for(query.text, query.as_of),
                after=after,
                on_passages=on_passages,
            )

        def ask_each(questions: Sequence[str], *, as_of: date, **how: object) -> Iterator[Answered]:
            for question in questions:
                if not any(map(str.isalnum, question)):
                    yield Answered(question, None, "the question is empty")
                    continue
                reply = ask(
                    question, as_of=as_of, heed_time=True, after=None, on_passages=lambda hits: None, **how
                )
                yield Answered(question, reply)

        def ask_followed(*, news: bool = True) -> list[Change]:
            def again(questions: Sequence[str], source: object, tag: object) -> Iterator[Answered]:
                return ask_each(questions, as_of=None, since=None, until=None, source=source, tag=tag)

            return ask_again(
                retriever.address, retriever.overview().generation, again, retriever.holds, news=news
            )

        opened.ask_followed = ask_followed
        opened.reply_to = reply_to
        opened.ask_each = ask_each
        return opened

    def ask(
        self,
        question: str,
        *,
        as_of: date,
        heed_time: bool,
        after: Reply | None,
        on_passages: Callable[[Sequence[Hit]], None],
        **conditions: object,
    ) -> Reply:
        self.asked.append((question, conditions))
        self.heard.append((as_of, heed_time, after.question if after else None))
        if self.ask_error is not None:
            raise self.ask_error
        known: dict[str, object] = {}
        if heed_time and "last week" in question:
            first, last = date(2023, 2, 6), date(2023, 2, 12)
            known["time"] = TimeCondition(0, 9, "last week", first, last, True, "6 to 12 February 2023")
        if after is not None and question.startswith("And"):
            known["follow_up"] = FollowUp(after.question, ("earthquake",), f"{question} earthquake")
        sources = {known.source for known in (FIRST, SECOND, COPY)}
        strange = [name for name in conditions["source"] if name not in sources]
        if strange:
            known = sorted(sources)
            return Reply(
                question, (), (), unknown=tuple(unknown_name("source", name, known) for name in strange)
            )
        hits = (hit(SECOND, 0.9, (COPY,)), hit(FIRST, 0.7))
        on_passages(hits)
        if question == NOWHERE:
            guess = answer(FIRST, "officials", 0.04)
            return Reply(question, (), hits, best_rejected=guess, guess=guess)
        sure = self.confidences if self.calibrated else (None, None)
        agreeing = Quote(COPY, SECOND.text.index("20,000"), SECOND.text.index("20,000") + 6)
        answers = (
            answer(FIRST, "At least 3,400", sure[0]),
            answer(
                SECOND,
                "20,000",
                sure[1],
                agreeing=(agreeing,),
                sources=2,
                first=date(2023, 2, 7),
                last=date(2023, 2, 9),
            ),
        )
        if self.first != answers[0].text:
            answers = answers[::-1]
        timings = {"retrieve": 0.02, "read": 0.4}
        return Reply(question, answers, hits, self.calibrated, timings=timings, **known)

    def build(
        self,
        inputs: Sequence[object],
        index: str | Path,
        *,
        add: bool = False,
        mapping: Mapping[str, str] | None = None,
        progress: Callable[[Progress], None],
    ) -> BuildReport:
        self.built.append(([Path(str(named)).name for named in inputs], add, mapping))
        progress(Progress("embedding", 1, 4, "passages"))
        self.go_on()
        if self.build_error is not None:
            raise self.build_error
        return self._build(inputs, Path(index), add=add, mapping=mapping, progress=progress)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> KnownArchive:
    """Return an archive that is still to be built."""
    fake = KnownArchive(tmp_path)
    # setattr would load the real one
    monkeypatch.setitem(vars(qa), "Retriever", SimpleNamespace(open=fake.open))
    monkeypatch.setitem(vars(qa), "Archive", SimpleNamespace(over=fake.news))
    monkeypatch.setitem(vars(qa), "build", fake.build)
    monkeypatch.setattr("qa.read.reader.ExtractiveReader.load", fake.load)
    monkeypatch.setattr(frame, "DEFAULT", str(fake.index))
    return fake


@pytest.fixture
def archive(bare: KnownArchive) -> KnownArchive:
    bare.write(FIRST, SECOND, COPY)
    return bare


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """Return the page over the known archive, not yet run; nothing is cached from another test.

    At its end nothing may stand in the log of what Streamlit warns of in the use of a widget.
    """
    st.cache_resource.clear()
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)  # it warns once a process
    warned = Warned()
    log = logging.getLogger(policies.__name__)
    log.addHandler(warned)
    yield AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    log.removeHandler(warned)
    st.cache_resource.clear()
    assert warned.lines == []


class Warned(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


# ---- what the tests do with the page ----


def go(page: AppTest, view: str) -> AppTest:
    """Open a view, as its link in the header does."""
    page._page_hash = calc_hash("" if view == "ask" else view)
    return page.run()


def html_of(page: AppTest) -> str:
    assert not page.exception
    return "".join(element.proto.body for element in page.get("html"))


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [button for button in page.button if button.label == label]
    return button.click().run()


def ask(page: AppTest, question: str) -> AppTest:
    page.text_input(key="q").set_value(question)
    return press(page, "Ask")


def ended(page: AppTest, index: Path) -> AppTest:
    """Return the page once the build of this index has ended, and the page has said so."""
    cache.builds().get(str(index)).wait(60)
    return page.run() if "watched" in page.session_state else page


# ---- a real Chromium on the sample archive; its driver lives as long as one file of tests ----

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def sample_index(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the index for the page, which keeps settings and followed questions beside it."""
    return Path(shutil.copytree(sample_index, tmp_path_factory.mktemp("page") / "news"))


@pytest.fixture(scope="session")
def sample_articles(sample_index: Path) -> int:
    return qa.Retriever.open(sample_index).overview().articles


@pytest.fixture(scope="module")
def site(sample_index: Path) -> Iterator[str]:
    with serve(sample_index) as address:
        yield address


@pytest.fixture(scope="module")
def copied_index(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the sample archive into an index of the module's own, which may take in news."""
    own = tmp_path_factory.mktemp("copied") / "news"
    shutil.copytree(sample_index, own)
    return own


@pytest.fixture(scope="module")
def copied_site(copied_index: Path) -> Iterator[str]:
    with serve(copied_index) as address:
        yield address


@pytest.fixture(scope="module")
def patient() -> Iterator[None]:
    """Waits for what builds or reads, however busy the machine is."""
    expect.set_options(timeout=120_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def profiles(chromium: Browser) -> Iterator[dict[str, BrowserContext]]:
    """Return one browser profile for each theme: its cache makes pages quick, and no page keeps cookies."""
    made = {theme: chromium.new_context(color_scheme=theme) for theme in ("light", "dark")}
    for profile in made.values():
        profile.set_default_timeout(60_000)
    yield made
    for profile in made.values():
        profile.close()


@pytest.fixture
def visit(profiles: dict[str, BrowserContext]) -> Iterator[Visit]:
    """Opens an address in a tab of its own."""
    tabs = []

    def opened(address: str, width: int = 1200, height: int = 900, theme: str = "light") -> Page:
        page = profiles[theme].new_page()
        tabs.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address)
        expect(page.locator(".qa-masthead h1")).to_be_visible(timeout=60_000)
        return page

    yield opened
    for tab in tabs:
        tab.close()
