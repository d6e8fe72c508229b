"""An article at an address of its own, which can be shared and loaded again."""

from __future__ import annotations

import streamlit as st

from qa.page import article, frame
from qa.page.html import cards
from qa.page.html.layout import ArticleView
from qa.text.display import visible

ID = "id"  # in the address
LONGEST_TITLE = 80  # characters of the article's title in the title of the tab


def view() -> None:
    retriever, _ = frame.opened()
    wanted = st.query_params.get(ID, "")
    try:
        known = retriever.article(wanted)
    except KeyError:
        st.html(
            cards.message("There is no such article", "This archive does not hold it, or holds it no longer.")
        )
        return
    if title := " ".join(visible(known.title).split()):
        st.set_page_config(page_title=f"{title[:LONGEST_TITLE]} · News QA")
    article.show(ArticleView(known))
