"""The dialog in which an article is read: its marks in view, its near-duplicates and its neighbours below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import streamlit as st

import qa
from qa.errors import QAError
from qa.page import cache, errors, following, frame
from qa.page.html import article_page, cards
from qa.page.html.escaping import label
from qa.page.html.layout import ArticleView
from qa.page.versions import versions_of
from qa.records import Article, Neighbour

MANY = 4  # neighbours of each kind
# By eye on the sample archive: from here on two articles are about the same matter, "Fed raises rates" twice;
# at 0.45 there are still pairs that only share a manner, a crowd in Washington and a crowd in Ankara.
LEAST_ALIKE = 0.5
SAME_WEEKS = timedelta(days=30)  # what happened about then
_TO_OPEN = "article to open"
_READ = "article that is read"
_OPENED = "articles opened"
_DELETED = "deletion"  # "" once an article was deleted, else why it was not


def open_at(article_view: ArticleView) -> None:
    """Open an article when the view is drawn; for a button's ``on_click``."""
    st.session_state[_TO_OPEN] = article_view


def show_if_wanted(*, may_delete: bool = False) -> None:
    """Show an article if one was clicked; the last line of a view that opens articles."""
    article_view = st.session_state.pop(_TO_OPEN, None)
    if article_view is not None:
        st.session_state[_READ] = article_view
        _dialog(may_delete)


def report_deletion() -> None:
    """Report once what came of a wish to delete, in a view that lets articles be deleted."""
    error = st.session_state.pop(_DELETED, None)
    if error is not None:
        st.error(error) if error else st.success("Deleted. The other articles stay as they are.")


@st.dialog("Article", width="medium")
def _dialog(may_delete: bool) -> None:
    if _DELETED in st.session_state:
        st.rerun()
    article_view: ArticleView = st.session_state[_READ]
    st.html(
        article_page.article_page(article_view) + article_page.address(article_view.article, frame.named())
    )
    st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1
    st.html(article_page.scroll_to_mark(st.session_state[_OPENED]), unsafe_allow_javascript=True)
    if _beside(article_view, _read_here) and may_delete:
        with st.expander("Delete this article"):
            st.html(cards.quiet("Later builds leave it out, too. Its file and your backups still hold it."))
            st.button("Delete from the archive", on_click=_delete, args=(article_view.article.id,))


def show(article_view: ArticleView) -> None:
    """Show an article in the page itself, with its near-duplicates and neighbours."""
    st.html(article_page.article_page(article_view))
    _beside(article_view, _go_to)


def _read_here(article: Article) -> None:
    st.session_state[_READ] = ArticleView(article)
    st.rerun(scope="fragment")


def _go_to(article: Article) -> None:
    st.query_params["id"] = article.id
    st.rerun()


def _beside(article_view: ArticleView, go: Callable[[Article], None]) -> bool:
    """Show versions, near-duplicates and neighbours of an article; False if it is gone from the archive."""
    known = article_view.article
    retriever = cache.archive(frame.index()).retriever
    try:
        near_duplicates = retriever.near_duplicates(known.id)
        near = retriever.neighbours(known.id, MANY, within=SAME_WEEKS)
        like = retriever.neighbours(known.id, MANY)
    except KeyError:
        st.html(cards.quiet("This article is no longer in the archive."))
        return False
    twins = [Neighbour(twin, 1.0) for twin in near_duplicates]
    alike = [neighbour for neighbour in like if neighbour.similarity >= LEAST_ALIKE]
    versions = versions_of(known, [*twins, *alike, *near])
    shown = {one.article.id for one in versions}
    _neighbours("Versions and corrections", versions, article_view, go)
    for title, found in (("Also in", twins), ("Near in meaning", alike), ("From the same weeks", near)):
        _neighbours(title, [one for one in found if one.article.id not in shown], article_view, go)
        shown |= {one.article.id for one in found}
    return True


def _delete(article_id: str) -> None:
    try:
        qa.forget(frame.index(), ids=[article_id])
        cache.replies().clear()
        following.after_forgetting(frame.index())
        st.session_state[_DELETED] = ""
    except QAError as error:
        st.session_state[_DELETED] = errors.message_of(error)


def _neighbours(
    title: str, found: Sequence[Neighbour], article_view: ArticleView, go: Callable[[Article], None]
) -> None:
    if not found:
        return
    st.html(cards.heading(title))
    for neighbour in found:
        other = neighbour.article
        with st.container(key=f"near-{other.id}", gap=None):
            if st.button(label(other.title or "Untitled article"), key=f"go-{other.id}", type="tertiary"):
                go(other)
            st.html(article_page.neighbour(neighbour, article_view.article))
