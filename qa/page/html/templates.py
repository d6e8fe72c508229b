"""A template of this folder and plain values -> HTML in which every text of somebody else's stands as text.

Jinja2 escapes what a template inserts, so no module here escapes by hand and none joins HTML. Nothing but
what a template has made passes as HTML; no template uses the filter ``safe``, and a test keeps it so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension

from qa import words
from qa.text.display import safe_href, visible

FOLDER = Path(__file__).parent


class _LinesJoined(Extension):
    """Line breaks and indentation of a template are for who reads it; they do not reach the page."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return "".join(line.strip() for line in source.splitlines())


def _shown(value: object) -> object:
    """Leave out control characters, which could turn the direction of what follows."""
    return visible(value) if isinstance(value, str) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        extensions=[_LinesJoined],
        auto_reload=False,
    )
    environment.globals |= {"words": words, "web_address": safe_href}
    return environment


def macro(template: str, name: str) -> Callable[..., str]:
    """Return a macro of a template of this folder, to be called with plain values; it makes HTML."""
    called = getattr(_environment().get_template(template).module, name)
    return lambda *values: str(called(*values))
