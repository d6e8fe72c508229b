"""Question-answering data sets -> examples: a question, the passage that is read for it, the right spans.

Every file that ``FOLDER/README.md`` marks for training has its place in ``SOURCES``. Long
contexts are cut into passages the way an index cuts articles, so answers sit at every position;
half of the examples carry a title and a date, since ``ask`` shows them to the reader.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qa.models.tokenizer import Tokenizer
from qa.passages import chunk
from qa.records import Article, Passage
from qa.settings import ChunkSettings

PASSAGE_TOKENS, OVERLAP_TOKENS = 200, 30  # as qa.settings.IndexSettings
# Longer paragraphs are cut like articles. Shorter ones stay whole, because SQuAD asks about whole paragraphs.
LONGEST_PARAGRAPH_WORDS = 240
RECUT = 0.3  # share of the questions whose paragraph is joined to its neighbours and cut anew
WITH_HEADER = 0.5  # share of the articles that have a title and a date
QAMR_SHARE = 0.12  # share of QAMR's questions; they repeat each other, and teach short answers


@dataclass(frozen=True, slots=True)
class Example:
    """One question on one passage; no spans: the passage does not answer it."""

    id: str  # of the question; examples that share it are different passages for it
    question: str
    passage: Passage
    spans: tuple[tuple[int, int], ...]  # half-open characters of passage.article.text, all in the passage
    source: str  # the domain, for holding one out
    kind: str = "gold"  # or the way in which it was made unanswerable

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(self.passage.article.text[start:end] for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    file: str
    cuttable: bool = False  # its documents are running text, so neighbouring paragraphs may be joined
    titled: bool = False  # its documents have real titles


SOURCES = (
    _Source("squad", "squad-train-part.json.gz", cuttable=True, titled=True),
    _Source("squad-dev", "squad1-dev-rest.json.gz", cuttable=True, titled=True),
    _Source("shifts-wiki", "squadshifts-new_wiki_v1.0.json.gz"),
    _Source("shifts-amazon", "squadshifts-amazon_reviews_v1.0.json.gz"),
    _Source("shifts-reddit", "squadshifts-reddit_v1.0.json.gz"),
    _Source("covid", "covidqa-part.json.gz"),
    _Source("mrqa", "mrqa-ood.json.gz"),
)
# Small sets of other kinds: search queries as people type them, co-reference, several answers, events.
AUXILIARY = (
    _Source("nq", "nq-open-oracle.json.gz", titled=True),
    _Source("quoref", "quoref-contrast.json.gz"),
    _Source("multispan", "multispanqa-valid.json.gz"),
    _Source("ester", "ester-train500-dev.json.gz"),
)
RECOVERED = (
    "squad2-unanswerable-recovered.json.gz"  # written by people, on the paragraphs of both SQuAD files
)
QAMR = "qamr"


def auxiliary(folder: Path, tokenizer: Tokenizer, *, seed: int) -> Iterator[Example]:
    """Yield the examples of the auxiliary sets, in the order of ``AUXILIARY``."""
    for source in AUXILIARY:
        yield from _squad(folder / source.file, source, tokenizer, random.Random(f"{seed} {source.name}"))


def load(folder: Path, tokenizer: Tokenizer, *, seed: int) -> list[Example]:
    """Return all examples of the folder in the order of ``SOURCES``, then QAMR; the same for a seed."""
    found: list[Example] = []
    for source in SOURCES:
        found += _squad(folder / source.file, source, tokenizer, random.Random(f"{seed} {source.name}"))
    found += _recovered(folder, tokenizer, {example.id for example in found}, seed=seed)
    return [*found, *_qamr(folder, random.Random(f"{seed} {QAMR}"))]


def _squad(path: Path, source: _Source, tokenizer: Tokenizer, rng: random.Random) -> Iterator[Example]:
    """Yield examples of a file in SQuAD format, version 1 or 2."""
    data = json.loads(gzip.decompress(path.read_bytes()))["data"]
    for number, document in enumerate(data):
        yield from _of_document(document, source, f"{source.name}-{number}", tokenizer, rng)


def _of_document(
    document: dict, source: _Source, name: str, tokenizer: Tokenizer, rng: random.Random
) -> Iterator[Example]:
    title = document.get("title", "").replace("_", " ") if source.titled else ""
    contexts = [paragraph["context"] for paragraph in document["paragraphs"]]
    for position, paragraph in enumerate(document["paragraphs"]):
        whole = _article(f"{name}-{position}", title, contexts[position], rng)
        joined = "\n\n".join(contexts[max(0, position - 1) : position + 2])
        shift = joined.find(contexts[position])
        recut = _article(f"{whole.id}-joined", title, joined, rng)
        cut: dict[str, list[Passage]] = {}  # so that an article is cut once, not once for each question
        for question in paragraph["qas"]:
            spans = _spans(contexts[position], question)
            if not spans and not question.get("is_impossible"):
                continue
            identity = f"{source.name}-{question['id']}"
            if source.cuttable and spans and rng.random() < RECUT:
                moved = tuple((start + shift, end + shift) for start, end in spans)
                passages = cut.setdefault(recut.id, []) or passages_of(recut, tokenizer)
                cut[recut.id] = passages
            elif len(whole.text.split()) > LONGEST_PARAGRAPH_WORDS:
                moved, passages = spans, cut.setdefault(whole.id, []) or passages_of(whole, tokenizer)
                cut[whole.id] = passages
            else:
                moved, passages = spans, [Passage(whole, 0, len(whole.text))]
            kind = "gold" if spans else "asked by people"
            text = " ".join(question["question"].split())
            example = holding(Example(identity, text, passages[0], moved, source.name, kind), passages)
            if example is not None:
                yield example


def _recovered(folder: Path, tokenizer: Tokenizer, known: Set[str], *, seed: int) -> Iterator[Example]:
    """Yield the unanswerable questions that are not known yet; a document has its paragraphs' name.

    The names of articles tell which are held out, so each document takes that of its own SQuAD file.
    """
    numbers: dict[str, tuple[_Source, int]] = {}
    for source in SOURCES:
        if source.titled:
            data = json.loads(gzip.decompress((folder / source.file).read_bytes()))["data"]
            numbers |= {document["title"]: (source, number) for number, document in enumerate(data)}
    data = json.loads(gzip.decompress((folder / RECOVERED).read_bytes()))["data"]
    rng = random.Random(f"{seed} {RECOVERED}")
    for document in data:
        source, number = numbers[document["title"]]
        for example in _of_document(document, source, f"{source.name}-{number}", tokenizer, rng):
            if example.id not in known:
                yield example


def _spans(context: str, question: dict) -> tuple[tuple[int, int], ...]:
    """Return where the answers stand; a wrong offset is mended where the text occurs only once."""
    found = set()
    for answer in [] if question.get("is_impossible") else question["answers"]:
        text = answer["text"].strip()
        start = answer["answer_start"]
        start += len(answer["text"]) - len(answer["text"].lstrip())
        if context[start : start + len(text)] != text:
            start = context.find(text) if context.count(text) == 1 else -1
        if text and start >= 0:
            found.add((start, start + len(text)))
    return tuple(sorted(found))


def passages_of(article: Article, tokenizer: Tokenizer) -> list[Passage]:
    (offsets,) = tokenizer.offsets([article.text])
    spans = chunk(
        article.text, offsets, ChunkSettings(passage_tokens=PASSAGE_TOKENS, overlap_tokens=OVERLAP_TOKENS)
    )
    return [Passage(article, start, end) for start, end in spans]


def holding(example: Example, passages: Sequence[Passage]) -> Example | None:
    """Return the example on the passage that holds most of its spans; None if every span is cut in two."""
    if not example.spans:
        return example
    held = [
        (passage, tuple(s for s in example.spans if passage.start <= s[0] and s[1] <= passage.end))
        for passage in passages
    ]
    passage, spans = max(held, key=lambda pair: len(pair[1]))
    return replace(example, passage=passage, spans=spans) if spans else None


def _article(identity: str, title: str, text: str, rng: random.Random) -> Article:
    """Make an article with a day drawn at random, since data sets have none, or with no title and no day."""
    if rng.random() >= WITH_HEADER:
        return Article(id=identity, title="", text=text)
    day = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=rng.randrange(9_000))
    return Article(id=identity, title=title, text=text, published=day)


_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": '"', "''": '"', "#": "£"}
_NO_BLANK_BEFORE = re.compile(r"^(?:[,.;:!?%)\]]|'s|'re|'ve|'ll|'d|'m|n't|')$")


def _qamr(folder: Path, rng: random.Random) -> Iterator[Example]:
    """Read QAMR (Michael et al. 2018): sentences joined to their paragraph, answers as tokens."""
    sentences = {name: words.split() for name, words in _rows(folder / "qamr-wiki-sentences.tsv.gz")}
    paragraphs: dict[str, list[str]] = {}
    for name in sorted(sentences, key=lambda n: (n.rpartition(":")[0], int(n.rpartition(":")[2]))):
        paragraphs.setdefault(name.rpartition(":")[0], []).append(name)
    built: dict[str, tuple[Article, dict[str, list[tuple[int, int]]]]] = {}
    for part in ("qamr-dev.tsv.gz", "qamr-test.tsv.gz"):
        for row, (name, _, _, _, _, question, answer, *validators) in enumerate(_rows(folder / part)):
            tokens = [int(i) for i in answer.split()]
            agreed = any(set(tokens) & set(map(int, v.partition(":")[2].split())) for v in validators)
            whole = tokens == list(range(tokens[0], tokens[-1] + 1)) if tokens else False
            if not agreed or not whole or len(question.split()) < 5 or rng.random() >= QAMR_SHARE:
                continue
            of = name.rpartition(":")[0]
            if of not in built:
                built[of] = _joined(of, [(n, sentences[n]) for n in paragraphs[of]], rng)
            article, places = built[of]
            span = places[name][tokens[0]][0], places[name][tokens[-1]][1]
            passage = Passage(article, 0, len(article.text))
            yield Example(f"{QAMR}-{part[5:9]}-{row}", question, passage, (span,), QAMR)


def _rows(path: Path) -> Iterator[list[str]]:
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        yield line.split("\t")


def _joined(
    identity: str, sentences: Sequence[tuple[str, list[str]]], rng: random.Random
) -> tuple[Article, dict[str, list[tuple[int, int]]]]:
    """Return one article of all sentences, as running text, and where each of their tokens stands."""
    text, places = "", {}
    for name, words in sentences:
        places[name] = []
        inside_quotes = False
        glued = True  # the next word follows without a blank
        for word in words:
            written = _BRACKETS.get(word, word)
            opens = written in "([£" or (written == '"' and not inside_quotes)
            closes = written == '"' and inside_quotes
            if not glued and not closes and not _NO_BLANK_BEFORE.match(written):
                text += " "
            places[name].append((len(text), len(text) + len(written)))
            text += written
            inside_quotes ^= written == '"'
            glued = opens
        text += " "
    return _article(identity, "", text.rstrip(), rng), places
