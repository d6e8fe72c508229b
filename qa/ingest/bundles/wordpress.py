"""A WordPress export (WXR) -> its published posts; drafts, pages and attachments are counted and left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.ingest.asked import Asked, Head
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream
from qa.ingest.xmls import elements, local, words
from qa.reports import Skipped

if TYPE_CHECKING:
    from lxml.etree import _Element

# With what stands between them: pictures with their captions, and addresses of films.
_DROPPED = ("caption", "wp_caption", "gallery", "embed", "video", "audio", "playlist", "youtube", "vimeo",
            "tweet", "twitter", "instagram", "facebook", "soundcloud", "contact-form", "contact-form-7",
            "contact-field", "ad", "adrotate", "table")  # fmt: skip
_SHORTCODE = re.compile(r"\[(/?)([a-z][\w-]{1,39})((?:[ \t][^\[\]]{0,2000})?)(/?)\]", re.IGNORECASE)


def fits(head: Head) -> bool:
    """Return whether an RSS feed is an export with its own elements."""
    return head.root == "rss" and (
        "<wp:wxr_version" in head.text or "wordpress.org/export/" in head.text[:4000]
    )


def read(stream: Stream, asked: Asked) -> Iterator[Raw | Skipped]:
    """Yield posts that are published and not behind a password."""
    left_out: Counter[str] = Counter()
    site = ""
    people: dict[str, str] = {}  # who logs in -> the name that readers see
    for number, element in enumerate(elements(stream, ("item", "title", "author")), 1):
        if local(element) != "item":
            above = element.getparent()
            if above is not None and local(above) == "channel":
                site = words(element) if local(element) == "title" else site
                people |= _named(element)
            continue
        fields = {_name(part): words(part) for part in element}
        kind, status = fields.get("post_type", "post"), fields.get("status", "publish")
        if kind != "post" or status != "publish" or fields.get("post_password"):
            left_out[_what(kind, status)] += 1
            continue
        yield Raw(
            f"{asked.name}:{element.sourceline or number}",
            {
                "id": fields.get("guid") or fields.get("post_id"),
                "title": fields.get("title"),
                "text": without_shortcodes(fields.get("encoded", "")) or fields.get("description"),
                "excerpt": without_shortcodes(fields.get("excerpt", "")),
                "published": fields.get("pubDate") or fields.get("post_date_gmt") or fields.get("post_date"),
                "url": fields.get("link"),
                "authors": people.get(fields.get("creator", ""), fields.get("creator")),
                "tags": [words(part) for part in element if local(part) == "category"],
            },
            site=site,
        )
    if left_out:
        many = ", ".join(f"{count:,} {what}" for what, count in sorted(left_out.items()))
        yield Skipped(asked.name, f"Left out, as only published posts are articles: {many}.")


def _name(part: _Element) -> str:
    """Name an element: content:encoded is the text; excerpt:encoded, mostly empty, stands below it."""
    return "excerpt" if "/excerpt/" in str(part.tag) else local(part)


def _named(element: _Element) -> dict[str, str]:
    """Return the login of a <wp:author> with the name that readers see."""
    fields = {local(part): words(part) for part in element}
    login, name = fields.get("author_login"), fields.get("author_display_name")
    return {login: name} if login and name else {}


def without_shortcodes(text: str) -> str:
    """Take WordPress's shortcodes out: galleries and embeds whole, of others only the marks.

    What stands in brackets in prose ("[sic]") stays.
    """
    closed = {found[2].lower() for found in _SHORTCODE.finditer(text) if found[1]}
    pieces: list[str] = []
    at = 0
    inside = ""  # the shortcode that is being dropped
    for found in _SHORTCODE.finditer(text):
        name = found[2].lower()
        is_code = name in closed or name in _DROPPED or "=" in found[3] or bool(found[4])
        if not is_code or inside and not (found[1] and name == inside):
            continue
        if inside:
            inside = ""
        else:
            pieces.append(text[at : found.start()])
            inside = name if name in closed and name in _DROPPED and not found[1] else ""
        at = found.end()
    pieces.append(text[at:])
    # Outside of blocks WordPress takes blank lines for paragraphs, beside tags as well.
    return re.sub(r"\n[ \t]*\n", "\n<p>", "".join(pieces).strip())


def _what(kind: str, status: str) -> str:
    if kind != "post":
        return f"of type {kind[:40]}"
    return "behind a password" if status == "publish" else f"with status {status[:40]}"
