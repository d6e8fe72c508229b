"""Build: files, feeds and folders in; a look at how they are understood; progress of the build."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

import qa
from qa.errors import ArchiveError, InputError
from qa.ingest.fields import NAMES
from qa.ingest.preview import preview
from qa.ingest.sources import Source, public_source
from qa.page import ask, cache, errors, folders, frame, sample, uploads
from qa.page.html import browsing, cards
from qa.page.html.escaping import label
from qa.page.staging import Staging, keeping_uploads
from qa.reports import BuildReport, Preview, Progress
from qa.text.display import visible

MOST_ADDRESSES = 50
ADD, REPLACE, NEW = "Add to this archive", "Replace what it holds", "Make a new archive"
FORMATS = "Tables, JSON, pages, feeds, texts, mail, documents and web archives, packed or not."
FIELDS = [field for field in NAMES if field != "id"]
_STAGED = "staged"
_INTO = "built into"  # the index that this tab builds; it may be a new one


@dataclass(frozen=True, slots=True)
class Staged:
    """Inputs that were chosen, and the folder that holds the uploads among them as long as this lives."""

    inputs: list[Path | Source]
    folder: Staging


def view() -> None:
    for into in dict.fromkeys([frame.index(), st.session_state.get(_INTO, frame.index())]):
        job = cache.builds().get(into)
        if job is not None and job.running:
            st.html(cards.heading("A build is running", "Until it ends, the archive answers as it was."))
            frame.watch(into)
            return
    if frame.show_watched_end() and st.session_state.get(_INTO) == frame.index():
        st.page_link(ask.page(), label="Ask this archive", icon=":material/search:")
    _choose()
    if _STAGED in st.session_state:
        _look(st.session_state[_STAGED])


def _choose() -> None:
    with st.form("choose", border=False):
        st.html(cards.heading("Articles to read", FORMATS))
        files = st.file_uploader("Files", uploads.ACCEPTED, accept_multiple_files=True)
        addresses = st.text_area(
            "Feeds or pages, an address a line", height=80, placeholder="https://example.org/feed.xml"
        )
        folder = st.text_input(
            "Folder on the machine of this page", placeholder="articles", help=_readable(), key="folder"
        )
        if st.form_submit_button("Look at them", type="primary"):
            st.session_state.pop(_STAGED, None)
            try:
                st.session_state[_STAGED] = _staged(files, addresses.split(), folder)
            except InputError as error:
                st.error(errors.message_of(error))


def _staged(files: Sequence[uploads.Upload], addresses: list[str], folder: str) -> Staged:
    """Put the uploads into a folder and list all inputs.

    :raises InputError: if nothing is named, too much of it, or something that must not be read.
    """
    if len(addresses) > MOST_ADDRESSES:
        raise InputError(f"{len(addresses)} addresses are too many", cure=f"Name {MOST_ADDRESSES} at most.")
    folder_of_uploads = Staging.open()
    with keeping_uploads():
        inputs: list[Path | Source] = list(uploads.stage(files, folder_of_uploads.path))
    inputs += [public_source(address) for address in addresses]
    if folder.strip():
        inputs.append(folders.folder_within(folder, _allowed_folders()))
    if not inputs:
        raise InputError("nothing is chosen", cure="Upload files, or name a feed or a folder.")
    return Staged(inputs, folder_of_uploads)


def _allowed_folders() -> tuple[Path, ...]:
    named = os.environ.get("QA_FOLDERS", "").split(os.pathsep)
    return (sample.FOLDER, *(Path(folder) for folder in named if folder.strip()))


def _readable() -> str:
    """Return which folders may be named, for the help of the field."""
    known = ", ".join(label(str(folder.expanduser().resolve())) for folder in _allowed_folders())
    return f"The page reads {known}. Start it with QA_FOLDERS=/another/folder to let it read others, too."


def _look(staged: Staged) -> None:
    mapping = {field: column for field in FIELDS if (column := st.session_state.get(f"map-{field}"))}
    try:
        with st.spinner("Reading the first articles …"):
            seen = preview(staged.inputs, mapping=mapping)
    except InputError as error:
        st.error(errors.message_of(error))
        return
    st.html(cards.heading("How they are understood") + browsing.understood(seen))
    _mapping(seen)
    for article in seen.articles:
        st.html(browsing.previewed(article))
    if seen.skipped:
        with st.expander(
            f"Would be left out: {len(seen.skipped)} of what was looked at", expanded=not seen.articles
        ):
            st.html(browsing.skipped(seen.skipped))
    _start(staged, mapping)


def _mapping(seen: Preview) -> None:
    recognised = dict(seen.recognised)
    with st.expander("Which column holds what"):
        for first in range(0, len(FIELDS), 2):  # row by row, so that a phone keeps the order
            for column, field in zip(st.columns(2), FIELDS[first : first + 2], strict=False):
                column.selectbox(
                    "URL" if field == "url" else field.capitalize(),
                    list(seen.columns),
                    index=None,
                    key=f"map-{field}",
                    format_func=visible,
                    placeholder=f"recognised: {recognised.get(field, 'none')}",
                )


def _holds_sample() -> bool:
    try:
        opened = cache.archive(frame.index())
        opened.current()
    except ArchiveError:  # none yet, or one that this build is to mend
        return False
    return sample.is_held_by(opened.retriever)


def _start(staged: Staged, mapping: dict[str, str]) -> None:
    folder = frame.root()
    ways = [ADD, REPLACE] if folder is None else [ADD, REPLACE, NEW]
    is_sample = _holds_sample()
    how = st.radio("What to do with them", ways, index=len(ways) - 1 if is_sample and NEW in ways else 0)
    if is_sample:
        st.html(cards.quiet(sample.KEEP_APART))
    name = ""
    if how == NEW:
        name = st.text_input("Name of the new archive", placeholder="letters, digits, - and _")
    if not st.button("Build", type="primary"):
        return
    into = frame.index()
    try:
        if how == NEW and folder is not None:
            into = str(folders.new_index(name, folder))
    except InputError as error:
        st.error(errors.message_of(error))
        return

    def work(listen: Callable[[Progress], None]) -> BuildReport:  # keeps the uploads until it ends
        return qa.build(staged.inputs, into, add=how == ADD, mapping=mapping, progress=listen)

    frame.start_build(into, work)
    st.session_state[_INTO] = into
    if how == NEW:
        st.session_state[frame.GO_TO] = Path(into).name
    del st.session_state[_STAGED]
    st.rerun()
