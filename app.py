"""The page: a frame and its views; each view is a module of qa/page/."""

import streamlit as st

from qa.page import archive, article_view, ask, brief, build, errors, frame, settings, staging
from qa.page.html import cards, live

st.set_page_config(page_title="News QA", layout="centered")
view = st.navigation(
    [
        st.Page(ask.view, title="Ask", url_path="ask", default=True),
        st.Page(brief.view, title="Brief", url_path="brief"),
        st.Page(archive.view, title="Archive", url_path="archive"),
        st.Page(build.view, title="Build", url_path="build"),
        st.Page(settings.view, title="Settings", url_path="settings"),
        st.Page(article_view.view, title="Article", url_path="article", visibility="hidden"),
    ],
    position="top",
)
st.set_page_config(page_title=f"{view.title} · News QA")
heading = "" if view.url_path == "" else view.title  # the first view is the page's own
st.html(cards.head(st.context.theme.type, heading) + live.ready(), unsafe_allow_javascript=True)
try:
    staging.sweep_once()
    frame.choose_archive()
    view.run()
except Exception as error:
    st.error(errors.message_of(error))
