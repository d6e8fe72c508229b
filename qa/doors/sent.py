"""Records -> what the HTTP interface sends: those of ``--json``, without the paths of this machine."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from qa.doors.refusals import without_commands
from qa.export import article_to_dict
from qa.records import Article
from qa.reports import BuildReport, Overview, Skipped

_PLACE = re.compile(r"request:(\d+)")


def full_article(article: Article) -> dict[str, Any]:
    """Return an article with its text."""
    return {**article_to_dict(article), "text": article.text}


def added_to_dict(report: BuildReport) -> dict[str, Any]:
    """Return what adding did; what was skipped is named by its place in the request, from 1, or by its id."""
    return {
        "added": report.added,
        "articles": report.articles,
        "passages": report.passages,
        "duplicates": report.duplicates,
        "skipped": [_skipped(one) for one in report.skipped],
        "notes": [without_commands(note.what) for note in report.notes],
        "seconds": report.seconds,
    }


def _skipped(one: Skipped) -> dict[str, Any]:
    """Return why an article is not in; of one that was forgotten ("article dam") the place is not known."""
    why = without_commands(one.why)
    if (place := _PLACE.fullmatch(one.where)) is None:
        return {"article": None, "why": f"{one.where}: {why}"}
    return {"article": int(place[1]), "why": why}


def overview_to_dict(facts: Overview) -> dict[str, Any]:
    """Return the contents of an archive as ``show --json`` does, without the paths of the machine."""
    known = asdict(facts)
    del known["index"]
    return known | {
        "built": facts.built.isoformat(),
        "embedder": _without_folder(facts.embedder),
        "first": _moment(facts.first),
        "last": _moment(facts.last),
        "sources": [{"name": name, "articles": number} for name, number in facts.sources],
        "tags": [{"name": name, "articles": number} for name, number in facts.tags],
        "skipped": len(facts.skipped),
    }


def _without_folder(model: str) -> str:
    """Return a model's name; of one that lies in a folder the last part alone."""
    return Path(model).name if Path(model).exists() or Path(model).is_absolute() else model


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
