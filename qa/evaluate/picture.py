"""A reader's trust -> a PNG: calibration curve and risk-coverage curve side by side."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

from qa.errors import InputError
from qa.evaluate.report import ACCURACY, Trust
from qa.shipped import install_command

_INK, _ACCENT = "#52514e", "#2a78d6"


def check_drawable(path: Path) -> None:
    """Fail before the long work, not after it.

    :raises InputError: if the picture cannot be drawn or written to this place.
    """
    if path.suffix != ".png":
        raise InputError("a picture's name ends in .png", where=path, cure="Write --picture trust.png")
    if not path.parent.is_dir():
        raise InputError("there is no such folder", where=path.parent, cure="Make it first, or name another.")
    if importlib.util.find_spec("matplotlib") is None:
        raise InputError(
            "a picture needs matplotlib, which is not installed",
            cure=f"Run: {install_command('bench')}",
        )


def draw(trust: Trust, *, title: str, path: Path) -> None:
    """Write the picture.

    :raises InputError: if the file cannot be written.
    """
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.2), layout="constrained")
    left: Axes
    right: Axes
    left, right = figure.subplots(1, 2)
    figure.suptitle(title, color=_INK, parse_math=False)  # a file may be called $a$

    # On the dotted line confidence equals accuracy; above the line it is too low, below it too high.
    left.plot([0, 100], [0, 100], color=_INK, linestyle=":", linewidth=1)
    promised = [100 * part.confidence for part in trust.bins]
    kept = [100 * part.accuracy for part in trust.bins]
    ranges = [likely_range(part.accuracy, part.questions) for part in trust.bins]
    below = [accuracy - 100 * low for accuracy, (low, _) in zip(kept, ranges, strict=True)]
    above = [100 * high - accuracy for accuracy, (_, high) in zip(kept, ranges, strict=True)]
    left.errorbar(promised, kept, yerr=[below, above], color=_ACCENT, marker="o", elinewidth=1, linewidth=2)
    left.set(
        title=f"calibration error {100 * trust.error:.1f} %",
        xlabel="confidence, %",
        ylabel="right, % (bars: 95 % range)",
        xlim=(0, 100),
        ylim=(0, 104),
    )

    curve = trust.curve
    right.step(100 * curve.coverage, 100 * curve.risk, where="post", color=_ACCENT, linewidth=2)
    right.axhline(100 * (1 - ACCURACY), color=_INK, linestyle=":", linewidth=1)
    right.set(
        title=f"{100 * ACCURACY:.0f} % right at {100 * trust.coverage:.1f} % coverage",
        xlabel="questions answered, surest first, %",
        ylabel="of these wrong, %",
        xlim=(0, 100),
        ylim=(0, max(5.0, 105 * curve.risk.max())),
    )
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.3)
    try:
        FigureCanvasAgg(figure).print_figure(path, dpi=130)
    except OSError as fault:
        raise InputError(
            f"the picture cannot be written ({fault.strerror})", where=path, cure="Name another place."
        ) from fault


def likely_range(share: float, of: int) -> tuple[float, float]:
    """Return where the true share lies in 95 of 100 samples of this size (Wilson 1927)."""
    z = 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - reach), min(1.0, middle + reach)
