"""The figures of all systems -> a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.peers.figures import Measured


def draw(systems: Mapping[str, Measured], *, ours: str, title: str, path: Path) -> None:
    """A bar for each system in each of six small charts; ours as it ships, a peer at its best."""
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
