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
        elif not _is_title_case(title) and (name := _NAME.search(title, 1)):
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
    return f"{ask} did {' '.join([*_subject(words[:at], text), base, *rest.split()])}?"


def _subject(words: list[str], text: str) -> list[str]:
    """Return a headline's subject; its first word in small letters if the text shows that it is no name."""
    first = words[0]
    is_part_of_a_name = len(words) > 1 and words[1][:1].isupper()
    if not is_part_of_a_name and first[1:].islower() and re.search(rf"\b{re.escape(first.lower())}\b", text):
        return ["the", first.lower(), *words[1:]]
    return words


def _is_title_case(title: str) -> bool:
    long = [word for word in title.split() if len(word) > 3 and word[0].isalpha()]
    return len(long) > 3 and sum(word[0].isupper() for word in long) > 0.7 * len(long)
