"""Figures -> pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def recall_by_weight(
    weights: Sequence[float],
    by_depth: Mapping[int, Sequence[float]],
    *,
    shipped: float,
    title: str,
    path: Path,
) -> None:
    """Draw one line a depth over the share of BM25 in the fusion; dense alone at 0, BM25 alone at 1."""
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    shades = colormaps["viridis"]
    for position, (depth, shares) in enumerate(by_depth.items()):
        colour = shades(0.85 * position / max(1, len(by_depth) - 1))
        line = [100 * share for share in shares]
        axes.plot(weights, line, marker="o", markersize=3.5, color=colour)
        axes.annotate(
            f"top {depth}",
            (weights[-1], line[-1]),
            (6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
        )
    axes.axvline(shipped, color="grey", linestyle=":", linewidth=1)
    axes.annotate(
        "shipped", (shipped, 1), (4, -10), xycoords=("data", "axes fraction"), textcoords="offset points"
    )
    axes.set(title=title, xlabel="share of BM25 in the fused score", ylabel="questions with the answer, %")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    FigureCanvasAgg(figure).print_figure(path, dpi=130)


def growth(sizes: Sequence[Mapping[str, float]], path: Path) -> None:
    """Draw what grows with the number of passages, on logarithmic axes, each with its fitted slope."""
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    passages = np.array([size["passages"] for size in sizes], dtype=float)
    named = {
        "search_cpu": "search, ms of one core",
        "filtered_cpu": "search with a filter, ms of one core",
        "memory": "memory, MB",
        "megabytes": "on disk, MB",
    }
    for position, (name, label) in enumerate(named.items()):
        values = np.array([size[name] for size in sizes], dtype=float)
        slope = np.polyfit(np.log(passages), np.log(values), 1)[0]
        colour = colormaps["viridis"](0.9 * position / (len(named) - 1))
        axes.plot(passages, values, marker="o", color=colour, label=f"{label}: slope {slope:.2f}")
    axes.set(xscale="log", yscale="log", xlabel="passages", title="What grows with the archive")
    axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    FigureCanvasAgg(figure).print_figure(path, dpi=130)
