"""Dates, confidences, counts and reports -> the plain words that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qa.records import Answer, Article, Composed, FollowUp, Hit, Reply, TimeCondition, UnknownName
from qa.reports import FIRST_SECONDS, BuildReport, Overview

# Least confidence of an answer -> word: what careful speakers say of statements that are right so often.
_CONFIDENCE_WORDS = ((0.9, "very likely"), (0.7, "likely"), (0.0, "possible"))
_GUESSED = "unsure"  # said of guesses alone, however high a threshold somebody chose


def sureness(answer: Answer, *, is_guess: bool = False) -> str:
    """Return "likely, 83 %"; "uncalibrated, margin 5.2" for a margin that is no probability.

    :param is_guess: whether it did not pass as an answer; it is then "unsure, 33 %", which no answer is.
    """
    if answer.confidence is None:
        return f"uncalibrated, margin {answer.margin:.1f}"
    word = next(word for least, word in _CONFIDENCE_WORDS if answer.confidence >= least)
    return f"{_GUESSED if is_guess else word}, {percent(answer.confidence)} %"


def percent(confidence: float) -> int:
    """Return whole percent, never 100 and never below 0: no reading is certain."""
    return min(99, max(0, round(100 * confidence)))


def published(article: Article) -> str:
    """Return the day of an article, no finer than it is known; "" without a date."""
    moment = article.published
    if moment is None:
        return ""
    if article.approximate_to == "year":
        return f"about {moment.year}"
    if article.approximate_to == "month":
        return f"about {moment:%B} {moment.year}"
    text = day(moment)
    return f"about {text}" if article.approximate_to else text


def day(moment: date) -> str:
    """Return "5 September 2023"."""
    return f"{moment.day} {moment:%B} {moment.year}"


def days(first: date, last: date) -> str:
    """Return "5 September 2023", "5 to 9 September 2023" or "28 August to 2 September 2023"."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def agreement(answer: Answer) -> str:
    """Return "3 sources agree, 5 to 9 September 2023"; "" of an answer that stands alone."""
    if answer.sources < 2:
        return ""
    text = f"{answer.sources:,} sources agree"
    if answer.first is None or answer.last is None:
        return text
    return f"{text}, {days(answer.first, answer.last)}"


def standing(answer: Answer) -> str:
    """Return what other answers say of this one: "As of 9 September 2023", or that it is old or disputed."""
    if answer.state == "superseded":
        return f"Earlier answer, as of {day(answer.as_of)}" if answer.as_of else "Earlier answer"
    if answer.state == "disputed":
        return "Disputed: sources of the same days differ"
    return f"As of {day(answer.as_of)}" if answer.as_of else ""


def language(answer: Answer) -> str:
    """Warn of an answer from an article in a language that the models do not read; "" of one in English."""
    return "" if answer.in_english else "Not in English, which the models read: check it"


def unknown(name: UnknownName) -> str:
    """Return "This archive has no source “Valey News”. Did you mean Valley News?"."""
    kind = "source" if name.kind == "source" else "topic"
    text = f"This archive has no {kind} “{name.name}”."
    return f"{text} Did you mean {' or '.join(name.nearest)}?" if name.nearest else text


def unknown_and_known(name: UnknownName) -> str:
    """Return "This archive has no source “CBS News”. It has Meridian Wire and The Lantern."."""
    if not name.commonest:
        return unknown(name)
    known = [*name.commonest, *([f"{name.others:,} more"] if name.others else [])]
    *first, last = known
    return f"{unknown(name)} It has {', '.join(first)}{' and ' if first else ''}{last}."


def version(hit: Hit) -> str:
    """Return "An earlier version: the article was changed on 9 September 2023"; "" of what is the latest."""
    newer = hit.newer_version
    if newer is None:
        return ""
    day_of_change = published(newer)
    if not day_of_change or day_of_change == published(hit.passage.article):
        return "An earlier version: the article was changed since"
    return f"An earlier version: the article was changed on {day_of_change}"


def order(answers: Sequence[Answer]) -> str:
    """Say in which order several answers are shown: "Most likely first.", "Newest first."."""
    states = {answer.state for answer in answers}
    if "superseded" in states:
        return "Newest first."
    return "Sources differ; the surest first." if "disputed" in states else "Most likely first."


def listing(reply: Reply) -> str:
    """Return "12 articles of November 2023, newest first"; "" where none are listed."""
    if reply.listing is None:
        return ""
    total, shown = reply.listing.total, len(reply.listing.articles)
    of = f" of {reply.time.words}" if reply.time is not None else ""
    newest = f"the newest {shown} of them" if shown < total else "newest first"
    return f"{count(total, 'article')}{of}, {newest}"


def time_condition(time: TimeCondition) -> str:
    """Return "Only 13 to 19 November 2023"; "Preferably ..." where it is no hard bound."""
    return f"{'Only' if time.hard else 'Preferably'} {time.words}"


def archive_end(reply: Reply) -> str:
    """Return "This archive ends on 25 July 2023, before the time that the question names"; else ""."""
    if reply.archive_ends is None:
        return ""
    return f"This archive ends on {day(reply.archive_ends)}, before the time that the question names"


