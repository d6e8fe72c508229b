"""Text of the page can be read in both themes (WCAG AA: contrast of at least 4.5)."""

import re
import tomllib
from pathlib import Path

import pytest

from qa.page.html import palette
from qa.page.html.cards import STYLE

CONFIG = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"
COLOURS = dict(
    re.findall(r"--qa-([a-z-]+): light-dark\((#\w{6}, #\w{6})\)", STYLE.read_text(encoding="utf-8"))
)


def colour(name: str, theme: str) -> str:
    light, dark = COLOURS[name].split(", ")
    return light if theme == "light" else dark


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it, 0 to 1."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_defines_it():
    assert (contrast("#000000", "#ffffff"), round(contrast("#777777", "#ffffff"), 2)) == (21.0, 4.48)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_stands_out_from_every_ground(theme: str):
    config = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][theme]
    grounds = [colour("paper", theme), config["backgroundColor"], config["secondaryBackgroundColor"]]
    texts = [colour("text", theme), colour("quiet", theme), colour("accent", theme), config["linkColor"]]
    pairs = [(text, ground) for text in texts for ground in grounds]
    pairs += [(colour("mark-text", theme), colour("mark", theme)), ("#ffffff", config["primaryColor"])]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_stand_out_from_every_ground(theme: str):
    """WCAG AA asks 3 of graphics and 4.5 of small print."""
    config = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][theme]
    grounds = [config["backgroundColor"], config["secondaryBackgroundColor"], colour("paper", theme)]
    drawn = [*palette.COLOURS[theme], palette.QUIET[theme]]
    assert [(c, g) for c in drawn for g in grounds if contrast(c, g) < 3] == []
    assert [g for g in grounds if contrast(palette.WORDS[theme], g) < 4.5] == []
