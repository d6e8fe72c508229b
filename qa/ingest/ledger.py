"""What was read -> the notes on it: guesses, dates set aside, fields that most lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from qa.ingest.guess import WORDS
from qa.records import Article
from qa.reports import Note
from qa.text.language import is_english

_MOST_NOTES = 40
_MOST_COLUMNS = 12
_LACKED = {"published": "a date", "source": "a source", "title": "a title"}


class Ledger:
    """Counts what articles lack, and gathers notes; notes of one kind become one, with their number."""

    def __init__(self) -> None:
        self._articles = 0
        self._characters = 0
        self._foreign = 0  # articles in another language than English
        self._foreign_characters = 0
        self._lacking: Counter[str] = Counter()
        self._columns: dict[str, None] = {}
        self._notes: dict[Note, None] = {}
        self._aside: dict[tuple[str, str], tuple[int, str]] = {}  # (file, reason) -> how many, the first
        self._files: dict[str, list[str]] = {}  # article id -> the files that hold it alone

    def note(self, file: str, notes: Iterable[str]) -> None:
        """Keep what holds for a whole file."""
        self._notes |= dict.fromkeys(Note(file, f"{note}.") for note in notes)

    def set_aside(self, file: str, value: str, reason: str) -> None:
        """Count a date that was not taken, though its article was."""
        many, first = self._aside.get((file, reason), (0, value))
        self._aside[file, reason] = (many + 1, first)

    def count(self, article: Article, columns: Callable[[], Iterable[str]]) -> None:
        """Count an article, and see what it lacks; ``columns`` gives those that may hold it."""
        self._articles += 1
        size = len(article.title) + len(article.text)
        self._characters += size
        if not is_english(f"{article.title}\n{article.text}"):
            self._foreign += 1
            self._foreign_characters += size
        for field in _LACKED:
            if not getattr(article, field):
                self._lacking[field] += 1
                if len(self._columns) < _MOST_COLUMNS:
                    self._columns |= dict.fromkeys(columns())

    def one_article(self, place: str, article_id: str) -> None:
        """Keep which file holds an article that has no id and no address of its own, and nothing else."""
        self._files.setdefault(article_id, []).append(place)

    def files(self) -> dict[str, str]:
        """Return article id -> the one file that holds it; an article of two files belongs to neither."""
        return {name: places[0] for name, places in self._files.items() if len(places) == 1}

    def notes(self) -> tuple[Note, ...]:
        """Return all notes, what is lacking first."""
        found = [
            Note(
                "", f"{self._lacking[field]:,} of {self._articles:,} articles lack {what}{self._cure(field)}."
            )
            for field, what in _LACKED.items()
            if self._lacking[field] > self._articles / 2
        ]
        if self._foreign:
            share = max(1, round(100 * self._foreign_characters / self._characters))
            found.append(
                Note(
                    "",
                    f"{share} % of the text is not in English ({self._foreign:,} of {self._articles:,} "
                    "articles); the models read English, and answers from it are marked.",
                )
            )
        for (file, reason), (many, first) in self._aside.items():
            dates = "1 date is" if many == 1 else f"{many:,} dates are"
            found.append(Note(file, f"{dates} set aside, the articles stay: {first!r} {reason}."))
        found += self._notes
        if len(found) > _MOST_NOTES:
            found[_MOST_NOTES:] = [Note("", f"and {len(found) - _MOST_NOTES:,} more notes of this kind.")]
        return tuple(found)

    def _cure(self, field: str) -> str:
        if not self._columns:
            return ""
        columns = ", ".join(list(self._columns)[:_MOST_COLUMNS])
        name = WORDS.get(field, field)
        return f"; if a column holds it, name it with --map {name}=COLUMN (there are: {columns})"