def follow_up(follows: FollowUp) -> str:
    """Return "From the question before: Kim Jong Un, Vostochny"."""
    return f"From the question before: {', '.join(follows.added)}"


NO_BRIEF = "No article about this topic says on which day something happened."
# What stands below every composed answer.
COMPOSED_CHECK = (
    "Quotes, numbers and names were checked against the passages cited. That proves no sentence: "
    "read what it cites."
)


def sending(passages: int, model: str, endpoint: str, is_local: bool) -> str:
    """Return where text goes: "The question and 5 passages go to the model llama3 at http://..."."""
    place = "on this machine" if is_local else "outside this machine"
    what = f"The question and {count(passages, 'passage')}"
    return f"{what} go to the language model {model} at {endpoint}, {place}"


def composed_by(composed: Composed) -> str:
    """Return "Composed by llama3 at http://localhost:11434/v1 from 5 passages"."""
    return (
        f"Composed by {composed.model} at {composed.endpoint} from {count(len(composed.passages), 'passage')}"
    )


def cited(composed: Composed) -> list[int]:
    """Return the numbers of the passages that sentences which passed cite, in order."""
    return sorted({number for one in composed.sentences if not one.struck for number in one.cites})


def struck_out(composed: Composed) -> str:
    """Return "2 of 3 sentences failed the check and are struck out."; "" if none is."""
    struck = sum(bool(sentence.struck) for sentence in composed.sentences)
    if not struck:
        return ""
    verb = "is" if struck == 1 else "are"
    return (
        f"{struck:,} of {count(len(composed.sentences), 'sentence')} failed the check and {verb} struck out."
    )


def not_composed(composed: Composed) -> str:
    """Return why no composed answer is shown, in one line: a fault, or what the first sentence lacks."""
    if composed.fault:
        return composed.fault
    reason = composed.sentences[0].struck
    failed = count(len(composed.sentences), "sentence")
    return f"The language model wrote {failed}, and none passed the check ({reason}): no composed answer."


def apart(one: date, other: date) -> str:
    """Return how far the other day lies from the one: "the same day", "3 days later", "2 years earlier"."""
    gap = (other - one).days
    if not gap:
        return "the same day"
    size = abs(gap)
    number, unit = (size, "day") if size < 60 else (size // 30, "month")
    if size >= 730:
        number, unit = size // 365, "year"
    return f"{count(number, unit)} {'later' if gap > 0 else 'earlier'}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return "1 article" or "1,204 articles"."""
    return f"{number:,} {noun if number == 1 else plural if plural else noun + 's'}"


def duration(seconds: float) -> str:
    """Return "0.4 s", "12 s", "3 min" or "2 h 5 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def so_far(seconds: float) -> str:
    """Return "14 s so far" or "3 min so far", of what has to be waited for; "" in its first moments."""
    if seconds < FIRST_SECONDS:
        return ""
    return f"{duration(seconds) if seconds >= 10 else f'{seconds:.0f} s'} so far"


def timings(seconds: Mapping[str, float]) -> str:
    """Return "Answered in 0.52 s: retrieve 0.02 s, read 0.50 s"."""
    stages = ", ".join(f"{stage} {_short_time(taken)}" for stage, taken in seconds.items())
    return f"Answered in {_short_time(sum(seconds.values()))}" + (f": {stages}" if len(seconds) > 1 else "")


def _short_time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.005 else "less than 0.01 s"


def stopped_early(reply: Reply) -> str:
    """Return "Sure after 4 of 10 passages"; "" if all were read."""
    if reply.passages_read is None:
        return ""
    return (
        f"Sure after {reply.passages_read} of {count(len(reply.hits), 'passage')}, the others were not read"
    )


def archive(overview: Overview, feeds: int = 0) -> list[str]:
    """Return size, span and age of an index, and how many feeds are watched for it, a line each."""
    lines = [_from(overview)]
    if overview.first is not None and overview.last is not None:
        lines.append(days(overview.first.date(), overview.last.date()))
    if overview.undated:
        lines.append(f"{count(overview.undated, 'article')} without a date")
    built = overview.built
    lines.append(f"Built {built.day} {built:%B} {built.year}, {built:%H:%M} UTC")
    if feeds:
        lines.append(f"{count(feeds, 'feed')} watched")
    return lines


def _from(overview: Overview) -> str:
    """Return "12 articles from 2 sources", or that none is named."""
    articles = count(overview.articles, "article")
    if overview.sources:
        return f"{articles} from {count(len(overview.sources), 'source')}"
    return f"{articles}, none names its source" if overview.articles != 1 else f"{articles} without a source"


def report(done: BuildReport) -> str:
    """Return what a build did, in one sentence."""
    parts = [f"{done.added:,} added or changed", f"{done.articles - done.added:,} unchanged"]
    if done.removed:
        parts.append(f"{done.removed:,} removed")
    if done.duplicates:
        parts.append(f"{count(done.duplicates, 'exact repeat')} left out")
    if done.skipped:
        parts.append(f"{count(len(done.skipped), 'input')} skipped")
    total = f"The archive now holds {count(done.articles, 'article')}"
    return f"{total}: {', '.join(parts)}. It took {duration(done.seconds)}."
