"""The newest articles of an archive -> a few questions that it may answer, for people who see the page first.

Headlines in the present tense are turned into questions: "Notre-Dame reopens five years after fire" ->
"When did Notre-Dame reopen?" Names of headlines without such a verb fill up what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.page.versions import bare
from qa.records import Article
from qa.text.display import visible

MANY = 5
_BASES = re.findall(
    r"\S+",
    """accept accuse acquire admit advance agree announce appoint approve arrest arrive ask attack award
    ban become begin beat block break bring build buy call cancel charge claim close collapse complete
    confirm crash cut declare defeat defend delay delete deliver demand deny destroy die double drop
    elect emerge end enter erupt explode extend face fall file fire fly follow force freeze gain get
    give grow halt hire hit hold impose increase introduce invade issue join jump kill land launch lead
    leave lift lose lower make mark meet merge move name nominate offer open order oust overtake pass
    pay plan pledge postpone promise propose publish pull push quit raise ram reach recall receive
    reject release reopen replace report rescue resign resume retire return reveal rise rule save scrap
    seize sell send set shut sign slash splash stage start step stop strike sue suspend take tell test
    top trigger turn unveil urge veto visit vote warn welcome win withdraw""",
)
_WHY = frozenset(
    {"quit", "resign", "withdraw", "cancel", "postpone", "delay", "suspend", "recall", "sue", "ban"}
)
_WHERE = frozenset({"meet", "crash", "land", "splash"})


def _third_person(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{base}es"
    return f"{base[:-1]}ies" if re.search(r"[^aeiou]y$", base) else f"{base}s"


_BASE_OF = {_third_person(base): base for base in _BASES}
_FEW = "one|two|three|four|five|six|seven|eight|nine|ten"
_CLAUSE = re.compile(
    rf"(?:[,;:–—]\s|\s-\s|(?:\s(?:\d+|an?|{_FEW}))?\s(?:minutes|hours|days|weeks|months|years)\s(?:after|before)\s"
    r"|\s(?:as|after|amid|while|when|but|and|because|following|with|says?|said)\s).*$"
)
_AIM = re.compile(r"(?<=\w)\s(?:to|for)\s.*$")  # "lowers the toll to 97"; not "agrees to move"
_PLACE = re.compile(r"(?<=\w)\s(?:in|on|at|of|from|by|near|over)\s.*$")
_WHERE_IT_IS = re.compile(r"(?:^|\s)(?:in|on|at|near|off)\s.*$")
_NO_SUBJECT = re.compile(r"[,:;?!]|\b(?:after|as|when|from|while|who|that)\b")
_NO_OBJECT = re.compile(
    r"\b(?:their|his|her)\b|^\s*(?:first|biggest|largest|highest|worst|best)\b", re.IGNORECASE
)
_NAME = re.compile(r"[A-Z][\w'’.-]{0,40}\w(?:\s+[A-Z][\w'’.-]{0,40}\w)+")
_ARTICLES = frozenset({"The", "A", "An"})
_DETERMINERS = frozenset(
    {"the", "a", "an", "this", "that", "its", "his", "her", "their", "our", "every", "each"}
)
_IN_NAMES = frozenset({"of", "de", "du", "da", "van", "von", "al", "bin"})
_PREPOSITIONS = frozenset({"in", "on", "at", "of", "from", "by", "near", "over", "with", "off"})
_MOST_OBJECT = 6  # words
_MOST_SUBJECT = 5


def examples(articles: Iterable[Article], many: int = MANY) -> list[str]:
    """Return up to ``many`` questions, one for each headline that can become one, first articles first."""
    asked: dict[str, None] = {}
    about: dict[str, None] = {}
    for article in articles:
        title = bare(" ".join(visible(article.title).split()))
        question = question_of(title, article.text)
        if question is not None:
            asked.setdefault(question)
        elif (
            not _is_title_case(title) and (name := _NAME.search(title, 1)) and _is_name(name[0], article.text)
        ):
            about.setdefault(f"What happened to {name[0]}?")
        if len(asked) >= many:
            break
    return [*asked, *about][:many]


def question_of(title: str, text: str) -> str | None:
    """Return the question that an article of this headline answers; None without a verb that is known."""
    words = title.split()
    at = next((n for n, word in enumerate(words) if n and word in _BASE_OF), None)
    if at is None or at > _MOST_SUBJECT or not words[0][:1].isalpha():
        return None
    base = _BASE_OF[words[at]]
    subject, rest = " ".join(words[:at]), _CLAUSE.sub("", f" {' '.join(words[at + 1 :])} ").strip()
    if _NO_SUBJECT.search(subject) or _NO_OBJECT.search(rest):
        return None
    for shorter in (_AIM, _PLACE):
        rest = shorter.sub("", rest) if len(rest.split()) > _MOST_OBJECT or shorter is _AIM else rest
    if len(rest.split()) > _MOST_OBJECT:
        return None
    if base == "win" and rest:
        return f"Who won {rest}?"
    ask = "Why" if base in _WHY else "Where" if base in _WHERE else "When"
    if ask == "Where":
        rest = _WHERE_IT_IS.sub("", rest)
    asked_about = _subject(words[:at], text)
    if asked_about is None or _lacks_its_article(rest):
        return None
    return f"{ask} did {' '.join([asked_about, base, *rest.split()])}?"


def _subject(words: list[str], text: str) -> str | None:
    """Return a headline's subject as a question has it; None if an article is missing that nobody wrote.

    Headlines leave out "the" and "a". What the text writes in mid-sentence without one is a name and stays,
    so does what belongs to it ("Sri Lanka's president"); "the" is put only where the text puts it.
    """
    if words[0] in _ARTICLES:
        return " ".join([words[0].lower(), *words[1:]]) if len(words) > 1 else None
    owner = next((n for n, word in enumerate(words) if word.endswith(("'s", "’s"))), None)
    name = words if owner is None else [*words[:owner], words[owner][:-2]]
    if all(word[:1].isupper() or word in _IN_NAMES for word in name) and _is_name(" ".join(name), text):
        return " ".join(words)
    noun = [words[0].lower(), *words[1:]]
    until = next((n for n, word in enumerate(noun) if word in _PREPOSITIONS), len(noun))
    if re.search(rf"\b[Tt]he {re.escape(' '.join(noun[:until]))}\b", text):
        return " ".join(["the", *noun])
    return None


def _is_name(words: str, text: str) -> bool:
    """Return whether a text has these words, so written, and not behind "the" or "a".

    One word counts in mid-sentence alone: every sentence begins with a capital.
    """
    optional = "?" if " " in words else ""
    before = re.findall(rf"\b(?:(\w+),?\s){optional}{re.escape(words)}\b", text)
    return any(word.lower() not in _DETERMINERS and (bool(optional) or word[:1].islower()) for word in before)


def _lacks_its_article(rest: str) -> bool:
    """Return whether an object reads as in a headline: "fire death toll", "out of Black Sea grain deal"."""
    words = rest.split()
    last = words[-1] if words else ""
    stands_alone = len(words) < 2 or not last.islower() or last.endswith("s")
    return not stands_alone and not any(
        word in _DETERMINERS or word.endswith(("'s", "’s")) or re.fullmatch(rf"[\d,.$]+|{_FEW}", word)
        for word in words
    )


def _is_title_case(title: str) -> bool:
    long = [word for word in title.split() if len(word) > 3 and word[0].isalpha()]
    return len(long) > 3 and sum(word[0].isupper() for word in long) > 0.7 * len(long)
