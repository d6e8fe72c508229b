"""Ask: a question in, cards out; conditions that are seen and can be removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from qa import export, words
from qa.page import article, cache, compose, following, frame, many, named, sample
from qa.page.html import browsing, cards, charts, layout, live, why
from qa.page.html.escaping import label
from qa.page.html.palette import Spec
from qa.page.preferences import Preferences, load_preferences
from qa.records import Filter, Hit, Reply
from qa.reports import Overview
from qa.retrieve.query import Query, query_of
from qa.retrieve.spelling import respelled

FILTERS = {"since": "From", "until": "To", "source": "Source", "tag": "Topic"}
ASKED = "asked"  # the questions of this tab, the last one first
MOST_ASKED = 30
LONGEST_TITLE = 80  # characters of the question in the title of the tab
BEFORE = "after"  # in the address: the question on which this one leans
SCORES = "Score puts meaning (cosine of the two embeddings) and words (BM25) together; it sets the order."
TURN = "turn"
REPLY = "reply"  # the last one of this tab


@dataclass(frozen=True, slots=True)
class Turn:
    """The present question of this tab, the reply before it, and what was taken off it by a click."""

    question: str
    before: Reply | None
    heed_time: bool = True
    lean: bool = True  # on the reply before, as "And where did he go?" does

    @property
    def after(self) -> Reply | None:
        return self.before if self.lean else None


def page() -> st.Page:
    """Return the entry of this view in the page's navigation, also for links to it."""
    return st.Page(view, title="Ask", url_path="ask", default=True)


