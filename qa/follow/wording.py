"""Change, Followed -> one line in plain words."""

from __future__ import annotations

from qa import words
from qa.follow.records import Change, Followed, KnownAnswer

NONE = "no sure answer"


def change_line(change: Change) -> str:
    """Return a change in the words of the articles: "223 → 227, Northern Ledger, 12 November 2023"."""
    before = NONE if change.before is None else change.before.text
    after = NONE if change.after is None else answer_line(change.after)
    return f"{before} → {after}"


def answer_line(answer: KnownAnswer) -> str:
    """Return an answer with its source and day: "227, Northern Ledger, 12 November 2023"."""
    text = f"{answer.text} (disputed)" if answer.state == "disputed" else answer.text
    day = "" if answer.published is None else words.day(answer.published.date())
    return ", ".join(part for part in (text, answer.source, day) if part)


def followed_line(one: Followed) -> str:
    """Return the newest answer as a line; "no sure answer", or "not asked yet", without one."""
    if one.answer is not None:
        return answer_line(one.answer)
    return "not asked yet" if one.asked is None else NONE
