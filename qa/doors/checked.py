"""A language model's text and the passages it was sent -> its sentences, each kept or struck out.

A sentence is struck out if it cites no passage that was sent, if words in quotation marks are not in a
cited article, or if one of its numbers or names is not in the cited passages. A sentence that passes may
still be wrong: "did" instead of "denied" has the same names and numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qa import words
from qa.records import Article, ComposedSentence, Hit
from qa.text.display import visible
from qa.text.names import without_titles
from qa.text.normalization import folded
from qa.text.numbers import amounts_in
from qa.text.sentences import sentences

LONGEST_PASSAGE = 4000  # characters that are sent of one; ours have about 1,000
_LARGEST_CITED = 6  # digits of a citation that are read

_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)  # what models say to themselves first
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_CITED = r"\[\s*(?:passages?\s*)?\d+(?:\s*[,;]\s*(?:passages?\s*)?\d+)*\s*\]"
_CITATION = re.compile(_CITED, re.IGNORECASE)
_BEHIND_STOP = re.compile(rf"(?<![.!?])([.!?]++[\"”’']?)\s*+((?:{_CITED}\s*)+)", re.IGNORECASE)
_QUOTED = re.compile(
    r"“([^“”]*)”|\"([^\"]*)\"|«([^«»]*)»|„([^„“]*)“|‘([^‘]*?)’(?!\w)|(?<!\w)'([^']+)'(?!\w)", re.DOTALL
)
_LONE_QUOTATION_MARK = re.compile(r"[“”\"«»„]")
_ADDRESS = re.compile(
    r"://|\bwww\.|\S@\S|\[\.\]|\]\(|\w\.[a-z]{2,12}/|\b(?:mailto|javascript|data|tel):"
    r"|\w\.(?:com|org|net|info|biz|io|ru|cn)\b",
    re.IGNORECASE,
)
# Marks of other languages and keyboards, as those that are looked for.
_MARKS = str.maketrans(dict(zip("‹›「」『』《》＂″‟", '“”“”“”“”"""', strict=True)))
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "…": "..."})
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}")
_TOKEN = re.compile(r"(?P<word>[^\W_]+(?:['’][^\W_]+)*)|(?P<mark>[^\w\s'’-])")
_BAR = "|"  # stands between words that a mark parts, so that no name reaches over it


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that are near a number without being one; they must stand as they are.
_VAGUE = _listed(
    """half halves quarter quarters dozen dozens hundreds thousands millions billions trillions twice thrice
    double doubled triple tripled first second third fourth fifth sixth seventh eighth ninth tenth eleventh
    twelfth hundredth thousandth couple couples fourscore threescore"""
)
_MONTHS_AND_DAYS = _listed(
    """january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday"""
)
# Words that open a sentence and are no names there.
_OPENERS = _listed(
    """a about according across additionally after afterwards again all along already also although amid among
    an and another any anyone are around as at because before besides between both but by can could currently
    despite did do does during each earlier either eventually every everyone few finally following for from
    further furthermore had has have he her here his how however i if in including indeed initially instead
    into is it its just last late later least less like many meanwhile more moreover most much nearly neither
    next no nobody none nor not nothing now of officials on once one only or other others our out over overall
    people perhaps previously rather recently reportedly reports several she shortly similarly since so some
    soon still subsequently such than that the their them then there therefore these they this those though
    through throughout thus to today together under unlike until up upon was we were what when where whether
    which while who whose why with within without yes yesterday yet you your"""
)
_LIKE_WORDS = frozenset(
    {"us", "it", "who", "is", "am", "at"}
)  # of acronyms that mean something in small letters


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    key: str  # folded, without an apostrophe and what follows it as a possessive
    start: int
    end: int

    @property
    def is_name(self) -> bool:
        """By its capitals, or as "G7" and "1990s" are."""
        text = self.text
        if text[0].isdigit():
            return bool(re.fullmatch(r"\d+s", text))
        return text != "I" and any(c.isupper() or c.istitle() or c.isdigit() for c in text)


