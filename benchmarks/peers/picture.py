"""The figures of all systems -> a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.peers.curve import Point, by_system
from benchmarks.peers.figures import Measured

TICKS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000)  # milliseconds


def draw(systems: Mapping[str, Measured], *, ours: str, title: str, path: Path) -> None:
    """Draw a bar for each system in each of six small charts; ours as it ships, a peer at its best."""
    overlap = {name: m.answers.f1 if name == ours else m.best_f1 for name, m in systems.items()}
    panels = {
        "build, words/s (more is better)": [m.words_a_second for m in systems.values()],
        "ask p50, ms (less is better)": [1000 * m.ask_p50 for m in systems.values()],
        "cold start, s (less is better)": [m.cold_start for m in systems.values()],
        "peak memory, MB (less is better)": [m.megabytes for m in systems.values()],
        "answer in the first 5 passages, %": [100 * (m.recall_at_5 or 0.0) for m in systems.values()],
        "F1, % (a peer's better set-up)": [100 * (f1 or 0.0) for f1 in overlap.values()],
    }
    figure = Figure(figsize=(10, 5.2), layout="constrained")
    figure.suptitle(title)
    shades = colormaps["viridis"]
    colours = [shades(0.85 * position / max(1, len(systems) - 1)) for position in range(len(systems))]
    for axes, (label, values) in zip(figure.subplots(2, 3).flat, panels.items(), strict=True):
        bars = axes.barh(list(systems), values, color=colours)
        axes.bar_label(bars, fmt=lambda value: f"{value:,.0f}" if value >= 100 else f"{value:.1f}", padding=3)
        axes.margins(x=0.25)
        axes.invert_yaxis()
        axes.set_title(label, fontsize=9)
        axes.set_xticks([])
        axes.spines[["top", "right", "bottom"]].set_visible(False)
        if axes.get_subplotspec().colspan.start:
            axes.set_yticklabels([])
    path.parent.mkdir(parents=True, exist_ok=True)
    FigureCanvasAgg(figure).print_figure(path, dpi=130)


def draw_curve(points: Sequence[Point], *, title: str, path: Path) -> None:
    """Draw three charts of F1 over the time of a question: a line a system, a point a number of passages."""
    panels = {
        "F1 of all questions, %": [point.f1 for point in points],
        "of the answerable, %": [point.has_f1 for point in points],
        "of the answerable, forced, %": [point.forced_f1 for point in points],
    }
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    figure.suptitle(title)
    curves = by_system(points)
    shades = colormaps["viridis"]
    for axes, (label, shares) in zip(figure.subplots(1, 3), panels.items(), strict=True):
        share_of = dict(zip(points, shares, strict=True))
        for position, (name, curve) in enumerate(curves.items()):
            colour = shades(0.85 * position / max(1, len(curves) - 1))
            times = [1000 * point.seconds for point in curve]
            heights = [100 * share_of[point] for point in curve]
            axes.plot(times, heights, marker="o", markersize=3.5, color=colour, label=name)
            for point, place in zip(curve, zip(times, heights, strict=True), strict=True):
                axes.annotate(str(point.read), place, (3, 3), textcoords="offset points", fontsize=7)
        axes.set(xscale="log", title=label, xlabel="ask p50, ms")
        low, high = axes.get_xlim()
        axes.set_xticks(
            ticks := [tick for tick in TICKS if low <= tick <= high], [f"{tick}" for tick in ticks]
        )
        axes.minorticks_off()
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.3)
    labelled = axes.get_legend_handles_labels()
    figure.legend(*labelled, loc="outside lower center", ncols=len(curves), frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    FigureCanvasAgg(figure).print_figure(path, dpi=130)
