"""A cleaned text -> its article: lines that belong to the page are cut, trailing hashtags handed over.

Only whole lines are cut, and only lines that could not be part of any article's prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What is left of a text, and the hashtags that stood below it."""

    text: str
    hashtags: tuple[str, ...] = ()  # without "#", as written


# Anywhere in a text, as a whole line.
_NOTICE = re.compile(
    r"""
      [-–—\s\[(]*(?:skip\ )?advertisements?[-–—\s\])]*
    | (?:story|article|post)\ continues\ (?:below|after)\ (?:this\ )?(?:advertisement|ad)
    | scroll\ (?:down\ )?to\ continue(?:\ reading)?
    | (?:ad|video\ ad)\ feedback
    | \d\.\ how\ relevant\ is\ this\ ad\ to\ you\?
    | \d\.\ did\ you\ encounter\ any\ technical\ issues\?
    | video\ player\ was\ slow\ to\ load\ content\b.*
    | (?:(?:please\ )?enable|you\ need\ to\ enable)\ javascript\b[^.]{0,80}[.]?
    | (?:this\ (?:web)?site|we)\ uses?\ cookies\b.{0,300}
    | by\ (?:continuing|clicking)\b.{0,120}\bcookies?\b.{0,200}
    | accept\ (?:all\ )?cookies | cookie\ (?:settings|policy|preferences) | manage\ cookies
    | we\ will\ use\ the\ (?:details|information)\ you\ have\ (?:shared|provided|given)\b.*
    | if\ you\ wish\ to\ object\ to\ the\ use\ of\ your\ data\b.*
    | would\ you\ like\ to\ receive\ (?:the|our)\b.{0,60}\ newsletters?\ ?\?
    | the\ .{1,40}\ newsletter\ provides\ you\ with\ .{0,100}
    | ['‘"]we['’"]\ includes\ .{0,120}\bbrands\b.{0,40}
    | (?:order|buy|purchase)\ reprints? | reprints?(?:\ (?:and|&)\ permissions?)? | request\ permissions?
    | (?:print|e-?mail|save|share|gift|bookmark|listen\ to|download)\ (?:this\ )?(?:page|article|story|pdf)
    | (?:add|remove)\ (?:to|from)\ (?:my\ )?(?:favou?rites|bookmarks|reading\ list|saved)
    | (?:play|listen|pause)(?:\ audio|\ now)? | (?:in|de)crease\ (?:font|text)\ size | toggle\ \w{1,20}
    | thanks\ for\ (?:signing\ up|subscribing)[!.]? | keep\ an\ eye\ on\ your\ inbox\b.{0,80}
    | there\ was\ an\ error\ (?:processing|submitting)\b.{0,60}
    | (?:please\ )?enter\ a\ valid\ e-?mail\b.{0,40}
    | click\ to\ expand | tap\ to\ unmute | loading(?:\.\.\.|…)
    | [\s_*.=~#|/\\+•·♦◆◼■□●○∎–—-]+
    """,
    re.IGNORECASE | re.VERBOSE,
)
# At the end of a text, as a whole line.
_CLOSING = re.compile(
    r"""
      (?:recommended|related|more|further|suggested|popular|trending|latest)(?:\ (?:for\ you|articles?|news
        |stories|content|reading|topics|posts|videos|links|coverage|from\ .{1,40}|on\ this(?:\ \w+)?))?
    | (?:you\ (?:might|may)\ (?:also|like)\b.{0,30}) | most\ (?:read|popular|viewed)(?:\ .{1,20})?
    | see\ (?:also|more) | read\ (?:more|next|also|the\ full\ (?:story|article)(?:\ here)?)
    | (?:up|watch|what\ to\ read)\ next | (?:continue|keep)\ reading | (?:load|show|view)\ (?:more|comments)
    | (?:\d+\ )?comments?(?:\ \(\d+\))?
    | (?:leave|post|add)\ a\ (?:comment|reply)
    | (?:please\ )?share(?:\ (?:this|on|via|with)\b.{0,40})?
    | (?:(?:share|tweet|email|print|copy\ link|save|like|pin|post|facebook|twitter|x|whatsapp|linkedin|reddit
        |telegram|pinterest|messenger|pocket|flipboard|link)\b[\s,|/•·]*+){2,}
    | tweet | print | email(?:\ this)? | copy\ link | subscribe(?:\ now)? | sign\ (?:in|up)(?:\ now)?
    | follow\ us(?:\ on\ .{1,60})?
    | (?:you\ can\ )?(?:follow|contact|reach|e-?mail)\b.{2,120}
        (?:@\w|\btwitter\b|\bfacebook\b|\binstagram\b).{0,160}
    | (?:support\ (?:local|our|independent)\ journalism|subscribe\ to)\b.{0,120}
    | (?:to\ get\ .{1,80}\ )?sign\ up\ (?:here\ )?(?:for|to)\b.{0,100}\bnewsletters?\b.{0,60}
    | unsubscribe\b.{0,200}
    | (?:view|read|open)\ (?:this\ \S{1,20}\ )?(?:in|on)\ (?:your|a|the)\ (?:web\ )?browser.{0,200}
    | (?:back\ to|go\ to)\ top | tags?:? | topics?:? | filed\ under:?
    | (?:©|\(c\)|copyright\b).{0,200} | all\ rights\ reserved\.?
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A line in the flow that leads to another article: "Related: Mayor steps down".
_LEADS_AWAY = re.compile(
    r"""
      (?:(?:\[|\(|>+|»|▶|➡|→|•|\*|-)\s?)?
      (?:related(?:\ (?:articles?|stor(?:y|ies)|content|coverage|news|video))?
        |(?:read|see|learn|find\ out|hear|watch)\ (?:more|also|next|this)
          (?:\ (?:on|about|here)(?:\ .{1,30})?)?
        |also\ (?:read|see|on\ .{1,30})|must[\ -]read|don['’]t\ miss|in\ case\ you\ missed\ it|icymi
        |recommended(?:\ (?:for\ you|reading))?|more\ from\ .{1,30}|further\ reading|what\ to\ read\ next
        |editor['’]?s['’]?\ picks?|up\ next|watch|listen
        |lesen\ sie\ auch|mehr\ zum\ thema|siehe\ auch|(?:à\ )?lire\ aussi|voir\ aussi
        |sur\ le\ même\ sujet
        |l(?:ea|ee|eer)\ también|(?:lea|te\ puede\ interesar)|leia\ (?:também|mais)|veja\ também|leggi\ anche
        |lees\ ook|läs\ (?:också|mer)|les\ også|læs\ også|czytaj\ (?:też|także)|читайте\ также|ayrıca\ oku)
      \s?(?::|：|\||>+|»|→)\s?\S.{0,220}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ENDS_STATEMENT = re.compile(r"[.;,…][\"'”’)\]]{0,3}$")  # a headline has none of these at its end
_TEASER = re.compile(r".{8,200}\[(?:[A-Z][A-Z -]{2,18})\][|\s]{0,3}")  # "Lakers make a decision [VIDEO]"
_TEASER_HEADING = re.compile(r"(?:don['’]t miss|read more|see more|related|just in)[:!]?", re.IGNORECASE)
_CUT_BY_API = re.compile(r"(?:…|\.\.\.)? ?\[\+?\d{1,9} chars\]$")
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_HASHTAG = re.compile(r"#([^\s#][^#\n]*)")
_LIST_HEADING = re.compile(
    r"(?:recommended|related|more|most|you might|you may|read next|trending)\b", re.IGNORECASE
)
_MOST_LISTED = 12  # headlines below the heading of such a list
_LONGEST_NOTICE = 600  # characters
_LONGEST_HEADLINE = 160  # characters


def trim(text: str) -> Trimmed:
    """Cut notices anywhere, then closing lines and hashtags from the end."""
    lines = _without_teasers(
        [
            line
            for line in text.split("\n\n")
            if len(line) > _LONGEST_NOTICE or not (_NOTICE.fullmatch(line) or leads_away(line))
        ]
    )
    hashtags: list[str] = []
    size = len(lines) + 1
    while 0 < len(lines) < size:
        size = len(lines)
        del lines[_listed_from(lines) :]
        if found := read_hashtags(lines[-1]):
            hashtags[:0] = found
            lines.pop()
        elif len(lines[-1]) <= _LONGEST_NOTICE and _CLOSING.fullmatch(_bare(lines[-1])):
            lines.pop()
    if lines and (cut := _CUT_BY_API.search(lines[-1], max(0, len(lines[-1]) - 40))) is not None:
        lines[-1] = f"{lines[-1][: cut.start()].rstrip()}…"
    return Trimmed("\n\n".join(lines), tuple(hashtags))


def leads_away(line: str) -> bool:
    """Return whether a line only leads to another article; one that ends as a sentence of its own stays."""
    return _LEADS_AWAY.fullmatch(line) is not None and not _ENDS_STATEMENT.search(line[-4:])


def _without_teasers(lines: list[str]) -> list[str]:
    """Drop headlines with a mark of their kind, and the heading above them."""
    kept: list[str] = []
    for line in lines:
        if len(line) <= _LONGEST_NOTICE and _TEASER.fullmatch(line):
            if kept and _TEASER_HEADING.fullmatch(kept[-1]):
                kept.pop()
        else:
            kept.append(line)
    return kept


def read_hashtags(line: str) -> list[str]:
    """Return the tags of a line that holds nothing else ("#Ukraine #NorthKorea", "#Juan Peron"), else []."""
    line = line.strip()
    if not line.startswith("#") or _ENDS_SENTENCE.search(line):
        return []
    tags = [tag.strip(" ,;|•·") for tag in _HASHTAG.findall(line)]
    return tags if tags and all(tag and len(tag.split()) <= 4 for tag in tags) else []


def _listed_from(lines: list[str]) -> int:
    """Return where a closing list of other articles begins: its heading, then nothing but headlines."""
    for at in range(len(lines) - 1, max(len(lines) - 2 - _MOST_LISTED, 0), -1):
        if _LIST_HEADING.match(lines[at]) and _CLOSING.fullmatch(_bare(lines[at])):
            return at
        if len(lines[at]) > _LONGEST_HEADLINE or _ENDS_SENTENCE.search(lines[at]):
            break
    return len(lines)


def _bare(line: str) -> str:
    return line.strip(" :•·|-–—>»›*_")