class _Evidence:
    """What may stand in a sentence: the words and amounts of passages, titles, sources and days as sent."""

    def __init__(self, texts: Iterable[str]) -> None:
        keys: list[str] = []
        self.acronyms: set[str] = set()
        self.amounts: set[Decimal] = set()
        for text in texts:
            self.amounts |= {amount.value for amount in amounts_in(text)}
            text = _without_dots(text)
            for token in _TOKEN.finditer(text):
                word = token["word"]
                if word is not None:
                    keys.append(_key(word))
                    if len(word) > 1 and word.isupper():
                        self.acronyms.add(_key(word))
                elif token["mark"] != "." or not (keys and len(keys[-1]) == 1):  # "John F. Kennedy"
                    keys.append(_BAR)
            keys.append(_BAR)
        self.words = frozenset(keys)
        self._all = f" {' '.join(keys)} "

    def holds(self, name: Sequence[str]) -> bool:
        """Return whether the words stand there one behind the other."""
        return f" {' '.join(name)} " in self._all


def spoken(text: str) -> str:
    """Return a model's text without its thinking part and without control characters."""
    return _THOUGHTS.sub("", visible(text), count=1).strip()


def checked(text: str, passages: Sequence[Hit]) -> tuple[ComposedSentence, ...]:
    """Return the sentences of a text in order, each with the passages that it cites and what is wrong."""
    return tuple(
        ComposedSentence(plain, _known(cites, passages), _fault(plain, cites, passages))
        for plain, cites in _cited_sentences(text)
    )


def sent(hit: Hit) -> dict[str, str]:
    """Return the parts of a passage that are sent: title, source, day and text."""
    article = hit.passage.article
    return {
        "title": visible(article.title),
        "source": visible(article.source),
        "published": words.published(article),
        "text": visible(hit.passage.text[:LONGEST_PASSAGE]),
    }


