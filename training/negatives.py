"""An answerable example -> the same question, or nearly, on a passage that no longer answers it.

SQuAD 2.0's unanswerable questions (Rajpurkar et al. 2018) were written against a paragraph that
looks as if it answered them. Truly such questions are scarce in open training data, so they are
made: names, numbers and relations are exchanged in the question or in the passage, the answering
sentence is taken out, or the paragraph beside it is read instead. Each maker is a pure function of
an example and a random generator and gives None where it does not apply.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from qa.evaluate.metrics import contains
from qa.records import Article, Passage
from qa.text.sentences import sentences
from training.examples import Example

Maker = Callable[[Example, random.Random], Example | None]

# Capitalised words that do not open a sentence, with the small words inside a name.
NAME = re.compile(r"(?<=[\w,;)] )[A-Z][\w'’-]+(?: (?:of |the |and )?[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
_WORD = re.compile(r"(?<![\w-])[a-z]{5,}(?![\w-])")
# Words that are long and say little.
_SMALL = {
    "about", "above", "after", "again", "against", "another", "around", "because", "before", "being",
    "below", "between", "could", "during", "every", "first", "other", "should", "since", "their", "there",
    "these", "those", "through", "under", "until", "usually", "where", "which", "while", "whose", "within",
    "without", "would",
}  # fmt: skip
_AUXILIARY = re.compile(
    r"\b(did|does|do|was|were|is|are|has|have|had|can|could|will|would|should)\b", re.IGNORECASE
)
_OPPOSITES = [
    ("first", "last"), ("most", "least"), ("more", "less"), ("before", "after"), ("largest", "smallest"),
    ("highest", "lowest"), ("increase", "decrease"), ("increased", "decreased"), ("north", "south"),
    ("northern", "southern"), ("east", "west"), ("eastern", "western"), ("begin", "end"),
    ("began", "ended"), ("start", "finish"), ("started", "finished"), ("oldest", "youngest"),
    ("oldest", "newest"), ("best", "worst"), ("longest", "shortest"), ("early", "late"), ("win", "lose"),
    ("won", "lost"), ("above", "below"), ("high", "low"), ("large", "small"), ("long", "short"),
    ("major", "minor"), ("same", "different"), ("majority", "minority"), ("maximum", "minimum"),
    ("men", "women"), ("man", "woman"), ("male", "female"), ("old", "new"), ("strong", "weak"),
    ("agree", "disagree"), ("allowed", "forbidden"), ("accept", "reject"), ("accepted", "rejected"),
    ("support", "oppose"), ("supported", "opposed"), ("gain", "lose"), ("gained", "lost"),
    ("join", "leave"), ("joined", "left"), ("born", "killed"), ("like", "dislike"), ("easy", "difficult"),
    ("positive", "negative"), ("good", "bad"), ("buy", "sell"), ("bought", "sold"), ("up", "down"),
    ("during", "after"), ("inside", "outside"), ("included", "excluded"), ("earliest", "latest"),
    ("cause", "prevent"), ("caused", "prevented"), ("all", "none"), ("always", "never"), ("only", "also"),
]  # fmt: skip
_OTHER_SIDE = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])}


def other_name_in_question(example: Example, rng: random.Random) -> Example | None:
    """Ask about another name of the passage: "Who did *Kim* meet?" -> "Who did *Shoigu* meet?"."""
    return _exchange(example, rng, _names(example.question), _names(example.passage.text), "name in question")


def other_number_in_question(example: Example, rng: random.Random) -> Example | None:
    """Ask about another number or year, one of the passage or one that is near."""
    asked = _NUMBER.findall(example.question)
    if not asked:
        return None
    number = rng.choice(asked)
    alike = [n for n in _NUMBER.findall(example.passage.text) if len(n) == len(number)]
    digits = number.replace(",", "")
    if digits.isdigit():
        alike.append(str(int(digits) + rng.choice([-20, -7, -3, -1, 1, 2, 4, 10])))
    return _exchange(example, rng, [number], alike, "number in question")


def other_relation_in_question(example: Example, rng: random.Random) -> Example | None:
    """Turn the question round by an opposite, or negate it."""
    words = [m for m in re.finditer(r"[a-z]+", example.question) if m[0] in _OTHER_SIDE]
    if words:
        word = rng.choice(words)
        turned = example.question[: word.start()] + _OTHER_SIDE[word[0]] + example.question[word.end() :]
        return _unanswerable(replace(example, question=turned), "relation in question")
    auxiliaries = list(_AUXILIARY.finditer(example.question))
    if not auxiliaries or rng.random() < 0.5:
        return None
    at = auxiliaries[0].end()
    negation = "n't" if auxiliaries[0][0].lower() in {"did", "does", "was", "were", "is"} else " never"
    return _unanswerable(
        replace(example, question=example.question[:at] + negation + example.question[at:]),
        "relation in question",
    )


def other_word_in_question(example: Example, rng: random.Random) -> Example | None:
    """Exchange a word for one of the passage that ends alike: "Who *painted* the tower?" for "built"."""
    asked = [word for word in _WORD.findall(example.question) if word not in _SMALL]
    if not asked:
        return None
    gone = rng.choice(asked)
    alike = [w for w in _WORD.findall(example.passage.text) if w[-2:] == gone[-2:] and w not in _SMALL]
    return _exchange(example, rng, [gone], list(dict.fromkeys(alike)), "word in question")


def other_name_in_passage(example: Example, rng: random.Random) -> Example | None:
    """Return the passage now tells the same of somebody else."""
    text = example.passage.text
    asked = [n for n in _names(example.question) if n in text and not _in_answers(n, example)]
    others = [n for n in _names(text) if n not in example.question and not _in_answers(n, example)]
    if not asked or not others:
        return None
    gone = rng.choice(asked)
    return _other_text(
        example, re.sub(rf"\b{re.escape(gone)}\b", rng.choice(others), text), "name in passage"
    )


def sentence_taken_out(example: Example, rng: random.Random) -> Example | None:
    """Return the passage without the sentences that hold an answer."""
    text, first = example.passage.text, example.passage.start
    answers = [(start - first, end - first) for start, end in example.spans]
    parts = sentences(text)
    kept = [part for part in parts if not any(part[0] < end and start < part[1] for start, end in answers)]
    if len(kept) < 2:
        return None
    left = " ".join(text[start:end] for start, end in kept)
    if any(contains(left, answer) for answer in example.answers):
        return None
    return _other_text(example, left, "sentence taken out")


MAKERS: dict[str, Maker] = {
    "name in question": other_name_in_question,
    "number in question": other_number_in_question,
    "relation in question": other_relation_in_question,
    "word in question": other_word_in_question,
    "name in passage": other_name_in_passage,
    "sentence taken out": sentence_taken_out,
}


def adversary(example: Example, rng: random.Random, kinds: Sequence[str] = tuple(MAKERS)) -> Example | None:
    """Return an unanswerable twin of the example, by the first of the kinds, shuffled, that applies."""
    for kind in rng.sample(list(kinds), len(kinds)):
        twin = MAKERS[kind](example, rng)
        if twin is not None:
            return twin
    return None


def beside(example: Example, other: Passage, kind: str) -> Example | None:
    """Return the question on another passage, unless that holds an answer too."""
    if any(contains(other.text, answer) for answer in example.answers):
        return None
    return _unanswerable(replace(example, passage=other), kind)


def _exchange(
    example: Example, rng: random.Random, asked: Sequence[str], others: Sequence[str], kind: str
) -> Example | None:
    """Put another name or number in the place of one that the question holds."""
    fresh = [o for o in others if o not in example.question and not _in_answers(o, example)]
    if not asked or not fresh:
        return None
    gone = rng.choice(list(asked))
    return _unanswerable(
        replace(example, question=example.question.replace(gone, rng.choice(fresh), 1)), kind
    )


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(NAME.findall(text)))


def _in_answers(name: str, example: Example) -> bool:
    return any(name in answer or answer in name for answer in example.answers)


def _unanswerable(example: Example, kind: str) -> Example:
    return replace(example, spans=(), kind=kind)


def _other_text(example: Example, text: str, kind: str) -> Example:
    article = replace(example.passage.article, id=f"{example.id}-{kind}", text=text)
    return _unanswerable(replace(example, passage=_whole(article)), kind)


def _whole(article: Article) -> Passage:
    return Passage(article, 0, len(article.text))
