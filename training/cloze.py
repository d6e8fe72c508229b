"""The news archive itself -> questions made from its sentences, with evidence in *other* articles.

A name or a number of a sentence becomes a question word (Lewis et al. 2019, "Unsupervised Question
Answering by Cloze Translation"): "A jury found Amber Heard liable" -> "A jury found who liable?", which is
how news quizzes ask. Read are passages that the retriever finds for it in other articles, copies left out,
so that the words around the answer differ; they are taken for evidence as in :mod:`training.quiz`.
Only articles published before 2023 are asked about, since the quiz questions of 2023 measure.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.progress import track

import qa
from benchmarks.quiz_questions import QuizQuestion
from qa.ingest.articles import read_articles
from qa.records import Hit
from qa.text.sentences import sentences
from training.examples import Example
from training.negatives import NAME
from training.quiz import distant
from training.reserved import trainable

SEED = 7
QUESTIONS = 4000  # questions asked; for two fifths of them another article holds the answer
SENTENCES = 6  # of each article, from its beginning, where news tells what happened
WORDS = range(8, 31)  # of a sentence
DEPTH = 12  # hits searched for passages
HOLDING, OTHERS = 2, 2  # passages with the answer's words, and without, at most

# A name that opens the sentence: at least two capitalised words, for one alone may be any word.
_SUBJECT = re.compile(r"^[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+")
_AMOUNT = re.compile(
    r"(?<![\w.,-])[$£€]?\d[\d,]*(?:\.\d+)?(?:%| percent)?(?: (?:million|billion|trillion))?(?![\w-])"
)
# What may follow a name that stands alone. In "Abbott plant" the name only describes the next word.
_ENDS = re.compile(
    r"$|[,;:]|\)| (?:is|was|are|were|has|have|had|will|would|can|could|said|says|and|or|but|to|in|on|at|for"
    r"|of|after|before|during|since|with|that|who|which|as|from|by|when|where|while|won|became|made|took|announced)\b"
)
_CALENDAR = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September"
    r"|October|November|December)\b"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATELINE = re.compile(r"^(?:[A-Z][\w.’' ,-]* )?(?:\([A-Z][\w ]*\)|[–—-]) ?(?:[–—-] )?")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|from|to|across) $")
_CLAUSES = re.compile(r"(?<=[,;:]) ")


def examples(data: Path, index: Path) -> Iterator[list[Example]]:
    """Yield the passages of each question; none where no other article holds the answer."""
    rng = random.Random(SEED)
    retriever = qa.Retriever.open(index)
    made = list(questions_of(track(read_articles([data / "articles.jsonl.gz"]), "reading"), rng))
    for question in track(rng.sample(made, min(QUESTIONS, len(made))), "cloze"):
        hits = elsewhere(question, retriever.search(question.question, DEPTH, as_of=question.day))
        yield distant(question, hits, holding=HOLDING, others=OTHERS)


def questions_of(articles: Iterable[object], rng: random.Random) -> Iterator[QuizQuestion]:
    """Yield one question of each article that is old enough and has a sentence with a name or a number."""
    for article in trainable(articles):
        texts = [article.text[start:end] for start, end in sentences(article.text)[:SENTENCES]]
        fitting = [text for text in texts if len(text.split()) in WORDS and "?" not in text]
        for text in rng.sample(fitting, len(fitting)):
            made = question_of(text, rng)
            if made is not None:
                question, answer = made
                yield QuizQuestion(article.id, question, answer, article.published.date(), True)
                break


def question_of(sentence: str, rng: random.Random) -> tuple[str, str] | None:
    """Return a sentence -> a question and its answer; None if it has nothing to ask for.

    Half of the time only the clause with the answer is asked, where it is long enough to be understood.
    """
    sentence = _DATELINE.sub("", " ".join(sentence.split())).rstrip(".!\"”' ")
    subject = _SUBJECT.match(sentence)
    opening = subject.end() if subject else 0  # a name inside the subject is a part of it
    found = [match.span() for pattern in (NAME, _AMOUNT) for match in pattern.finditer(sentence, opening)]
    found += [subject.span()] if subject else []
    once = [span for span in found if _can_be_asked(sentence, *span)]
    if not once:
        return None
    start, end = rng.choice(once)
    answer = sentence[start:end]
    first, last = 0, len(sentence)
    if rng.random() < 0.5:
        breaks = [0, *(match.end() for match in _CLAUSES.finditer(sentence)), len(sentence)]
        near = max(at for at in breaks if at <= start), min(at for at in breaks if at >= end)
        if len(sentence[slice(*near)].split()) >= WORDS.start:
            first, last = near
    before, after = sentence[first:start], sentence[end:last].rstrip(" ,;:")
    asked = f"{before}{_question_word(answer, before, after, rng)}{after}?"
    return asked[0].upper() + asked[1:], answer


def _can_be_asked(sentence: str, start: int, end: int) -> bool:
    """Return whether a name or an amount is said once and stands for itself."""
    answer = sentence[start:end]
    if sentence.count(answer) > 1 or _CALENDAR.match(answer) or answer.endswith(("'s", "’s")):
        return False
    return not answer[0].isalpha() or bool(_ENDS.match(sentence, end))


def _question_word(answer: str, before: str, after: str, rng: random.Random) -> str:
    """Return the word in place of the answer. It is a guess: a name alone does not show what it names."""
    if _YEAR.fullmatch(answer):
        return "which year" if _PLACE_BEFORE.search(before) else "which year's"
    if not answer[0].isalpha():
        return "how many" if answer.replace(",", "").isdigit() else "how much"
    if _PLACE_BEFORE.search(before):
        return rng.choice(("which place", "which country", "which city", "where"))
    if not before:
        return rng.choice(("Who", "Which", "What"))
    return rng.choice(("who", "what", "which"))


def elsewhere(question: QuizQuestion, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits of other articles that are no copies of the one that the question was made from."""
    return [
        hit
        for hit in hits
        if question.id not in (hit.passage.article.id, *(copy.id for copy in hit.near_duplicates))
        and _near(question.question, hit)
    ]


def _near(question: str, hit: Hit) -> bool:
    """Return whether the passage shares a name with the question, if it has any; else it is another story."""
    names = NAME.findall(question)
    text = f"{hit.passage.article.title} {hit.passage.text}"
    return not names or any(name in text for name in names)
