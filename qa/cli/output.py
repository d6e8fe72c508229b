"""The one door for all that commands print: JSON for dicts and lists, rich text for all else, plain lines.

Titles, column names, file names and servers' answers are written by strangers. Nothing of them reaches a
terminal that moves its cursor, changes its title or turns the direction of its text.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from qa.text.display import HIDDEN, visible

if TYPE_CHECKING:
    from rich.console import Console

_HIDDEN = re.compile(
    "[" + "".join(map(chr, HIDDEN)) + "]"
)  # as they stand in JSON, where \t and \n are escaped


def print_result(content: object) -> None:
    """Print what a command found; dates become ISO text in JSON."""
    if isinstance(content, (dict, list)):
        print(json_text(content, indent=2))
    else:
        console(soft_wrap=isinstance(content, str)).print(content, markup=False)


def say(line: str, *, error: bool = False) -> None:
    """Print a line of text at once, to standard error if it is about a fault."""
    print(visible(line), file=sys.stderr if error else sys.stdout, flush=True)


def write(text: str) -> None:
    """Write a part of what a command found as it stands, at once; for CSV and JSON that grow."""
    sys.stdout.write(visible(text))
    sys.stdout.flush()


def json_text(content: object, *, indent: int | None = None) -> str:
    """Return JSON for programs that is harmless on a terminal: hidden characters are escaped."""
    text = json.dumps(content, ensure_ascii=False, indent=indent, default=_json_value)
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def console(*, stderr: bool = False, soft_wrap: bool = False) -> Console:
    """Return a rich console that shows no hidden character, whatever is printed on it."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class Door(Console):
        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterable[Segment]:
            # Rich adds its own escape sequences later, so those that are here are somebody else's.
            for segment in super().render(renderable, options):
                yield segment if segment.control else segment._replace(text=visible(segment.text))

    return Door(stderr=stderr, highlight=False, soft_wrap=soft_wrap)


def _json_value(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
