"""Reply, hits, report, overview and progress -> rich renderables for a terminal.

Everything is built from Text objects, so that brackets in an article are never read as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Table
from rich.text import Text

from qa import words
from qa.brief.records import Brief
from qa.cli.output import console
from qa.records import Answer, Article, Hit, Reply
from qa.reports import FIRST_SECONDS, BuildReport, ForgetReport, Overview, Skipped
from qa.reports import Progress as Done
from qa.retrieve.excerpt import Excerpt, excerpts
from qa.shipped import COMMAND
from qa.text.sentences import context_around

SHOWN_SKIPPED = 10
SHOWN_FORGOTTEN = 10
SHOWN_NAMES = 8
SHOWN_PASSAGES = 3
NO_ANSWER = "No answer that I am sure of."
NOT_FOUND = "Not found in this archive."


def answers_of(reply: Reply) -> RenderableType:
    """Render each answer in its sentence, with its source; or the guess; then the closest passages."""
    parts: list[RenderableType] = []
    if reply.follow_up is not None:
        parts.append(Text(f"{words.follow_up(reply.follow_up)}\n{reply.follow_up.question}\n", style="dim"))
    if reply.time is not None:
        parts.append(Text(f"{words.time_condition(reply.time)} ({reply.time.text!r})\n", style="dim"))
    if ends := words.archive_end(reply):
        parts.append(Text(f"{ends}.\n"))
    strange = "\n".join(words.unknown_and_known(name) for name in reply.unknown)
    if strange and (reply.hits or reply.listing is not None):
        parts.append(Text(f"{strange}\n"))
    if reply.listing is not None:
        parts.append(Text(f"{words.listing(reply)}\n", style="bold"))
        return Group(*parts, *(origin_of(article) for article in reply.listing.articles))
    for answer in reply.answers:
        parts += [_answer(answer), Text()]
    if early := words.stopped_early(reply):
        parts.append(Text(early, style="dim"))
    if reply.answers:
        return Group(*parts)
    if not reply.hits:
        parts.append(Text(NOT_FOUND, style="bold"))
        return Group(*parts, Text(strange or "No article passes the filters.", style="dim"))
    if reply.guess is None:
        parts.append(Text(NOT_FOUND, style="bold"))
    else:
        parts += [
            Text(NO_ANSWER, style="bold"),
            Text("\nPerhaps:", style="dim"),
            _answer(reply.guess, is_guess=True),
        ]
    return Group(*parts, Text("\nThe closest passages:", style="dim"), _closest(reply))


def _closest(reply: Reply) -> RenderableType:
    """Return the sentences of the closest passages that are nearest to the question, its words marked."""
    question = reply.question if reply.follow_up is None else reply.follow_up.question
    hits = reply.hits[:SHOWN_PASSAGES]
    parts: list[RenderableType] = []
    for rank, (hit, excerpt) in enumerate(
        zip(hits, excerpts(question, [hit.passage for hit in hits]), strict=True), start=1
    ):
        parts.append(Text(f"{rank}. ", style="bold") + origin_of(hit.passage.article))
        parts.append(Padding(_excerpt(hit.passage.article, excerpt), (0, 0, 0, 3)))
    return Group(*parts)


def _excerpt(article: Article, excerpt: Excerpt) -> Text:
    shown = Text()
    for number, (start, end) in enumerate(excerpt.stretches):
        stretch = Text(article.text[start:end])
        for first, last in excerpt.words:
            if start <= first and last <= end:
                stretch.stylize("bold", first - start, last - start)
        shown += Text(" … ") + stretch if number else stretch
    return shown


def brief_of(brief: Brief) -> RenderableType:
    """Render the days of a brief in order, each with its sentences and their sources."""
    if not brief.days:
        return Text(f"{NOT_FOUND} {words.NO_BRIEF}", style="bold")
    parts: list[RenderableType] = []
    for day in brief.days:
        articles = words.count(day.articles, "article")
        parts.append(Text(words.day(day.day), style="bold") + Text(f"  {articles}", style="dim"))
        for event in day.events:
            parts.append(Padding(Text(event.quote.text), (0, 0, 0, 2)))
            parts.append(Text("  ") + origin_of(event.quote.article))
            if event.agreeing:
                others = "; ".join(quote.article.title for quote in event.agreeing)
                parts.append(Text(f"  also in: {others}", style="dim"))
        parts.append(Text())
    return Group(*parts)


def passages_of(hits: Sequence[Hit]) -> RenderableType:
    """Render passages with rank, score and source."""
    if not hits:
        return Text("No article passes the filters.", style="bold")
    parts: list[RenderableType] = []
    for rank, hit in enumerate(hits, start=1):
        parts.append(Text(f"{rank}. ", style="bold") + origin_of(hit.passage.article))
        parts.append(Padding(Text(hit.passage.text), (0, 0, 0, 3)))
        scores = f"score {hit.score:.2f} (similarity {hit.similarity:.2f}, BM25 {hit.bm25:.1f})"
        if version := words.version(hit):
            parts.append(Text(f"   {version}", style="yellow"))
        also = ", ".join(sorted({copy.source for copy in hit.near_duplicates if copy.source}))
        parts.append(Text(f"   {scores}{f'; also in: {also}' if also else ''}\n", style="dim"))
    return Group(*parts)


def report_of(report: BuildReport, index: str) -> RenderableType:
    """Render what a build did, what it left out, and why."""
    parts = [
        Text(
            f"{index}: {words.count(report.articles, 'article')}, {words.count(report.passages, 'passage')}",
            style="bold",
        ),
        Text(
            f"{report.added:,} new or changed, {report.removed:,} removed, "
            f"{words.count(report.embedded, 'passage')} embedded, {report.seconds:.1f} s"
        ),
    ]
    if report.duplicates or report.near_duplicates:
        parts.append(
            Text(
                f"{words.count(report.duplicates, 'exact repeat')} left out, "
                f"{words.count(report.near_duplicates, 'article')} with near-duplicates"
            )
        )
    parts += [Text(f"note: {note}", style="yellow") for note in report.notes]
    return Group(*parts, *_skipped(report.skipped))


def forgotten_of(report: ForgetReport, index: str) -> RenderableType:
    """Render what was deleted, or would be, and what is left."""
    if not report.forgotten:
        return Text(f"{index}: no article is meant; nothing was deleted", style="bold")
    verb = "would be forgotten" if report.dry_run else "forgotten"
    head = f"{index}: {words.count(len(report.forgotten), 'article')} {verb}, {report.articles:,} left"
    parts = [Text(f"{head} ({words.count(report.passages, 'passage')})", style="bold")]
    for one in report.forgotten[:SHOWN_FORGOTTEN]:
        known = [one.title, one.source, _day(one.published) if one.published else "", one.id]
        parts.append(Text("  " + " · ".join(part for part in known if part)))
    if len(report.forgotten) > SHOWN_FORGOTTEN:
        parts.append(Text(f"  and {len(report.forgotten) - SHOWN_FORGOTTEN:,} more: --json lists them all"))
    if report.near_duplicates:
        parts.append(Text(f"{len(report.near_duplicates):,} near-duplicates stay:", style="yellow"))
        for one in report.near_duplicates[:SHOWN_FORGOTTEN]:
            parts.append(Text("  " + " · ".join(part for part in (one.title, one.source, one.id) if part)))
    if report.still_read:
        names = ", ".join(report.still_read)
        parts.append(
            Text(
                f"still open somewhere, with the text in it: {names}. "
                "End the pages and programs that read it; then this command, or any build, removes it",
                style="yellow",
            )
        )
    if not report.dry_run and report.elsewhere:
        parts.append(Text(f"the text may also be in: {'; '.join(report.elsewhere)}", style="dim"))
    if report.unknown:
        parts.append(Text(f"not in the index: {', '.join(report.unknown)}", style="yellow"))
    return Group(*parts)


def overview_of(overview: Overview) -> RenderableType:
    """Render what is in an index."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column()
    dates = "no article has a date"
    if overview.first and overview.last:
        dates = f"{_day(overview.first)} to {_day(overview.last)}"
    if overview.undated:
        dates += f"; {overview.undated:,} without a date"
    rows = {
        "index": overview.index,
        "articles": f"{overview.articles:,} ({words.count(overview.passages, 'passage')})",
        "published": dates,
        "sources": _names(overview.sources),
        "tags": _names(overview.tags),
        "built": f"{_day(overview.built)}, {overview.built:%H:%M} UTC",
        "embedder": f"{overview.embedder} ({overview.dimension} dimensions)",
    }
    if overview.bytes_on_disk is not None:
        rows["on disk"] = f"{overview.bytes_on_disk / 1e6:,.1f} MB"
    for name, value in rows.items():
        table.add_row(name, Text(value))
    return Group(table, *_skipped(overview.skipped))


