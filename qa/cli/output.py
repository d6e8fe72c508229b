"""A command's result -> standard output: JSON for dicts and lists, rich text for all else."""

from __future__ import annotations

import json
from datetime import datetime


def print_result(content: object) -> None:
    """Print what a command found; dates become ISO text in JSON."""
    if isinstance(content, (dict, list)):
        print(json.dumps(content, ensure_ascii=False, indent=2, default=_json_value))
        return
    from rich.console import Console

    Console(highlight=False, soft_wrap=isinstance(content, str)).print(content, markup=False)


def _json_value(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
