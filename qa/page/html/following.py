"""Followed questions and their changes -> HTML."""

from __future__ import annotations

from collections.abc import Sequence

from qa.follow.records import Change, Followed
from qa.follow.wording import change_line, followed_line
from qa.page.html.templates import macro


def now(one: Followed) -> str:
    """Return the newest answer to a followed question, in one line."""
    return macro("parts.html", "quiet")(followed_line(one))


def changes(news: Sequence[Change]) -> str:
    """Return the changes, the newest first."""
    return macro("following.html", "changes")([(change, change_line(change)) for change in news])
