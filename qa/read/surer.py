"""Two replies to a question, alone and as a follow-up -> whether the follow-up is the surer reading."""

from __future__ import annotations

from qa.records import Reply

CLEARLY = 0.1  # how much surer the reading of a follow-up must be where the question may stand alone


def is_surer(joined: Reply, alone: Reply) -> bool:
    """Whether a follow-up's reading is clearly surer than the question alone; sure of neither, it is not."""
    if not joined.answers:
        return False
    if not alone.answers:
        return True
    one, other = joined.answers[0], alone.answers[0]
    if one.confidence is None or other.confidence is None:
        return one.margin > other.margin
    return one.confidence >= other.confidence + CLEARLY
