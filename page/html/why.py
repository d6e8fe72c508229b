"""Reply -> why it came out so, as charts: the ranks of its passages and the reader's margins."""

from __future__ import annotations

from page.html.palette import COLOURS, QUIET, Spec, Theme, dressed, scale, short
from qa import words
from qa.records import Answer, Reply
from qa.text.display import visible


def ranks(reply: Reply, theme: Theme) -> Spec | None:
    """For each passage that was read: its rank by meaning and by words; None without passages."""
    if not reply.hits:
        return None
    values = []
    for at, hit in enumerate(reply.hits[: reply.passages_read]):
        article = hit.passage.article
        title = visible(article.title)
        row = f"{at + 1}. {short(article.source if article.source else article.title)}"
        for by, rank, score in (
            ("by meaning", hit.similarity_rank, hit.similarity),
            ("by words", hit.bm25_rank, hit.bm25),
        ):
            values.append(
                {
                    "passage": row,
                    "by": by,
                    "rank": rank,
                    "score": round(score, 2),
                    "title": title,
                }
            )
    sort = list(dict.fromkeys(value["passage"] for value in values))
    by = ["by meaning", "by words"]
    spec = {
        "height": {"step": 24, "for": "position"},
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 0.9},
        "encoding": {
            "x": {
                "field": "rank",
                "type": "quantitative",
                "title": "Rank in the whole search",
                "scale": {"domainMin": 1, "nice": False},
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


def margins(reply: Reply, theme: Theme) -> Spec | None:
    """How far the reader prefers each answer to "no answer", and both scores; None without any span."""
    judged = [*reply.answers, *([reply.best_rejected] if reply.best_rejected is not None else [])]
    if not judged:
        return None
    values = [
        {
            "answer": short(a.text),
            "margin": round(a.margin, 2),
            "scores": _scores(a),
            "told": words.sureness(a),
        }
        for a in judged
    ]
    spec = {
        "height": {"step": 30},
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadius": 2, "color": COLOURS[theme][0], "height": 12},
                "encoding": {"x": {"field": "margin", "type": "quantitative"}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": QUIET[theme]},
                "encoding": {
                    "x": {"field": "margin", "type": "quantitative"},
                    "text": {"field": "scores", "type": "nominal"},
                },
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": QUIET[theme]},
                "encoding": {"x": {"datum": 0}},
            },
        ],
        "encoding": {
            "x": {"type": "quantitative", "title": "Reader's margin over “no answer”, in logits"},
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
                {"field": "scores", "title": "Its score, and that of “no answer”"},
                {"field": "told", "title": "Confidence"},
            ],
        },
    }
    return dressed(spec, theme)


def _scores(answer: Answer) -> str:
    """ "8.5 to 3.2": the score of the words and that of "no answer" in their window, in logits."""
    return "" if answer.null is None else f"{answer.null + answer.margin:.1f} to {answer.null:.1f}"


def _legend() -> Spec:
    return {"title": None, "legend": {"orient": "top"}}
