"""The page: a question in, cards out. Widgets and cache only; words and HTML come from qa.view."""

import os
from datetime import date
from pathlib import Path

import streamlit as st

import qa
from qa.errors import IndexMissing, QAError
from qa.records import Overview, Reply
from qa.view import article_page, cards, examples, export, layout, troubles, uploads, watching

SAMPLE = Path(__file__).resolve().parent / "articles"
INDEX = os.environ.get("QA_INDEX", "indexes/news")
IN_URL = {"bind": "query-params"}  # so that a shared address asks the same question
ANY_DAY = {"value": None, "min_value": date(1800, 1, 1), "max_value": date(2100, 1, 1), **IN_URL}


@st.cache_resource(show_spinner="Opening the archive and loading its models")
def open_archive(index: str) -> "qa.NewsQA":  # quoted: the name alone would load the models' libraries
    return qa.open(index)


@st.cache_resource(show_spinner="Reading the closest passages", max_entries=100)
def answer(index: str, generation: str, question: str, conditions: dict) -> Reply:
    return open_archive(index).ask(question, **conditions)


def page() -> None:
    try:
        news = open_archive(INDEX)
        news.refresh()
        overview = news.overview()
    except IndexMissing:
        st.html(cards.FIRST_START)
        build([SAMPLE], add=False)
        st.rerun()
    except QAError:
        archive_tools()  # a damaged archive can be built anew from here
        raise
    conditions = filters(overview)
    archive_tools()
    with st.form("ask", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        question = st.text_input("Question", key="q", placeholder="Who, what, when, where?", **IN_URL)
        st.form_submit_button("Ask", type="primary")
    if "report" in st.session_state:
        st.html(cards.build_report(st.session_state.pop("report")))
    if question.strip():
        show(answer(INDEX, overview.generation, question.strip(), conditions))
    else:
        st.html(cards.heading("For example"))
        for example in examples.EXAMPLES:
            st.button(example, on_click=st.session_state.update, kwargs={"q": example}, type="tertiary")


def filters(overview: Overview) -> dict:
    st.sidebar.html(cards.archive(overview) + cards.heading("Filters"))
    return {
        "since": st.sidebar.date_input("From", key="since", **ANY_DAY),
        "until": st.sidebar.date_input("To", key="until", **ANY_DAY),
        "source": st.sidebar.multiselect("Sources", list(dict(overview.sources)), key="source", **IN_URL),
        "tag": st.sidebar.multiselect("Tags", list(dict(overview.tags)), key="tag", **IN_URL),
    }


def archive_tools() -> None:
    st.sidebar.html(cards.heading("Add articles"))
    with st.sidebar.form("add", clear_on_submit=True, border=False):
        files = st.file_uploader("Files", uploads.ACCEPTED, accept_multiple_files=True)
        if st.form_submit_button("Add to the archive") and files:
            with uploads.saved(files) as paths:
                build_in_dialog(paths, add=True)
    with st.sidebar.expander("Build anew"), st.form("rebuild", border=False):
        keep = st.checkbox("Keep articles that were added here", value=True)
        if st.form_submit_button("Read the articles folder"):
            build_in_dialog([SAMPLE], add=keep)


@st.dialog("Building the archive")
def build_in_dialog(inputs: list[Path], add: bool) -> None:
    try:
        build(inputs, add)
        st.rerun()
    except Exception as error:
        st.error(troubles.told(error))


def build(inputs: list[Path], add: bool) -> None:
    show = st.progress(0.0, "Getting ready").progress
    st.session_state.report = watching.watched(qa.build, inputs, INDEX, add=add, show=show)


def show(reply: Reply) -> None:
    for section in layout.sections(reply):
        with st.expander(section.fold) if section.fold else st.container():
            st.html(section.html)
            for card in section.cards:
                with st.container(key=card.key):
                    st.html(card.html)
                    if st.button("Read in article", key=f"read-{card.key}", type="tertiary"):
                        read(card)
    with st.container(horizontal=True):
        for file in export.downloads(reply):
            st.download_button(file.label, file.text, file.name, file.mime, on_click="ignore")


@st.dialog("Article", width="medium")
def read(card: layout.Card) -> None:
    st.html(article_page.article_page(card.article, card.mark, card.passage))
    st.html(article_page.SCROLL_TO_MARK, unsafe_allow_javascript=True)


st.set_page_config(page_title="News QA", layout="centered")
st.html(cards.head(st.context.theme.type))
try:
    page()
except Exception as error:
    st.error(troubles.told(error))
