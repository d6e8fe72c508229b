"""The page: a frame and its views; each view is a module of qa/page/.

Streamlit imports this file for the server, and runs it for every click.
"""

import streamlit as st

from qa.page import archive, article_view, ask, brief, build, errors, frame, settings, site, staging
from qa.page.html import cards, live

VIEWS = {  # below the root, where Ask is
    "brief": brief.view,
    "archive": archive.view,
    "build": build.view,
    "settings": settings.view,
    "article": article_view.view,
}
HIDDEN = {"article"}  # reached by links alone


def draw() -> None:
    st.set_page_config(page_title="News QA", layout="centered")
    view = st.navigation(
        [
            ask.page(),
            *(
                st.Page(
                    show,
                    title=name.capitalize(),
                    url_path=name,
                    visibility="hidden" if name in HIDDEN else "visible",
                )
                for name, show in VIEWS.items()
            ),
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


if __name__ == "__main__":
    draw()
else:
    app = st.App(__file__, routes=site.routes(VIEWS), lifespan=site.around)
