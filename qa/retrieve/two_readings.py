"""A question that may lean on the one before, and both its replies, alone and joined -> which of them holds.

The form alone (``follow_up.leaning``) often leaves it open. What the article of the reply before speaks of,
and which reading finds the surer answer, decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence

from qa.index.analyzer import words_of
from qa.records import Article, Reply
from qa.retrieve.antecedent import FUNCTION_WORDS, antecedent
from qa.retrieve.follow_up import Leaning, leaning, names_in, own_name_starts, own_names, pointing

_TIMES = (
    "year|month|week|day|morning|evening|night|century|decade|season|summer|winter|spring|autumn|time|way"
)
# "How did they know that it was new?"
_NO_NOUN = r"(?:it|he|she|they|we|you|i|there|this|that|the|an?|his|her|its|their|some|any|no|many)\b"
# Everybody knows which: no article before must have named it.
_KNOWN_TO_ALL = (
    r"(?:\w+est|most|first|last|best|worst|only|next|latest|same|one|other|world|sun|moon|earth|internet|us|uk|eu|un"
    r"|pope|president|king|queen|government|police|war|capital|prime|names?)\b"
)
# "The plant", "that man", with nothing that says which: known from before. "The first", "the world" are not.
_KNOWN_BEFORE = re.compile(
    r"^(?i:(?:and|but|so|or)\s+)?(?i:wh\w+|how|did|does|do|is|was|were|are|has|have|had|will|can|could)\b.*"
    rf"\b(?:(?:that|those|these)\s+(?!{_TIMES}|{_NO_NOUN})[a-z]\w+(?=\s*\W*$|\s+(?:is|was|are|were|did|die|get|have|had|do)\b)"
    rf"|the\s+(?!{_KNOWN_TO_ALL})(?P<noun>[a-z][\w-]+)(?:['’]s\s+\w+)?"
    r"(?=\s*\W*$|\s+(?:need|get|take|have|had|do|did|die|part|last|cost|open|close|reopen|start|end|begin|win|lose)\b))"
)
_DEFINITE = re.compile(rf"\bthe\s+(?!{_KNOWN_TO_ALL})([a-z][\w-]+(?:\s+[a-z][\w-]+)?)")
# "How did they find the wreck?" may ask how anybody did.
_ANYBODY = re.compile(r"\b(?:did|do|does|have|had|are|were|will|would|can|could)\s+they\b", re.IGNORECASE)
# Of something, whichever it is: "the result" alone says nothing.
_OF_SOMETHING = frozenset(
    words_of(["result outcome cause reason motive purpose verdict sentence price cost winner loser score"])[0]
)
# They say what kind of answer is wanted, not of what.
_ASKING = frozenset(
    words_of(
        ["who whom whose what which when where why how many much long did do does have had were get need"]
    )[0]
)
_EMPTY = frozenset(words_of([" ".join(FUNCTION_WORDS)])[0])
_NEW_WORDS = 2  # one may be another verb for what the article says
_READ_OF_ARTICLE = 20_000  # characters
# The cosine of a noun and the question before. Follow-ups: "killer" after Utoya 0.28, "co-pilot" after
# Germanwings 0.29, "murderer" 0.48, but "plant" after Fukushima 0.18. Of some 60 others one is over it.
_SAME_MATTER = 0.27
CLEARLY = 0.1  # how much surer the reading of a follow-up must be where the question may stand alone


def leans_back(question: str, before: Reply, known: Container[str]) -> Leaning | None:
    """Return whether a question leans on that of the reply before, by its form and by that reply.

    "perhaps" where only the replies to both readings can show it, see :func:`is_better`.

    :param known: names of the archive in lower case.
    """
    leans = leaning(question, known)
    if leans == "if known":
        leans = by_its_noun(question, before, known)
    if leans == "surely" and asks_of_anybody(question, before):
        leans = "perhaps"
    if leans != "perhaps":
        return leans
    if not names_in(question) and goes_on(question, before):
        return "surely"
    return None if own_names(question, known) else "perhaps"


def is_better(question: str, joined: Reply, alone: Reply, likeness: Callable[[str], float]) -> bool:
    """Return whether the reply to the joined reading holds: it is surer, or the question is lost alone."""
    if not names_in(question) and is_lost_alone(question, alone, likeness):
        return True
    return is_surer(joined, alone) and speaks_of(question, [_text_of(joined.answers[0].article)])


def by_its_noun(question: str, before: Reply, known: Container[str] = frozenset()) -> Leaning | None:
    """Return how a question leans whose pronouns stand for a noun of its own, and which leans "if known".

    Surely, if the noun is spoken of as known ("the storm", not "which storm") and stands in the question
    before, or if all that the question speaks of stands in the article of the reply before. Perhaps, if only
    the noun stands there, as it is written: an authority is no author. Else it stands alone.
    """
    names = own_name_starts(question, known)
    meant = [antecedent(question, pronoun, names) for pronoun in pointing(question)]
    nouns = [noun.head for noun in meant if noun is not None and noun.is_known and noun.head is not None]
    heads = re.compile(rf"\b(?:{'|'.join(map(re.escape, nouns))})s?\b" if nouns else r"(?!)", re.IGNORECASE)
    if not names and heads.search(before.question):
        return "surely"
    matter = set(words_of([question])[0]) - _ASKING - _EMPTY
    texts = _texts_before(before)
    if any(matter <= set(words) for words in words_of(texts)):
        return "surely"
    return "perhaps" if any(heads.search(text) for text in texts) else None


def asks_of_anybody(question: str, before: Reply) -> bool:
    """Return whether "they" may be anybody: nobody spoke before of what the question names.

    "How do they count votes in India?" asks of anybody. "Why did they free it?" asks of those before, though
    their article may have another verb.
    """
    if not _ANYBODY.search(question):
        return False
    texts = _texts_before(before)
    matter = set(words_of([question])[0]) - _ASKING - _EMPTY
    new = min((len(matter - set(words)) for words in words_of(texts)), default=len(matter))
    return new >= _NEW_WORDS or not speaks_of(question, texts)


def goes_on(question: str, before: Reply) -> bool:
    """Return whether all that the question speaks of is in the article of the reply before, or its evidence.

    "How long did the firefighters need?" after the fire of a cathedral does, "Who has the most tigers?" not.
    "What was the result?" and "When did that man die?" do wherever they stand.
    """
    known = _KNOWN_BEFORE.search(question)
    if known is not None and known["noun"] is None:
        return True
    stems, noun = words_of([question, known["noun"] if known is not None else ""])
    if noun and set(noun) <= _OF_SOMETHING:
        return True
    matter = set(stems) - _ASKING
    return any(matter <= set(words) for words in words_of(_texts_before(before)))


def _texts_before(before: Reply) -> list[str]:
    """Return the article of the answer before, and that of its first evidence."""
    articles = [answer.article for answer in before.answers[:1]]
    articles += [hit.passage.article for hit in before.hits[:1]]
    return [_text_of(article) for article in articles]


def _text_of(article: Article) -> str:
    return f"{article.title}\n{article.text[:_READ_OF_ARTICLE]}"


def speaks_of(question: str, texts: Sequence[str]) -> bool:
    """Return whether one of the texts names each thing that the question takes for known: "the poet"."""
    known = [set(words) for words in words_of(_taken_for_known(question))]
    return any(all(noun & set(words) for noun in known if noun) for words in words_of(texts))


def _taken_for_known(question: str) -> list[str]:
    """Return what stands behind "the" as if known from before, at most two words: "metro station"."""
    found = (words.split() for words in _DEFINITE.findall(question))
    return [" ".join(word for word in words if word not in FUNCTION_WORDS) for words in found]


def is_lost_alone(question: str, alone: Reply, likeness: Callable[[str], float]) -> bool:
    """Return whether "the plant" is one of the question before, which neither this one nor the archive names.

    "The coronation" is known where the title of the closest article names one. "The painting" after a climate
    summit is of another matter.

    :param likeness: how near a noun is to the question before in meaning, a cosine.
    """
    known = _KNOWN_BEFORE.search(question)
    if known is None or alone.answers:
        return False
    title = alone.hits[0].passage.article.title if alone.hits else ""
    noun, named = words_of([known["noun"], title]) if known["noun"] else ([], [])
    if not noun:
        return True
    near = (known["noun"], question, *_taken_for_known(question))
    return not set(noun) <= set(named) and all(likeness(words) >= _SAME_MATTER for words in near)


def is_surer(joined: Reply, alone: Reply) -> bool:
    """Return whether a follow-up's reading is clearly surer than the question alone."""
    if not joined.answers:
        return False
    if not alone.answers:
        return joined.answers[0].margin > 0  # else nothing would be the surer answer
    one, other = joined.answers[0], alone.answers[0]
    if one.confidence is None or other.confidence is None:
        return one.margin > other.margin
    return one.confidence >= other.confidence + CLEARLY
