"""Reply -> why it came out so, as charts: the ranks of its passages and the reader's margins."""

from __future__ import annotations

from qa import words
from qa.page.html.palette import COLOURS, QUIET, Spec, Theme, dressed, scale, short
from qa.records import Answer, Hit, Reply
from qa.text.display import visible

ROOM = 0.5  # of the longest bar, for the scores beside it; a third of a plot on a phone
_BY_MEANING, _BY_WORDS = "by meaning", "by words"


def ranks(reply: Reply, theme: Theme) -> Spec | None:
    """Chart the rank by meaning and by words of each passage that was read; None without passages."""
    if not reply.hits:
        return None
    read = reply.hits[: reply.passages_read]
    values = [point for place, hit in enumerate(read, start=1) for point in _rank_points(place, hit)]
    sort = list(dict.fromkeys(point["passage"] for point in values))
    by = [_BY_MEANING, _BY_WORDS]
    known = [rank for hit in read for rank in (hit.similarity_rank, hit.bm25_rank) if rank is not None]
    spec = {
        "height": 24 * len(sort) + 90,  # with legend and axis
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 0.9},
        "encoding": {
            "x": {
                "field": "rank",
                "type": "quantitative",
                "title": "Rank in the whole search",
                "scale": {"domain": [1, max([2, *known])], "nice": False},
                "axis": {"tickMinStep": 1, "format": "d"},
            },
            "y": {
                "field": "passage",
                "type": "nominal",
                "sort": sort,
                "title": None,
                "axis": {"domain": False, "ticks": False, "labelLimit": 200, "grid": True},
            },
            "yOffset": {"field": "by", "sort": by},  # or equal ranks would hide each other
            "color": {"field": "by", "type": "nominal", "scale": scale(by, theme), **_legend()},
            "shape": {
                "field": "by",
                "type": "nominal",
                "scale": {"range": ["circle", "square"]},
                **_legend(),
            },
            "tooltip": [
                {"field": "title", "title": "Article"},
                {"field": "by", "title": "Rank"},
                {"field": "rank", "title": "Place"},
                {"field": "score", "title": "Score"},
            ],
        },
    }
    return dressed(spec, theme)


def _rank_points(place: int, hit: Hit) -> list[dict[str, object]]:
    """Return the two points of a passage: its rank by meaning and its rank by words."""
    article = hit.passage.article
    row = f"{place}. {short(article.source if article.source else article.title)}"
    both = ((_BY_MEANING, hit.similarity_rank, hit.similarity), (_BY_WORDS, hit.bm25_rank, hit.bm25))
    return [
        {"passage": row, "by": by, "rank": rank, "score": round(score, 2), "title": visible(article.title)}
        for by, rank, score in both
    ]


def margins(reply: Reply, theme: Theme) -> Spec | None:
    """Chart by how much the reader prefers each answer to "no answer"; None without any span."""
    judged = [*reply.answers, *([reply.best_rejected] if reply.best_rejected is not None else [])]
    if not judged:
        return None
    values = [
        {
            "answer": short(a.text),
            "margin": round(a.margin, 2),
            "beside": max(0.0, round(a.margin, 2)),  # where its scores stand, on no bar
            "scores": _scores(a),
            "label": words.sureness(a, is_guess=a is reply.best_rejected),
        }
        for a in judged
    ]
    ends = [round(a.margin, 2) for a in judged]
    reach = {"scale": {"domain": [min(0.0, *ends), max(1.0, *ends) * (1 + ROOM)]}}
    spec = {
        "height": 30 * len(values) + 60,  # with the axis
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadius": 2, "color": COLOURS[theme][0], "height": 12},
                "encoding": {"x": {"field": "margin", "type": "quantitative", **reach}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": QUIET[theme]},
                "encoding": {
                    "x": {"field": "beside", "type": "quantitative", **reach},
                    "text": {"field": "scores", "type": "nominal"},
                },
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": QUIET[theme]},
                "encoding": {"x": {"datum": 0}},
            },
        ],
        "encoding": {
            "x": {
                **reach,
                "type": "quantitative",
                "title": "Reader's margin over “no answer”, in logits",
                "axis": {"tickCount": 8},
            },
            "y": {
                "field": "answer",
                "type": "nominal",
                "sort": [value["answer"] for value in values],
                "title": None,
                "axis": {"domain": False, "ticks": False, "labelLimit": 200},
            },
            "tooltip": [
                {"field": "answer", "title": "Answer"},
                {"field": "margin", "title": "Margin"},
                {"field": "scores", "title": "Its score, less that of “no answer”"},
                {"field": "label", "title": "Confidence"},
            ],
        },
    }
    return dressed(spec, theme)


def _scores(answer: Answer) -> str:
    """Return "8.5 − 3.2": the score of the words less that of "no answer" in their window, in logits."""
    return "" if answer.null is None else f"{answer.null + answer.margin:.1f} − {answer.null:.1f}"


def _legend() -> Spec:
    return {"title": None, "legend": {"orient": "top", "columns": 1}}
