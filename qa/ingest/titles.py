"""A title as pages show it -> the title itself, its topics and the site's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Title:
    """The parts of a title."""

    text: str
    topics: tuple[str, ...] = ()
    site: str = ""


_SITE_WORDS = re.compile(
    r"\b(?:news|times|post|herald|tribune|gazette|journal|guardian|telegraph|independent|chronicle|observer"
    r"|reuters|bloomberg|associated press|bbc|cnn|nbc|cbs|abc|npr|pbs|al jazeera|euronews|afp|dw|axios"
    r"|politico|magazine|radio|tv|television|wire|press|daily|weekly|online|youtube|msn|yahoo)\b|\.(?:com|org|net|co\.uk)$",
    re.IGNORECASE,
)
_DASH = re.compile(r"(?<!\s)\s+[-–—]\s+(?=[^-–—]+$)")


def split_title(title: str) -> Title:
    """Return the title of a scraped text: what follows pipes is topics, but for the name of a site."""
    text, *parts = [part.strip() for part in re.split(r"[|¦]", title)]
    if not text:
        return Title(title)
    parts = [part for part in parts if part]
    site = parts.pop() if parts and _names_a_site(parts[-1]) else ""
    if not site and (found := _DASH.search(text)) and _names_a_site(text[found.end() :]):
        text, site = text[: found.start()], text[found.end() :]
    return Title(text, tuple(parts), site)


def without_site(title: str, *, source: str, url: str) -> str:
    """Cut " | Site" or " - Site" from a title, where source or address show that it is the site's name.

    Search engines cut titles ("... | The ..."); what is left of the name counts as well.
    """
    names = [name for name in (_squash(source), *_host_names(url)) if len(name) >= 2]
    for mark in re.finditer(r"(?<=\S)\s+[|¦–—-]\s+(?=[^|¦–—]+$)", title):
        rest = title[mark.end() :]
        squashed = _squash(rest)
        was_cut = rest.endswith(("...", "…")) and len(squashed) >= 2
        for name in names:
            if squashed.startswith(name) and len(rest.split()) <= 5 or was_cut and name.startswith(squashed):
                return title[: mark.start()]
    return title


_PAPER_WORDS = re.compile(
    r"^the\b|\b(?:courier|ledger|record|mail|express|star|sun|mirror|standard|examiner|register|dispatch|sentinel"
    r"|bulletin|review|echo|globe|inquirer|enquirer|argus|advertiser|agency|staff|newsroom|desk|editorial)\b",
    re.IGNORECASE,
)


def names_a_paper(name: str) -> bool:
    """Return whether a name with capitals is that of a paper or its staff, not of a person."""
    return _SITE_WORDS.search(name) is not None or _PAPER_WORDS.search(name) is not None


def host(url: str) -> str:
    """Return the host of an address without "www."; "" if it names no host."""
    try:
        name = urlsplit(url).hostname
    except ValueError:
        return ""
    return (name or "").removeprefix("www.")


def _names_a_site(part: str) -> bool:
    return len(part.split()) <= 4 and bool(_SITE_WORDS.search(part))


def _host_names(url: str) -> list[str]:
    return [_squash(label) for label in host(url).split(".")[:-1] if len(label) > 2]


def _squash(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
