"""What every view shares: which archive it is about, the way to it, and one line for what went wrong."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

import qa
from qa.errors import IndexMissing
from qa.index.backends import backend_of
from qa.maintain.watch import watched_feeds
from qa.page import cache, errors, folders, following, sample
from qa.page.html import cards, live, progress
from qa.page.html import following as html_of_following
from qa.page.jobs import Cancelled, Job, Work
from qa.reports import BuildReport, Overview
from qa.shipped import default_index

if TYPE_CHECKING:
    from qa.page.html.palette import Theme

# Whoever names an index means that one: if it is not there, nothing is ever built in its place.
NAMED = bool(os.environ.get("QA_INDEX", "").strip())
DEFAULT = os.environ["QA_INDEX"].strip() if NAMED else default_index()
ARCHIVE = "archive"  # key of the choice, in the session and in the address
ANNOUNCED = "lines announced"  # how many, in the session
GO_TO = "archive to go to"  # its name, until it is built
# Of widgets: so that a shared address asks the same, and a day that may be left out.
IN_URL: dict[str, Any] = {"bind": "query-params"}
ANY_DAY: dict[str, Any] = {
    "value": None, "min_value": date(1800, 1, 1), "max_value": date(2100, 1, 1), **IN_URL,
}  # fmt: skip
LOOK_EVERY = 0.5  # seconds between two looks at a running build


def theme() -> Theme:
    return "dark" if st.context.theme.type == "dark" else "light"


def root() -> Path | None:
    """Return the folder of all archives; None for an index on a server, which names no others here."""
    return backend_of(DEFAULT).home


def index() -> str:
    """Return the address of this tab's archive."""
    folder = root()
    return DEFAULT if folder is None else str(folder / st.session_state.get(ARCHIVE, Path(DEFAULT).name))


def named() -> str:
    """Return the name of this tab's archive; "" if it is the one that opens by itself."""
    chosen = st.session_state.get(ARCHIVE, "")
    return "" if chosen == Path(DEFAULT).name else chosen


def choose_archive() -> None:
    """Offer the archives where there are several; the choice stands in the address."""
    folder = root()
    names = [] if folder is None else folders.archives(folder)
    own = Path(DEFAULT).name
    # First, which makes it the choice where none is made: Streamlit warns of an "index" beside a set state.
    names = [own, *(name for name in names if name != own)]
    wanted = st.session_state.get(GO_TO)
    if wanted in names:  # only now: the folder is there once the build has ended
        del st.session_state[GO_TO]
        if ARCHIVE not in st.session_state:  # Streamlit puts a box's choice there only once the box was drawn
            st.query_params[ARCHIVE] = wanted
        st.session_state[ARCHIVE] = wanted
    if len(names) > 1:
        st.selectbox(
            "Archive",
            names,
            key=ARCHIVE,
            bind="query-params",
            label_visibility="collapsed",
            width=220,
        )


def feeds() -> int:
    """Return how many feeds are watched for this tab's archive."""
    return len(watched_feeds(index()))


def opened() -> tuple[qa.Retriever, Overview]:
    """Return the archive of this tab as it is now; without one the page says so and asks."""
    try:
        archive = cache.archive(index())
        overview = archive.current()
    except IndexMissing:
        _nothing_there()
        st.stop()
    show_watched_end()
    if news := following.catch_up(index(), overview.generation):
        st.html(html_of_following.changes(news))
    return archive.retriever, overview


def announce(line: str) -> None:
    """Let a screen reader say a line, even if it is the same as the last one."""
    turn = st.session_state[ANNOUNCED] = st.session_state.get(ANNOUNCED, 0) + 1
    st.html(live.say(line, turn), unsafe_allow_javascript=True)


def _nothing_there() -> None:
    """Say that there is no index; offer the sample archive only where nobody named one."""
    if NAMED or index() != DEFAULT:
        st.html(cards.no_index(index()))
        return
    last = cache.builds().get(index())
    if last is not None and last.running:
        st.html(cards.first_start())
        watch(index())
        return
    if last is not None:
        show_end(last)
    st.html(cards.offer_sample())
    st.button("Build the sample archive", on_click=_on_sample_wanted, type="primary")


def _on_sample_wanted() -> None:
    build_sample()


def build_sample() -> Job[BuildReport]:
    into = index()
    return start_build(into, lambda listen: qa.build([sample.FOLDER], into, progress=listen))


def start_build(into: str, work: Work[BuildReport]) -> Job[BuildReport]:
    """Build in the background; a build of this archive that runs already is watched instead."""
    job, _ = cache.builds().start(into, work)
    st.session_state.watched = job
    return job


@st.fragment(run_every=LOOK_EVERY)
def watch(into: str) -> None:
    """Show the progress of a running build in every open tab; at its end draw the whole view."""
    job = cache.builds().get(into)
    if job is None or not job.running:
        st.rerun()
    st.session_state.watched = job
    seen = job.seen()
    st.progress(progress.fraction(seen.progress), progress.line(seen.progress, seen.rate, seen.seconds))
    st.button("Cancel", on_click=job.cancel, help="What is embedded by now is kept for the next build.")


def show_watched_end() -> bool:
    """Say once, in a tab that watched a build, how it ended; return whether it has just ended well."""
    job = st.session_state.get("watched")
    if job is None or job.running:
        return False
    del st.session_state.watched
    show_end(job)
    return job.result is not None


def show_end(job: Job[BuildReport]) -> None:
    if job.result is not None:
        st.html(cards.build_report(job.result))
    elif isinstance(job.error, Cancelled):
        st.info("The build was cancelled. The archive is as it was before.")
    elif job.error is not None:
        st.error(errors.message_of(job.error))
