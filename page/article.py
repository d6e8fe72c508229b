"""The dialog in which an article is read: its marks in view, its near-duplicates and its neighbours below."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

import qa
from page import cache, errors, frame
from page.html import article_page, cards
from page.html.escaping import label
from page.html.layout import ArticleView
from qa.errors import QAError
from qa.records import Neighbour

MANY = 4  # neighbours of each kind
# By eye on the sample archive: from here on two articles are about the same matter, "Fed raises rates" twice;
# at 0.45 there are still pairs that only share a manner, a crowd in Washington and a crowd in Ankara.
LEAST_ALIKE = 0.5
SAME_DAYS = timedelta(days=30)  # what happened about then
_TO_OPEN = "article to open"
_READ = "article that is read"
_OPENED = "articles opened"
_DELETED = "deletion"  # "" once an article was deleted, else why it was not


def open_at(article_view: ArticleView) -> None:
    """Open an article when the view is drawn; for a button's ``on_click``."""
    st.session_state[_TO_OPEN] = article_view


def show_if_wanted(*, may_delete: bool = False) -> None:
    """The last line of a view that opens articles."""
    article_view = st.session_state.pop(_TO_OPEN, None)
    if article_view is not None:
        st.session_state[_READ] = article_view
        _dialog(may_delete)


def tell_deletion() -> None:
    """Say once what came of a wish to delete; a line of a view that lets articles be deleted."""
    error = st.session_state.pop(_DELETED, None)
    if error is not None:
        st.error(error) if error else st.success("Deleted. The other articles stay as they are.")


@st.dialog("Article", width="medium")
def _dialog(may_delete: bool) -> None:
    if _DELETED in st.session_state:
        st.rerun()
    article_view: ArticleView = st.session_state[_READ]
    st.html(article_page.article_page(article_view))
    st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1
    st.html(article_page.scroll_to_mark(st.session_state[_OPENED]), unsafe_allow_javascript=True)
    retriever = cache.archive(frame.index()).retriever
    try:
        near_duplicates = retriever.near_duplicates(article_view.article.id)
        near = retriever.neighbours(article_view.article.id, MANY, within=SAME_DAYS)
        like = retriever.neighbours(article_view.article.id, MANY)
    except KeyError:
        st.html(cards.quiet("This article is no longer in the archive."))
        return
    if near_duplicates:
        st.html(article_page.also_in(near_duplicates))
    alike = [neighbour for neighbour in like if neighbour.similarity >= LEAST_ALIKE]
    known = {neighbour.article.id for neighbour in alike}
    _neighbours("Near in meaning", alike, article_view)
    _neighbours("From the same days", [n for n in near if n.article.id not in known], article_view)
    if may_delete:
        with st.expander("Delete this article"):
            st.html(cards.quiet("Later builds leave it out, too. Its file and your backups still hold it."))
            st.button("Delete from the archive", on_click=_delete, args=(article_view.article.id,))


def _delete(article_id: str) -> None:
    try:
        qa.forget(frame.index(), ids=[article_id])
        cache.replies().clear()
        st.session_state[_DELETED] = ""
    except QAError as error:
        st.session_state[_DELETED] = errors.message_of(error)


def _neighbours(title: str, found: list[Neighbour], article_view: ArticleView) -> None:
    if not found:
        return
    st.html(cards.heading(title))
    for neighbour in found:
        other = neighbour.article
        with st.container(key=f"near-{other.id}", gap=None):
            if st.button(label(other.title or "Untitled article"), key=f"go-{other.id}", type="tertiary"):
                st.session_state[_READ] = ArticleView(other)
                st.rerun(scope="fragment")
            st.html(article_page.neighbour(neighbour, article_view.article))