def _cited_sentences(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return sentences without citations, and the numbers cited: "... [1]." and "... . [1][2]" are read."""
    found = []
    for line in spoken(text).splitlines():
        line = _BULLET.sub("", line.replace("**", "").replace("`", ""))
        line = _BEHIND_STOP.sub(r" \2\1 ", line)
        for start, end in sentences(line):
            sentence = line[start:end]
            cites = [number for cited in _CITATION.findall(sentence) for number in re.findall(r"\d+", cited)]
            plain = " ".join(_CITATION.sub(" ", sentence).split())
            plain = re.sub(r"(?<!\s)\s+(?=[.,;:!?](?:\s|$))", "", plain)
            if any(character.isalnum() for character in plain):
                numbers = (int(number[:_LARGEST_CITED]) for number in cites)
                found.append((plain, tuple(dict.fromkeys(numbers))))
    return found


def _known(cites: Sequence[int], passages: Sequence[Hit]) -> tuple[int, ...]:
    return tuple(number for number in cites if 1 <= number <= len(passages))


def _fault(sentence: str, cites: Sequence[int], passages: Sequence[Hit]) -> str:
    """Return the first thing that is wrong with a sentence; "" if nothing is."""
    known = _known(cites, passages)
    if strange := [number for number in cites if number not in known]:
        were = words.count(len(passages), "passage was", "passages were")
        return f"it cites passage {strange[0]}, and {were} sent"
    if not known:
        return "it cites no passage"
    if _ADDRESS.search(sentence):
        return "it holds an address"
    if any(map(_is_drawn_as_a_letter, sentence)):
        return "it holds signs that are drawn as letters"
    if any(map(_has_no_capital, sentence)):
        return "its script has no capitals, so names cannot be found"
    hits = [passages[number - 1] for number in known]
    evidence = _Evidence(text for hit in hits for text in sent(hit).values())
    where = f"passage {' or '.join(map(str, known))}"
    if quote := _wrong_quote(sentence, [hit.passage.article for hit in hits]):
        return f"{quote} in the article of {where}"
    if number := _strange_number(sentence, evidence):
        return f"the number {number} is not in {where}"
    name = _strange_name(sentence, evidence)
    return f"the name {name} is not in {where}" if name else ""


def _has_no_capital(letter: str) -> bool:
    """Return whether its script writes names like all else, as Chinese, Hangul, Arabic and Georgian do."""
    return (unicodedata.category(letter) == "Lo" and letter not in "ªº") or "\u10d0" <= letter <= "\u10ff"


def _is_drawn_as_a_letter(sign: str) -> bool:
    """Return whether people read a letter where a program sees none, as in "Ⓜacron"."""
    return (
        not sign.isalnum()
        and sign not in "™℠№℃℉"
        and any(map(str.isalpha, unicodedata.normalize("NFKC", sign)))
    )


def _wrong_quote(sentence: str, articles: Sequence[Article]) -> str:
    sentence = sentence.translate(_MARKS).replace("''", '"')
    quotes = [
        next(part for part in found.groups() if part is not None) for found in _QUOTED.finditer(sentence)
    ]
    if _LONE_QUOTATION_MARK.search(_QUOTED.sub(" ", sentence)):
        return "a quotation mark without its other is not"
    texts = [_even(text) for article in articles for text in (article.title, article.text)] if quotes else []
    for quote in quotes:
        wanted = _even(quote).strip(" .,;:!?")
        if not wanted:
            return "a quote without words is not"
        # A quote may begin a sentence that it did not begin, and the other way round.
        first = f"[{re.escape(wanted[0].lower() + wanted[0].upper())}]"
        exact = re.compile(rf"(?<!\w){first}{re.escape(wanted[1:])}(?!\w)")
        if not any(exact.search(text) for text in texts):
            return f"“{quote}” is not word for word"
    return ""


def _even(text: str) -> str:
    """Write quotation marks, dashes and blanks each in one kind."""
    return " ".join(text.translate(_PLAIN).split())


def _strange_number(sentence: str, evidence: _Evidence) -> str:
    for amount in amounts_in(sentence):
        written = sentence[amount.start : amount.end]
        # "One" is a pronoun more often than a number, and whoever is one is "a man" elsewhere.
        if amount.value not in evidence.amounts and written.casefold() != "one":
            return written
    for found in _TOKEN.finditer(sentence):
        word = found["word"]
        if word and (_key(word) in _VAGUE or _is_odd_figure(word)) and _key(word) not in evidence.words:
            return word
    return ""


def _is_odd_figure(word: str) -> bool:
    """Return whether it is "½", "²" or their like: a number to people, and none to arithmetic."""
    return any(character.isnumeric() and not character.isdecimal() for character in word) and not any(
        character.isalpha() for character in word
    )


def _strange_name(sentence: str, evidence: _Evidence) -> str:
    sentence = _without_dots(sentence)
    for run, is_head in _names(sentence):
        written = [token.text for token in run]
        rest = without_titles(written) if len(run) > 1 else written
        # "French President" before "Emmanuel Macron" may stand elsewhere in the passage.
        before, name = run[: len(run) - len(rest)], run[len(run) - len(rest) :]
        missing = next((token.text for token in before if token.key not in evidence.words), "")
        if missing:
            return missing
        if not evidence.holds([token.key for token in name]) and not (
            is_head and len(run) == 1 and _in_other_number(name[0].key, evidence)
        ):
            return sentence[name[0].start : name[-1].end]
        for token in name:
            if token.key in _LIKE_WORDS and token.text.isupper() and token.key not in evidence.acronyms:
                return token.text
    return ""


def _in_other_number(key: str, evidence: _Evidence) -> bool:
    """Return whether the first word of a sentence stands there in the singular or plural."""
    return f"{key}s" in evidence.words or (key.endswith("s") and key[:-1] in evidence.words)


def _names(sentence: str) -> list[tuple[list[_Token], bool]]:
    """Return names as runs of capitalised words, each with whether it opens the sentence or a quote."""
    runs: list[tuple[list[_Token], bool]] = []
    run: list[_Token] = []
    opens_with = False
    last_end = 0
    opens = True  # whether the next word stands where any word has a capital

    def end_run() -> None:
        if run:
            runs.append((list(run), opens_with))
            run.clear()

    for found in _TOKEN.finditer(sentence):
        word = found["word"]
        if word is None:
            if found["mark"] == "." and run and len(run[-1].key) == 1:  # "John F. Kennedy"
                continue
            end_run()
            opens = opens or found["mark"] in '“"„«:'
            continue
        token = _Token(word, _key(word), found.start(), found.end())
        is_name = token.is_name and not (opens and token.key in _OPENERS)
        apart = token.key in _MONTHS_AND_DAYS
        if not is_name or apart or sentence[last_end : token.start] not in (" ", "-", ". "):
            end_run()
        if is_name:
            if not run:
                opens_with = opens
            run.append(token)
            if apart or re.search(r"['’]s?$", word):
                end_run()
        last_end, opens = token.end, False
    end_run()
    return runs


def _key(word: str) -> str:
    return re.sub(r"['’]", "", re.sub(r"['’]s?$", "", folded(word)))


def _without_dots(text: str) -> str:
    """Write "U.S." as "US"."""
    return _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
