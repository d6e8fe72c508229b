"""Lines such as "Author: Holt, Mira" -> fields; a label's value goes on over the lines below it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_LABEL = re.compile(r"[ \t]*([A-Za-z][A-Za-z /-]{1,40}?):[ \t]*(.*)")


def labelled(
    lines: list[str], labels: Collection[str], *, long: str = ""
) -> tuple[list[str], Mapping[str, str]]:
    """Return the lines above the first known label, and the value of every label, its own lines joined.

    :param labels: known labels in lower case.
    :param long: the label whose value is the text: its blank lines stay, all labels' others end them.
    """
    above: list[str] = []
    values: dict[str, list[str]] = {}
    present: list[str] = above
    is_long = False
    for line in lines:
        found = _LABEL.match(line)
        label = found[1].strip().lower() if found is not None else ""
        if found is not None and label in labels:
            present = values.setdefault(label, [])
            is_long = label == long
            if found[2].strip():
                present.append(found[2].strip())
        elif present is above or is_long or present and present[-1:] != [""]:
            present.append(line.strip())
    return above, {label: "\n".join(value).strip() for label, value in values.items()}


def numbered_blocks(text: str, divider: re.Pattern[str]) -> list[tuple[int, str]]:
    """Return the stretches between the lines that a pattern matches, each with the line it begins at."""
    blocks: list[tuple[int, str]] = []
    at, line = 0, 1
    for found in divider.finditer(text):
        blocks.append((line, text[at : found.start()]))
        line += text.count("\n", at, found.end())
        at = found.end()
    blocks.append((line, text[at:]))
    return [(_first_line(number, block), block) for number, block in blocks if block.strip()]


def _first_line(number: int, block: str) -> int:
    return number + block[: len(block) - len(block.lstrip())].count("\n")