class BuildBar:
    """A progress bar with rate and time left, on standard error; a context manager."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            _Count(),
            _Pace(),
            console=console(stderr=True),
        )
        self._stage = ""
        self._task = self._bar.add_task("", total=0, unit="", first=0, visible=False)

    def __enter__(self) -> BuildBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stage:
            self._bar.stop()

    def show(self, done: Done) -> None:
        """Show progress; each stage gets a line."""
        total = done.total if done.total else done.done
        if not self._stage:
            self._bar.start()  # only now: a build that is refused at once leaves no empty line
        if done.stage != self._stage:
            self._stage = done.stage
            # What is done by the first report was taken over, so it does not count for the rate.
            self._task = self._bar.add_task(done.stage, total=total, unit=done.unit, first=done.done)
        self._bar.update(self._task, completed=done.done, total=total)


class _Count(ProgressColumn):
    """How many are done; nothing of a single thing, of which "0 of 1" says nothing."""

    def render(self, task: Task) -> Text:
        total = task.total or 0
        return Text("" if total == 1 else f"{task.completed:,.0f} of {total:,.0f} {task.fields['unit']}")


class _Pace(ProgressColumn):
    """Rate and time left, of the whole stage: batches arrive at once, and the last one alone is no rate."""

    def render(self, task: Task) -> Text:
        seconds = (task.elapsed if task.finished_time is None else task.finished_time) or 0
        done = task.completed - task.fields["first"]
        if task.total == 1 and done:
            return Text(words.duration(seconds) if seconds >= FIRST_SECONDS else "", style="dim")
        return Text(pace(done, task.remaining or 0, seconds), style="dim")


def pace(done: float, left: float, seconds: float) -> str:
    """Return "25/s, 70 s left" for what was done in so many seconds, "14 s so far" while nothing is."""
    if done <= 0:
        return words.so_far(seconds)
    if seconds < FIRST_SECONDS:
        return ""
    rate = done / seconds
    text = f"{rate:,.{0 if rate >= 10 else 1}f}/s"
    return f"{text}, {words.duration(left / rate)} left" if left > 0 else text


def marked(answer: Answer, place: tuple[int, int], style: str) -> Text:
    """Return what stands at ``place`` of the answer's field, with the answer in a style."""
    start, end = place
    quote = Text(answer.field[start:end])
    quote.stylize(style, answer.start - start, answer.end - start)
    return quote


