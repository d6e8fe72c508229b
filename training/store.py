"""Written questions <-> the files of ``training/questions``, which a clone carries.

    python -m training.store LINES.json --domain news      # add questions in SQuAD 2.0 format to those kept

A file has an article a line, with its questions. Articles under an open licence stand there with text and
attribution, so a clone can train on them. Of articles that are for research use only, address, digest and
length of the text are kept, not its words; the text is taken from the archive, and must be the same.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from training.reserved import is_reserved

FOLDER = Path(__file__).parent / "questions"
# Each set and its file of questions.
DOMAINS = {"news": FOLDER / "news-2022.jsonl.gz", "wikinews": FOLDER / "wikinews.jsonl.gz",
           "open news": FOLDER / "open-news.jsonl.gz", "squad people": FOLDER / "squad.jsonl.gz"}  # fmt: skip
WITHOUT_WORDS = "news"  # the set whose file holds no text of the articles


@dataclass(frozen=True, slots=True)
class Question:
    """One question; the span is the answer, or the words that tempt where the text does not answer."""

    text: str
    kind: str  # f fact, p phrase, k search box, z quiz, m two sentences, u unanswerable
    start: int  # half-open characters of the article's text
    end: int

    @property
    def answerable(self) -> bool:
        return self.kind != "u"


@dataclass(frozen=True, slots=True)
class Asked:
    """An article with the questions that were written on it."""

    title: str
    date: str  # ISO day, or empty
    source: str
    url: str  # empty where none is known
    licence: str
    text: str
    dev: bool  # True: held out from the beginning, to measure on
    questions: tuple[Question, ...]

    def golds(self, question: Question) -> tuple[str, ...]:
        """Return what is right for one of its questions; nothing, if it does not answer it."""
        return (self.text[question.start : question.end],) if question.answerable else ()


def main(
    files: Annotated[list[Path], typer.Argument(help="Questions in SQuAD 2.0 format, .json or .json.gz.")],
    domain: Annotated[str, typer.Option(help=f"One of {', '.join(DOMAINS)}.")],
    archive: Annotated[Path | None, typer.Option(help="Archive that has the texts, for news.")] = None,
    dev: Annotated[bool, typer.Option("--dev", help="They measure and never train.")] = False,
) -> None:
    """Add written questions to those that the repository keeps."""
    held = list(read(domain, archive)) if DOMAINS[domain].is_file() else []
    for file in files:
        raw = file.read_bytes()
        held += from_squad(json.loads(gzip.decompress(raw) if file.suffix == ".gz" else raw), dev=dev)
    print(f"{DOMAINS[domain]}: {write(domain, joined(held)):,} questions")


def joined(articles: Iterable[Asked]) -> list[Asked]:
    """Put the questions on one text together, each once; an article that measures anywhere measures whole.

    :raises ValueError: if an article is reserved.
    """
    found: dict[tuple[str, str], Asked] = {}
    for article in articles:
        if is_reserved(article.url, article.title):
            raise ValueError(f"{article.title!r} is reserved: it may have no questions")
        before = found.get((article.url, article.text))
        if before is not None:
            questions = tuple(dict.fromkeys(before.questions + article.questions))
            article = replace(before, questions=questions, dev=before.dev or article.dev)
        found[article.url, article.text] = article
    return list(found.values())


def read(domain: str, archive: Path | None = None) -> Iterator[Asked]:
    """Yield the articles of a domain in the file's order.

    :raises ValueError: if the domain's words are not in the file and no archive is given, or the archive's
        text of an article is another.
    """
    texts = archive_texts(archive) if archive is not None and domain == WITHOUT_WORDS else {}
    for line in gzip.decompress(DOMAINS[domain].read_bytes()).decode("utf-8").splitlines():
        row = json.loads(line)
        if domain == WITHOUT_WORDS:
            if row["url"] not in texts:
                raise ValueError(f"the text of {row['url']} is in no archive; name it: --archive FILE")
            row |= texts[row["url"]]
            row["text"] = row["text"][: row.pop("length")]
            if digest(row["text"]) != row.pop("sha256"):
                raise ValueError(f"the archive has another text of {row['url']}")
        questions = tuple(Question(**question) for question in row.pop("questions"))
        yield Asked(**row, questions=questions)


def write(domain: str, articles: Iterable[Asked], archive: Path | None = None) -> int:
    """Write the file of a domain and return the number of its questions."""
    many, lines = 0, []
    for article in articles:
        row = {"url": article.url, "date": article.date, "licence": article.licence, "dev": article.dev}
        if domain == WITHOUT_WORDS:
            row |= {"length": len(article.text), "sha256": digest(article.text)}
        else:
            row |= {"title": article.title, "source": article.source, "text": article.text}
        row["questions"] = [
            {"text": q.text, "kind": q.kind, "start": q.start, "end": q.end} for q in article.questions
        ]
        many += len(article.questions)
        lines.append(json.dumps(row, ensure_ascii=False))
    # No time stamp, so that the same questions give the same file.
    DOMAINS[domain].write_bytes(gzip.compress("\n".join(lines).encode("utf-8"), 9, mtime=0))
    return many


def from_squad(data: Mapping, *, dev: bool) -> Iterator[Asked]:
    """Yield the articles of a file in SQuAD 2.0 format with titles, days and kinds."""
    for document in data["data"]:
        for paragraph in document["paragraphs"]:
            yield Asked(
                title=document["title"] or "",
                date=(document.get("date") or "")[:10],
                source=document.get("source") or "",
                url=document.get("url") or "",
                licence=document.get("licence") or "research use of public web text",
                text=paragraph["context"],
                dev=dev,
                questions=tuple(_question(question) for question in paragraph["qas"]),
            )


def _question(question: Mapping) -> Question:
    (span,) = question["plausible_answers" if question["is_impossible"] else "answers"][:1]
    start = span["answer_start"]
    kind = "u" if question["is_impossible"] else question["kind"]
    return Question(" ".join(question["question"].split()), kind, start, start + len(span["text"]))


def archive_texts(archive: Path) -> dict[str, dict[str, str]]:
    """Return title, source and text of each article by its address; of one address the first."""
    found: dict[str, dict[str, str]] = {}
    with gzip.open(archive, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = re.sub(r"\n{2,}", "\n\n", row["text"].strip())
            found.setdefault(
                row["url"], {"title": row["title"] or "", "source": row.get("source") or "", "text": text}
            )
    return found


def digest(text: str) -> str:
    """Return the first 16 digits of the text's sha256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


if __name__ == "__main__":
    typer.run(main)
