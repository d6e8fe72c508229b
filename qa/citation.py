"""Words of an article -> a quote with its source, as text, Markdown, BibTeX and CSL-JSON, to be pasted.

What is unknown is left out: nothing is made up for a field that an article does not have.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

from qa import words
from qa.records import Answer, Article
from qa.text.display import safe_href, visible
from qa.text.sentences import sentence_around

_SPECIAL = re.compile(r"([\\{}$&#%_^~])")
_LATEX = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote with its source in one form."""

    form: str  # "Plain", "Markdown", "BibTeX", "CSL-JSON"
    text: str


def citations(answer: Answer) -> tuple[Citation, ...]:
    """Return the sentence of an answer with its source, in every form."""
    start, end = sentence_around(answer.field, answer.start, answer.end)
    return cited(answer.article, answer.field[start:end])


def cited(article: Article, words_of_it: str) -> tuple[Citation, ...]:
    """Return words of an article with their source in every form; a note in BibTeX and CSL-JSON."""
    quote = _line(words_of_it)
    return (
        Citation("Plain", f"“{quote}” ({_source(article)})"),
        Citation("Markdown", _markdown(quote, article)),
        Citation("BibTeX", _bibtex(quote, article)),
        Citation("CSL-JSON", json.dumps([_csl(quote, article)], ensure_ascii=False, indent=1)),
    )


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _title(article: Article) -> str:
    return _line(article.title) if article.title.strip() else "Untitled article"


def _source(article: Article) -> str:
    known = [
        ", ".join(map(_line, article.authors)),
        _title(article),
        _line(article.source),
        words.published(article),
        _line(article.url) if safe_href(article.url) else "",
    ]
    return ", ".join(part for part in known if part)


def _markdown(quote: str, article: Article) -> str:
    def text(value: str) -> str:
        return re.sub(r"([\\`*_\[\]<>#|~$&])", r"\\\1", value)

    href = safe_href(article.url)
    title = text(_title(article))
    known = [
        ", ".join(text(_line(author)) for author in article.authors),
        f"[{title}](<{href}>)" if href else title,
        text(_line(article.source)),
        words.published(article),
    ]
    return f"> {text(quote)}\n>\n> {', '.join(part for part in known if part)}"


def _bibtex(quote: str, article: Article) -> str:
    moment = article.published
    fields = {
        "title": _title(article),
        "author": " and ".join(map(_line, article.authors)),
        "journal": _line(article.source),
        "date": "" if moment is None or article.approximate_to else f"{moment:%Y-%m-%d}",
        "year": "" if moment is None else f"{moment:%Y}",
        "url": safe_href(article.url) or "",
        "note": f"“{quote}”",
    }
    lines = [f"  {name} = {{{_latex(value, name)}}}" for name, value in fields.items() if value]
    return f"@article{{{_key(article)},\n" + ",\n".join(lines) + "\n}"


def _latex(value: str, name: str) -> str:
    if name == "url":
        return value.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
    return _SPECIAL.sub(lambda special: _LATEX.get(special[1], rf"\{special[1]}"), value)


def _key(article: Article) -> str:
    """Return a name for the entry, of letters and digits: source, year, the title's first long word."""
    year = "" if article.published is None else f"{article.published:%Y}"
    long = next((word for word in article.title.split() if len(word) > 3), "")
    plain = unicodedata.normalize("NFKD", f"{article.source}{year}{long}")
    key = re.sub(r"[^A-Za-z0-9]", "", plain)
    return key if key else "article"


def _csl(quote: str, article: Article) -> dict[str, object]:
    moment = article.published
    known: dict[str, object] = {
        "id": _key(article),
        "type": "article-newspaper",
        "title": _title(article),
        "author": [{"literal": _line(author)} for author in article.authors],
        "container-title": _line(article.source),
        "URL": safe_href(article.url),
        "note": f"“{quote}”",
    }
    if moment is not None:
        parts = [moment.year, moment.month, moment.day]
        exact = {"year": 1, "month": 2}.get(article.approximate_to, 3)
        known["issued"] = {"date-parts": [parts[:exact]]}
    return {name: value for name, value in known.items() if value}