def view() -> None:
    _, overview = frame.opened()
    with st.form("ask", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        question = st.text_input(
            "Question",
            key="q",
            placeholder="Who, what, when, where?",
            label_visibility="collapsed",
            bind="query-params",
        ).strip()
        st.form_submit_button("Ask", type="primary")
    row = st.container(horizontal=True, vertical_alignment="center", gap="small", key="conditions")
    with row:
        conditions = _filters(overview)
        if question:
            _remember(question)
        _earlier(question)
        _removable(conditions)
    if question:
        st.set_page_config(page_title=f"{question[:LONGEST_TITLE]} · News QA")
        asked = _asked(overview, question, conditions)
        reply = cache.replies().get(asked.key)
        # The reply before goes at once: nothing on the screen answers another question than the one above it.
        place = st.container() if reply is not None else st.empty()
        if reply is None:
            waiting = place

            def show_passages(hits: Sequence[Hit]) -> None:
                waiting.html(layout.found_so_far(question, hits))

            reply = asked.ask(show_passages)
            cache.replies().keep(asked.key, reply)
            place = place.container()
        st.session_state[REPLY] = reply
        _name_the_question_before(reply)
        with row:
            _heard(reply)
        with place:
            _offer_spelling(overview, question, reply)
            _show(reply, asked, overview)
        frame.announce(layout.in_one_line(reply))
    else:
        _start(overview)
        restricted = cache.Conditions(
            conditions["since"], conditions["until"], tuple(conditions["source"]), tuple(conditions["tag"])
        )
        many.show(overview.generation, restricted, datetime.now(UTC).date())
        st.html(live.focus("Question"), unsafe_allow_javascript=True)
    article.show_if_wanted()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of this tab with all that its reply depends on."""

    index: str
    generation: str  # of the index
    preferences: Preferences
    query: Query
    after: Reply | None

    @property
    def key(self) -> cache.Key:
        return (self.index, self.generation, self.preferences, self.query, _leaning_on(self.after))

    def ask(self, on_passages: Callable[[Sequence[Hit]], None]) -> Reply:
        return cache.ask(self.index, self.preferences, self.query, self.after, on_passages)


def _asked(overview: Overview, question: str, conditions: dict[str, Any]) -> Asked:
    turn = st.session_state.get(TURN)
    if turn is None or turn.question != question:
        turn = st.session_state[TURN] = Turn(question, _before(overview, question, conditions))
    preferences = load_preferences(frame.index())
    query = query_of(
        question,
        since=conditions["since"],
        until=conditions["until"],
        source=conditions["source"],
        tag=conditions["tag"],
        as_of=preferences.as_of,
        heed_time=turn.heed_time,
    )
    return Asked(frame.index(), overview.generation, preferences, query, turn.after)


def _before(overview: Overview, question: str, conditions: dict[str, object]) -> Reply | None:
    """Return this tab's reply before the question, or that to the question before in its address."""
    if REPLY in st.session_state:
        before: Reply = st.session_state[REPLY]
        return before
    leaning = st.query_params.get(BEFORE, "").strip()
    if not leaning or leaning == question:
        return None
    st.session_state[TURN] = Turn(leaning, None)
    asked = _asked(overview, leaning, conditions)
    reply = cache.replies().get(asked.key)
    if reply is None:
        reply = asked.ask(lambda hits: None)
        cache.replies().keep(asked.key, reply)
    return reply


def _name_the_question_before(reply: Reply) -> None:
    """Put into the address what a follow-up leans on, so that it can be shared and loaded again."""
    if reply.follow_up is not None:
        st.query_params[BEFORE] = reply.follow_up.before
    elif BEFORE in st.query_params:
        del st.query_params[BEFORE]


def _leaning_on(before: Reply | None) -> tuple[str, ...]:
    if before is None:
        return ()
    asked = before.question if before.follow_up is None else before.follow_up.question
    return (asked, *(answer.text for answer in before.answers[:1]))


def _heard(reply: Reply) -> None:
    """Show a button for every condition that the question itself brought; a click removes it."""
    turn = st.session_state[TURN]
    if reply.time is not None:
        _drop_button(words.time_condition(reply.time), "time", {TURN: replace(turn, heed_time=False)})
    if reply.follow_up is not None:
        _drop_button(words.follow_up(reply.follow_up), "lean", {TURN: replace(turn, lean=False)})


def _start(overview: Overview) -> None:
    st.html(browsing.facts(overview, frame.feeds()))
    following.show(frame.index())
    found = cache.examples(frame.index(), overview.generation)
    if found:
        st.html(cards.heading("For example", "Made from the newest headlines of this archive."))
        with st.container(key="examples", gap=None):
            for example in found:
                st.button(label(example), on_click=_ask, args=(example,), type="tertiary")


def _ask(question: str) -> None:
    st.session_state.q = question


def _filters(overview: Overview) -> dict[str, Any]:
    with st.popover("Filters", type="tertiary", icon=":material/tune:"):
        return {
            "since": st.date_input("From", key="since", **frame.ANY_DAY),
            "until": st.date_input("To", key="until", **frame.ANY_DAY),
            "source": _several("Sources", overview.sources, "source"),
            "tag": _several("Topics", overview.tags, "tag"),
        }


def _several(title: str, counts: Sequence[tuple[str, int]], kind: named.Kind) -> list[str]:
    """Return the names that are chosen and, as conditions like them, those that no article has."""
    chosen = named.boxes(title, counts, key=kind, kind=kind)
    return [*chosen, *(strange.name for strange in named.unknown(kind))]


def _removable(conditions: dict[str, Any]) -> None:
    """Show a button for every filter that holds; a click removes it."""
    for key, value in conditions.items():
        if value:
            text = words.day(value) if isinstance(value, date) else ", ".join(value)
            none: dict[str, object] = {key: None} if isinstance(value, date) else named.choices(key, [])
            _drop_button(f"{FILTERS[key]}: {text}", key, none)


def _drop_button(text: str, key: str, then: dict[str, object]) -> None:
    st.button(
        label(text),
        key=f"drop-{key}",
        icon=":material/close:",
        help="Remove this condition",
        on_click=st.session_state.update,
        args=(then,),
    )


def _earlier(now: str) -> None:
    asked = [question for question in st.session_state.get(ASKED, []) if question != now]
    if asked:
        with st.popover("Earlier", type="tertiary", icon=":material/history:"):
            for number, question in enumerate(asked):
                st.button(
                    label(question), key=f"earlier-{number}", type="tertiary", on_click=_ask, args=(question,)
                )


def _remember(question: str) -> None:
    asked = st.session_state.setdefault(ASKED, [])
    if question in asked:
        asked.remove(question)
    asked.insert(0, question)
    del asked[MOST_ASKED:]


def _show(reply: Reply, asked: Asked, overview: Overview) -> None:
    if ends := words.archive_end(reply):
        st.html(cards.quiet(f"{ends}."))
    if sample.rests_on_sample(reply):
        st.html(cards.quiet(sample.NOTE))
    _unknown(reply, asked.query.filters)
    if reply.unknown and not reply.hits and reply.listing is None:
        return
    for section in layout.answered(reply):
        _section(section)
    compose.offer(reply, asked.key)
    for section in layout.evidence(reply):
        _section(section)
    _timeline(reply)
    _why(reply)
    with st.container(horizontal=True, vertical_alignment="center", key="downloads"):
        for file in export.downloads(reply):
            st.download_button(file.label, file.text, file.name, file.mime, on_click="ignore")
        following.offer(asked.index, reply, asked.query.filters.sources, asked.query.filters.tags)
    if reply.timings:
        text = [words.timings(reply.timings), words.stopped_early(reply)]
        st.html(cards.quiet(". ".join(line for line in text if line)))


def _offer_spelling(overview: Overview, question: str, reply: Reply) -> None:
    """Offer the question with its names as the archive spells them, if it knows them only so."""
    known = cache.vocabulary(frame.index(), overview.generation)
    offered = respelled(question, known, [hit.passage.text for hit in reply.hits])
    if offered is not None:
        text = label(f"Did you mean: {offered}")
        st.button(text, key="respelled", on_click=_ask, args=(offered,), type="tertiary")


def _unknown(reply: Reply, filters: Filter) -> None:
    """Say of each name that no article has it, and offer those spelled like it, to be taken by a click.

    Where none is like it, the commonest are offered, once for several such names.
    """
    strange = {unknown.name for unknown in reply.unknown}
    offers = [(unknown.kind, unknown.nearest or unknown.commonest) for unknown in reply.unknown]
    for number, (unknown, section) in enumerate(zip(reply.unknown, layout.unknown(reply), strict=True)):
        _section(section)
        key, names = offers[number]
        if not names or offers[number] in offers[number + 1 :]:
            continue
        asked = filters.sources if key == "source" else filters.tags
        known = [name for name in asked if name not in strange]
        if unknown.commonest:
            st.html(cards.quiet(f"The commonest {FILTERS[key].lower()}s of this archive:"))
        with st.container(horizontal=True, gap="small"):
            for name in names:
                st.button(
                    label(name),
                    key=f"mean-{number}-{name}",
                    on_click=st.session_state.update,
                    args=(named.choices(key, list(dict.fromkeys([*known, name]))),),
                )


def _section(section: layout.Section) -> None:
    with st.expander(label(section.fold)) if section.fold else st.container():
        if section.html:
            st.html(section.html)
        for card in section.cards:
            with st.container(key=card.key):
                st.html(card.html)
                st.button(
                    "Read in article",
                    key=f"read-{card.key}",
                    type="tertiary",
                    on_click=article.open_at,
                    args=(card.view,),
                )


def _timeline(reply: Reply) -> None:
    spec = charts.timeline(reply, frame.theme())
    if spec is None:
        return

    def open_picked() -> None:
        picked = st.session_state.timeline.selection[charts.PICK]
        article_view = layout.view_of(reply, picked[0][charts.ARTICLE]) if picked else None
        if article_view is not None:
            article.open_at(article_view)

    st.html(cards.heading("Timeline", "The evidence by day; a click opens the article."))
    st.vega_lite_chart(spec, key="timeline", on_select=open_picked)


def _why(reply: Reply) -> None:
    charts_of_it = [
        ("Retrieval", "How near each passage is to the question, by meaning and by words.", why.ranks),
        ("Reading", "Right of 0 the reader takes the words for an answer, left of it for none.", why.margins),
    ]
    drawn: list[tuple[str, str, Spec | None]] = [
        (title, text, draw(reply, frame.theme())) for title, text, draw in charts_of_it
    ]
    if any(spec for _, _, spec in drawn):
        with st.expander("Why this answer" if reply.answers else "Why no answer"):
            for title, text, spec in drawn:
                if spec is not None:
                    st.html(cards.heading(title, text))
                    st.vega_lite_chart(spec)
            st.html(cards.heading("Scores", SCORES) + cards.scores(reply))
