"""A text as it was found -> a text to keep: sound characters, one blank line between paragraphs.

Mojibake is mended, HTML taken out, doubled CSV quotes are made single, and characters nobody sees are
dropped. Normal form is NFC, never NFKC, which would change numbers and quotes ("x²" -> "x2").
Cleaning a clean text changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from qa.ingest.htmltext import plain

_MOST_MARKS = 30  # combining marks on one letter
_MOST_ROUNDS = 8  # real text settles after one; the bound is for texts made to oscillate

# Controls; soft hyphen; zero-width space, word joiner, invisible operators, byte order mark;
# embeddings, overrides and isolates, which reorder what is shown; annotation and object marks.
# Zero-width joiners (emoji, Persian) and the plain direction marks stay.
_UNSEEN = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffc\ufdd0-\ufdef\ufffe\uffff"
)
_LINE_ENDS = "\x0b\x0c\x1c-\x1e\r\u2028\u2029"
_ODD_SPACES = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNTIDY = re.compile(f"[{_UNSEEN}{_LINE_ENDS}{_ODD_SPACES}]|  ")
_UNSEEN_CHARACTER = re.compile(f"[{_UNSEEN}]")
_LINE_END = re.compile(f"\r\n|[{_LINE_ENDS}]")
_ODD_SPACE = re.compile(f"[{_ODD_SPACES}]")
_SPACES = re.compile("  +")
_SPACE_AT_LINE_END = re.compile("(?<! ) +\n *|\n +")  # from a run's begin only, or it is quadratic

# UTF-8 read as a code page: what its first bytes become, then what its later bytes become. Only
# where two such meet, ftfy is asked; it takes milliseconds over a long text.
_MAYBE_MOJIBAKE = re.compile(
    "[\xc2-\xf4\u0102\u0139\u0413\u0420\u0421\u0432\u221a]"
    "[\x80-\xbf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d"
    "\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178\u0402-\u0491]|[\x80-\x9f]"
)

_QUOTE_OPENS = re.compile(r"""(?<![^\s(\[{—–-])"{2,}(?=[\w'‘“$£€#@¿¡…])""")
_QUOTE_CLOSES = re.compile(r"""(?<=[\w.,!?%'’”…;:$€)])"{2,}(?=[\s.,;:!?)\]}—–-]|$)""", re.MULTILINE)

_WRAPPED_WIDTHS = range(45, 101)  # characters; e-mail and print-outs wrap at 60 to 80
_MOST_RAGGED = 25  # characters between the shortest and the longest line of wrapped text


def clean_text(text: str) -> str:
    """Clean a body: paragraphs parted by exactly one blank line."""
    return _settle(text, lambda found: paragraphs(_clean_characters(found)))


def clean_line(text: str) -> str:
    """Clean a title, a name or a tag: one line."""
    return _settle(text, lambda found: " ".join(_clean_characters(found).split()))


def mend_characters(text: str) -> str:
    """Mend mojibake, line ends, unseen characters and odd spaces; bring the text to NFC."""
    if not text.isascii():
        text = _stacked_marks().sub(r"\1", _whole(text))
        if _MAYBE_MOJIBAKE.search(text):
            text = _without_mojibake(text)
    if _UNTIDY.search(text):
        text = _LINE_END.sub("\n", text)
        text = _UNSEEN_CHARACTER.sub("", text)
        text = _SPACES.sub(" ", _ODD_SPACE.sub(" ", text))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def paragraphs(text: str) -> str:
    """Part paragraphs by one blank line; lines that were wrapped at a width are joined first."""
    text = _SPACE_AT_LINE_END.sub("\n", text).strip()
    if "\n" not in text:
        return text
    blocks = [block.split("\n") for block in re.split(r"\n{2,}", text)]
    return "\n\n".join("\n\n".join(_unwrapped(block)) for block in blocks)


def _settle(text: str, clean: Callable[[str], str]) -> str:
    """Clean until nothing changes: mended mojibake may be HTML, and HTML may hold mojibake."""
    for _ in range(_MOST_ROUNDS):
        cleaner = clean(text)
        if cleaner == text:
            break
        text = cleaner
    return text


def _clean_characters(text: str) -> str:
    text = mend_characters(text)
    if "<" in text or "&" in text:
        text = mend_characters(plain(text))
    if '""' in text:
        text = _QUOTE_CLOSES.sub('"', _QUOTE_OPENS.sub('"', text))
    return text


@cache
def _stacked_marks() -> re.Pattern[str]:
    """Match more combining marks in a row than any writing has; sorting n of them takes n * n steps.

    Thirty are what Unicode's stream-safe format allows (UAX 15).
    """
    marks = [chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code))]
    one = f"[{''.join(map(re.escape, marks))}]"
    return re.compile(f"({one}{{{_MOST_MARKS}}}){one}+")


def _whole(text: str) -> str:
    """Join pairs of surrogates and drop lone ones, which no file could hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return text


def _without_mojibake(text: str) -> str:
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    # Line by line: one paragraph may be damaged and the next one sound.
    return "\n".join(fix_encoding(line) if is_bad(line) else line for line in text.split("\n"))


def _unwrapped(lines: list[str]) -> list[str]:
    """Return a block of lines as paragraphs: as one, if the lines were broken to fit a width."""
    full = [len(line) for line in lines[:-1]]
    if len(full) < 2 or min(full) not in _WRAPPED_WIDTHS or max(full) not in _WRAPPED_WIDTHS:
        return lines
    if max(full) - min(full) > _MOST_RAGGED or len(lines[-1]) > max(full):
        return lines
    stops = sum(line.endswith((".", "!", "?", '."', ".”", ":")) for line in lines[:-1])
    return [" ".join(lines)] if stops <= len(full) / 2 else lines