def _answer(answer: Answer, *, is_guess: bool = False) -> RenderableType:
    quote = marked(answer, context_around(answer.field, answer.start, answer.end), "bold black on yellow")
    head = Text(answer.text, style="bold") + Text(
        f"  {words.sureness(answer, is_guess=is_guess)}", style="dim"
    )
    parts: list[RenderableType] = [head, Padding(quote, (0, 0, 0, 2)), Text("  ") + origin_of(answer.article)]
    notes = [words.standing(answer), words.agreement(answer), words.language(answer)]
    notes = [line for line in notes if line]
    if notes:
        parts.append(Text(f"  {'; '.join(notes)}", style="dim"))
    for time in answer.times:
        named = answer.field[time.start : time.end]
        parts.append(Text(f"  {named!r} → {time.words}", style="dim"))
    if answer.support:
        others = "; ".join(other.title for other in answer.support)
        parts.append(Text(f"  also in: {others}", style="dim"))
    return Group(*parts)


def origin_of(article: Article) -> Text:
    """Return title, source, day and address of an article, as far as known, in one line."""
    known = [article.title, article.source, words.published(article), article.url]
    return Text(" · ".join(part for part in known if part), style="cyan")


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _names(counts: Sequence[tuple[str, int]]) -> str:
    if not counts:
        return "none"
    shown = ", ".join(f"{name} ({count:,})" for name, count in counts[:SHOWN_NAMES])
    return shown + (f" and {len(counts) - SHOWN_NAMES:,} more" if len(counts) > SHOWN_NAMES else "")


def _skipped(skipped: Sequence[Skipped]) -> list[Text]:
    if not skipped:
        return []
    lines = [Text(f"{words.count(len(skipped), 'input')} left out:", style="yellow")]
    lines += [Text(f"  {item.where}: {item.why}") for item in skipped[:SHOWN_SKIPPED]]
    if len(skipped) > SHOWN_SKIPPED:
        rest = len(skipped) - SHOWN_SKIPPED
        lines.append(Text(f"  and {rest:,} more: {COMMAND} show --json lists them all"))
    return lines
