"""The colours of the charts, and names as charts can carry them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal

from qa.text.display import visible

Theme = Literal["light", "dark"]
Spec = dict[str, Any]  # JSON, as https://vega.github.io/vega-lite/docs/ describes it

# In both themes every colour stands out from the ground by 3 to 1 at least (WCAG for graphics).
COLOURS: dict[str, tuple[str, ...]] = {
    "light": ("#8a3b12", "#1f6391", "#47701f", "#7a4a96", "#946200", "#0f7070"),
    "dark": ("#e59a6b", "#7fb5dd", "#a3c776", "#c6a0de", "#e0bb5c", "#6cc5c0"),
}
QUIET = {"light": "#857e72", "dark": "#8d867b"}
WORDS = {"light": "#4d483f", "dark": "#c9c2b6"}  # axes and legends
_LONGEST_LABEL = 28  # characters
FEW_DAYS, FEW_MONTHS = 6, 70  # days that an axis spans, for which it names days


def scale(names: Sequence[str], theme: Theme, *, quiet: str = "") -> dict[str, list[str]]:
    """Return a colour for each name, as Vega-Lite wants it; the ``quiet`` name is grey."""
    colours = iter(COLOURS[theme] * (1 + len(names) // len(COLOURS[theme])))
    picked = [QUIET[theme] if name == quiet else next(colours) for name in names]
    return {"domain": list(names), "range": picked}


def dressed(spec: Spec, theme: Theme) -> Spec:
    """Return the chart with readable labels: Streamlit's own grey is too faint for small print."""
    words = {"labelColor": WORDS[theme], "titleColor": WORDS[theme], "labelFontSize": 12, "titleFontSize": 12}
    # On a phone the plot is narrower than a title or a year at its end: both end where the plot ends.
    across = {"titleAnchor": "end", "labelFlush": 20, "labelOverlap": "greedy", "labelSeparation": 12}
    return spec | {"config": {"axis": words, "axisX": across, "legend": words}}


def days_between(first: date, last: date) -> list[dict[str, int | bool]]:
    """Return a domain from the first day to the end of the last, in UTC."""
    ends = (first, last + timedelta(days=1))
    return [{"year": day.year, "month": day.month, "date": day.day, "utc": True} for day in ends]


def days_around(days: Sequence[date]) -> Spec:
    """Return scale and axis from the day before the first to the day after the last.

    All in UTC, or a day would stand at the day before it where clocks are behind.
    """
    first, last = min(days) - timedelta(days=1), max(days) + timedelta(days=1)
    span = (last - first).days
    axis: Spec = {"grid": True, "tickCount": 5, "format": "%b %Y"}
    if span <= FEW_MONTHS:
        axis["format"] = "%-d %b %Y"  # as the day stands everywhere else on the page
    if span <= FEW_DAYS:
        axis["tickCount"] = {"interval": "day", "step": 1}  # else the same day is named twice
    domain = days_between(first, last - timedelta(days=1))
    return {"scale": {"type": "utc", "padding": 14, "domain": domain}, "axis": axis}


def short(text: str) -> str:
    """Return a text as one line for an axis or a legend."""
    line = " ".join(visible(text).split())
    return line if len(line) <= _LONGEST_LABEL else line[: _LONGEST_LABEL - 1].rstrip() + "…"
