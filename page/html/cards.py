"""Reply, Hit, BuildReport, Overview -> escaped HTML for the page's column and sidebar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from page.html.escaping import escape, isolate
from page.html.highlight import marked
from qa import words
from qa.records import Answer, Article, BuildReport, Hit, Passage, Reply
from qa.text.display import safe_href
from qa.text.sentences import context_around

STYLE = Path(__file__).with_name("page.css")
MASTHEAD = (
    '<header class="qa-masthead"><h1><a href="./" target="_self">News QA</a></h1>'
    "<p>Answers from your own articles: exact quotes, each with its place, date and source.</p></header>"
)
FIRST_START = (
    '<section class="qa-none" role="status"><h2>Building the sample archive</h2>'
    "<p>There is no index yet. The articles of the sample archive are read once; after that questions can "
    "come in. This takes less than a minute.</p></section>"
)
NOT_FOUND = "Not found in this archive"
UNCALIBRATED = "This reader was not measured on known questions, so its margin is no probability."


def head(theme: str | None) -> str:
    """Style sheet and title of the page.

    ``theme`` is "light" or "dark", and decides light-dark() in the style sheet; None: as the system has it.
    """
    scheme = theme if theme in ("light", "dark") else "light dark"
    style = f":root {{ color-scheme: {scheme}; }}\n{STYLE.read_text(encoding='utf-8')}"
    return f"<style>{style}</style>{MASTHEAD}"


def answer_card(answer: Answer, reply: Reply) -> str:
    """Return the quote, its sentence with the quote marked, the confidence, and where it stands."""
    return (
        '<article class="qa-card">'
        f'<div class="qa-top"><h3 class="qa-quote" dir="auto">{escape(answer.text)}</h3>'
        f"{_sureness(answer)}</div>"
        f"{_standing(answer)}{_context(answer)}{_times(answer)}{_origin(answer.article)}"
        f"{_others(answer, reply)}</article>"
    )


def evidence_card(hit: Hit) -> str:
    """A passage that was found, with its scores in a quiet line."""
    also = f"<p>Also in: {_names(hit.near_duplicates)}</p>" if hit.near_duplicates else ""
    scores = f"score {hit.score:.2f}, meaning {hit.similarity:.2f}, words {hit.bm25:.1f}"
    text = "".join(
        f'<p dir="auto">{escape(paragraph)}</p>' for paragraph in hit.passage.text.split("\n\n") if paragraph
    )
    return (
        f'<article class="qa-card qa-evidence">{_origin(hit.passage.article)}'
        f'<div class="qa-passage">{text}</div>'
        f'<div class="qa-quiet">{also}<p>{scores}</p></div></article>'
    )


def verdict(reply: Reply) -> str:
    """The heading of the answers, or that there is none."""
    if not reply.answers:
        return not_found(reply)
    found = words.count(len(reply.answers), "answer")
    return heading(found, "" if len(reply.answers) == 1 else "Most likely first.")


def not_found(reply: Reply) -> str:
    """Says plainly that the archive does not answer, with the best guess as a hint only."""
    if reply.hits:
        text = "No article here answers this clearly enough. The closest passages are below."
    else:
        text = "No article matches. Try other words, or fewer filters."
    hint = ""
    if reply.best_rejected is not None:
        guess = reply.best_rejected
        where = f", in {isolate(guess.article.title)}" if guess.article.title else ""
        hint = (
            f'<p class="qa-quiet">The best guess was too unsure to be an answer '
            f"({words.sureness(guess)}): “{isolate(guess.text)}”{where}.</p>"
        )
    return f'<section class="qa-none" role="status"><h2>{NOT_FOUND}</h2><p>{text}</p>{hint}</section>'


def heading(title: str, text: str = "") -> str:
    """The title of a part of the page, with a line that says what it holds."""
    line = f"<p>{escape(text)}</p>" if text else ""
    return f'<div class="qa-heading"><h2>{escape(title)}</h2>{line}</div>'


def quiet(line: str) -> str:
    """A line in small print."""
    return f'<p class="qa-quiet">{escape(line)}</p>'


def build_report(done: BuildReport) -> str:
    """What a build did, and every input that it skipped with the reason."""
    skipped = "".join(
        f"<li><strong>{isolate(file_name(entry.where))}</strong> {isolate(entry.why)}</li>"
        for entry in done.skipped
    )
    folded = f"<details><summary>What was skipped</summary><ul>{skipped}</ul></details>" if skipped else ""
    return f'<section class="qa-report" role="status"><p>{escape(words.report(done))}</p>{folded}</section>'


def byline(article: Article) -> str:
    """Source, date, authors and a link to the original, whichever are known."""
    parts = []
    if article.source:
        parts.append(isolate(article.source))
    if article.published is not None:
        parts.append(f'<time datetime="{article.published:%Y-%m-%d}">{words.published(article)}</time>')
    if article.authors:
        parts.append(f"by {', '.join(isolate(author) for author in article.authors)}")
    href = safe_href(article.url)
    if href is not None:
        parts.append(f'<a href="{href}" target="_blank" rel="noopener noreferrer nofollow">Original</a>')
    joined = "".join(f"<li>{part}</li>" for part in parts)
    return f'<ul class="qa-byline">{joined}</ul>' if joined else ""


def _sureness(answer: Answer) -> str:
    """A bar, a word and a number; without a calibrated reader its margin, and that it is no probability."""
    if answer.confidence is None:
        badge = f'<span class="qa-badge" title="{UNCALIBRATED}">uncalibrated</span>'
        return f'<div class="qa-confidence">{badge}<span>margin {answer.margin:.1f}</span></div>'
    text = words.sureness(answer)
    width = words.percent(answer.confidence)
    bar = f'<span class="qa-bar" aria-hidden="true"><span style="width:{width}%"></span></span>'
    return f'<div class="qa-confidence">{bar}<span>{text}</span></div>'


def _context(answer: Answer) -> str:
    text = answer.article.text
    start, end = context_around(text, answer.start, answer.end)
    quoted = marked(text, [(answer.start, answer.end)], start, end)
    return f'<blockquote class="qa-context" dir="auto">{quoted}</blockquote>'


def _standing(answer: Answer) -> str:
    text = words.standing(answer)
    return f'<p class="qa-state qa-{answer.state}">{escape(text)}</p>' if text else ""


def _times(answer: Answer) -> str:
    """Each relative time in the quote's sentence, and what it means; the quote itself stays untouched."""
    text = answer.article.text
    lines = "".join(
        f"<li>“{isolate(text[time.start : time.end])}” means {escape(time.words)}</li>"
        for time in answer.times
    )
    return f'<ul class="qa-times">{lines}</ul>' if lines else ""


