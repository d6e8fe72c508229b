"""A text -> whether it is in English, which the models read: by its letters and its commonest words."""

from __future__ import annotations

import re

_LOOKED_AT = 4_000  # characters
_FEWEST = 40  # words from which on a text without any English ones is in another language
_LEAST_SHARE = 0.08  # of its words; English prose has 0.3 to 0.5, Finnish or Turkish under 0.02
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LATIN_END = "\u0250"  # letters from here on belong to other scripts, or to none that English knows
# Words that nearly every sentence has, without those that two of these languages share ("in", "an", "is").
_OF_ENGLISH = """the and of to that with this from have has are were been which their they would will said had
    not but after about its by for his her he she it be as at you was on or who when than more into over we
    our out there what could people year new one all also first last"""
_OF_OTHERS = """le la les des du et une est dans pour qui sur pas au aux par avec ce cette sont ont été
    el los las del y una es por con para su que se como más pero fue al
    der die das und den von mit dem des ein eine ist nicht auf sich für im auch wurde nach bei zu
    il di che è e della per sono gli nel dei alla non ha
    o os da do em um uma não na no dos são ao mais foi com
    het een van en dat niet voor zijn op met te aan ook bij door
    och att det som på av för är till har ett inte med og ikke til ble
    w z na nie się że jest do przez został
    se na v že je by jsem pro
    ve bir bu için ile da de olarak olan
    yang dan di dengan untuk pada dari ini itu dalam tidak
    și nu cu din pe care o mai într
    és az hogy egy nem volt
    ja on ei oli että se"""
_ENGLISH = frozenset(_OF_ENGLISH.split())
_OTHERS = frozenset(_OF_OTHERS.split()) - _ENGLISH


def is_english(text: str) -> bool:
    """Return whether a text is in English; True if it is too short or too mixed to show another language."""
    words = [word.casefold() for word in _WORD.findall(text[:_LOOKED_AT])]
    letters = sum(map(len, words))
    if not letters:
        return True
    if sum(letter >= _LATIN_END for word in words for letter in word) > letters / 2:
        return False
    english = sum(word in _ENGLISH for word in words)
    others = sum(word in _OTHERS for word in words)
    if others > english:
        return others < 2 and len(words) < _FEWEST
    return len(words) < _FEWEST or english >= _LEAST_SHARE * len(words)
