"""An answer that is a name ("Mr Kim", "French President Emmanuel Macron") -> the name alone, in full.

A surname is completed from its own article, where that names one such person in full.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.text.normalization import folded


def _listed(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", words))


_TITLES = _listed(
    """mr mrs ms miss dr prof professor sir dame lord lady president premier minister chancellor secretary
    king queen prince princess emperor empress pope archbishop bishop cardinal rabbi imam sheikh ayatollah
    general gen colonel col major lieutenant lt sergeant captain capt admiral commander
    judge senator sen governor gov mayor congressman congresswoman representative rep
    chairman chairwoman chair chief director ceo executive administrator commissioner ambassador
    speaker leader spokesman spokeswoman coach manager goalkeeper midfielder striker defender
    nurse actor actress singer writer author architect activist officer billionaire prosecutor founder"""
)
_BESIDE_TITLES = _listed(
    """prime vice deputy acting interim former ex late first rear foreign defence defense finance interior
    health home economy trade transport district supreme state attorney justice us uk eu un united states
    new the a an of french german russian british american chinese japanese indian italian spanish turkish
    ukrainian israeli north south korean iranian egyptian swiss polish finnish swedish brazilian canadian
    australian austrian"""
)
_SMALL = _listed("of the and for de da di du del la le el al bin van von der den af")
# No part of a name, though they have a capital at the head of a sentence.
OPENING_WORDS = _listed(
    """then the a an on in at by but and or when while after before as for from with since until later earlier
    he she his her its their they it this that these those what who how why where if both also even only
    mr mrs ms monday tuesday wednesday thursday friday saturday sunday"""
)
_NAME_WORD = r"(?:[A-Z][\w'’.-]{0,40}\w|[A-Z]\.?)"  # bounded, or "A.A.A.A" takes the square of its length
_FULL_NAME = re.compile(rf"\b{_NAME_WORD}(?:\s+(?:(?:{'|'.join(_SMALL - {'and', 'the'})})\s+)?{_NAME_WORD})+")
_INITIALS = re.compile(r"(?:[A-Z]\.?){2,6}")
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Name:
    """Words of a name, folded, without titles."""

    words: tuple[str, ...]
    initials: bool = False  # whether it may be the initials of another: "WHO"


def name_of(text: str, article_text: str = "") -> Name | None:
    """Return the name; None if the text is no name: too long, with figures, or not capitalised."""
    words = without_titles(_words(text.split(", ")[0]))
    known = [word for word in words if word.casefold() not in _SMALL]
    if not known or len(words) > _MOST_WORDS or not all(word[:1].isupper() for word in known):
        return None
    if any(character.isdigit() for character in text):
        return None
    if len(words) == 1 and _INITIALS.fullmatch(words[0]):  # "UN" is not the surname of Kim Jong Un
        return Name(_folded_words(words), initials=True)
    return Name(_folded_words(_in_full(words[0], article_text) if len(words) == 1 else words))


def is_bare_title(text: str) -> bool:
    """Return whether the text is a title without a name: "Gov", "Prime Minister"."""
    words = _words(text)
    return bool(words) and all(_is_title(w) or w.casefold() in ("prime", "vice", "deputy") for w in words)


def same_name(one: Name, two: Name) -> bool:
    """Return whether the words are the same, or one is the other's initials (WHO)."""
    return one.words == two.words or _are_initials(one, two) or _are_initials(two, one)


def _words(text: str) -> list[str]:
    words = [re.sub(r"['’]s?$", "", word.strip(".,;:!?\"“”'’()")) for word in text.split()]
    return [word for word in words if word]


def without_titles(words: list[str]) -> list[str]:
    """Return the words of a name without those before it, as "Infrastructure Minister".

    Before a single word only what is a title and its like is left out.
    """
    titles = [at for at, word in enumerate(words) if _is_title(word)]
    if not titles or titles[-1] + 1 == len(words):
        return words[1:] if len(words) > 1 and words[0].casefold() == "the" else words
    head, rest = words[: titles[-1] + 1], words[titles[-1] + 1 :]
    if not rest[0][:1].isupper():  # "Secretary of State"
        return words
    like_titles = all(_is_title(word) or word.casefold() in _BESIDE_TITLES for word in head)
    return rest if like_titles or (len(rest) > 1 and all(word[:1].isupper() for word in rest)) else words


def _is_title(word: str) -> bool:
    """Return whether it is a title: "President", "Gen.", "Director-General"."""
    return all(part in _TITLES for part in word.casefold().rstrip(".").split("-"))


def _in_full(word: str, article_text: str) -> list[str]:
    """Return the one full name of the article that ends with the word, or begins with it; else the word."""
    wanted = _folded_words([word])
    found: dict[tuple[str, ...], list[str]] = {}
    for match in _FULL_NAME.finditer(article_text):
        words = without_titles(_words(match[0]))
        begin = next((at for at, one in enumerate(words) if one.casefold() not in OPENING_WORDS), len(words))
        words = words[begin:]
        if len(words) > 1:
            found.setdefault(_folded_words(words), words)
    many = len(wanted)
    for part in (slice(-many, None), slice(0, many)):  # a surname stands last; in East Asia first
        fitting = [words for key, words in found.items() if key[part] == wanted]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            break
    return [word]


def _folded_words(words: list[str]) -> tuple[str, ...]:
    return tuple(part for word in words for part in folded(word).replace(".", "").replace("-", " ").split())


def _are_initials(short: Name, long: Name) -> bool:
    large = [word for word in long.words if word not in _SMALL]
    if not short.initials or len(large) < 2:
        return False
    return short.words[0] in ("".join(w[0] for w in large), "".join(w[0] for w in long.words))