def _origin(article: Article) -> str:
    title = article.title if article.title else "Untitled article"
    return f'<div class="qa-origin"><h4 dir="auto">{escape(title)}</h4>{byline(article)}</div>'


def _others(answer: Answer, reply: Reply) -> str:
    """Articles that agree, in their own words; and near-duplicates of this one, no second source."""
    lines = []
    if answer.agreeing:
        agreed = words.agreement(answer)
        text = agreed if agreed else f"Same answer in {words.count(len(answer.agreeing), 'other article')}"
        quotes = "".join(_agreeing(quote) for quote in answer.agreeing)
        lines.append(f"<details><summary>{escape(text)}</summary><ul>{quotes}</ul></details>")
    own = next((hit for hit in reply.hits if hit.passage.article.id == answer.article.id), None)
    if own is not None and own.near_duplicates:
        lines.append(f"<p>Also in: {_names(own.near_duplicates)}</p>")
    return f'<div class="qa-quiet">{"".join(lines)}</div>' if lines else ""


def _agreeing(quote: Passage) -> str:
    named = quote.article.source if quote.article.source else quote.article.title
    day = words.published(quote.article)
    where = ", ".join(part for part in (isolate(named) if named else "", escape(day)) if part)
    return f"<li>“{isolate(quote.text)}”{f' · {where}' if where else ''}</li>"


def _names(articles: Sequence[Article]) -> str:
    """Who else has it: sources by name, or titles where the source is not known."""
    named = [article.source if article.source else article.title for article in articles]
    return ", ".join(isolate(name) for name in dict.fromkeys(named) if name)


def file_name(where: str) -> str:
    """The last part of a path; an address stays whole."""
    return where if "://" in where else re.split(r"[/\\]", where)[-1]
