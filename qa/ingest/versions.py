"""Articles -> which of them are versions of one: the same id or address, and a text that was changed since.

An article whose id comes in again with another text keeps the plain id if it is the newest; the earlier ones
get a name of their own behind it: ``visit`` and ``visit#0123456789abcdef``. Two files may both count from 1,
so that an id binds only what is alike; an address binds whatever was read from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from qa.passages import content
from qa.records import Article

MOST_OF_ONE_ADDRESS = 20  # articles; what more of them share is the address of a list or of a feed
MOST_EARLIER = 4  # versions that an index keeps of an id beside the newest: a live page changes all day
_SUFFIX = re.compile(r"#[0-9a-f]{16}$")
_COMPARED = 4_000  # characters of a text
_LEAST_ALIKE_TITLE, _LEAST_ALIKE_TEXT = 0.5, 0.3  # shares of words; unrelated reports share under a tenth
# Parameters that say whence a reader came, and nothing of the page: feeds and newsletters add them.
_TRACKING = re.compile(
    r"(?:utm_\w+|at_(?:medium|campaign|custom\d)|mc_[ce]id|ns_\w+|fbclid|gclid|dclid|msclkid|igshid|xtor"
    r"|cmp(?:id)?|ocid|smid|smtyp)(?:=|$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w{4,}")


def plain_id(article_id: str) -> str:
    """Return the id without what names an earlier version."""
    return _SUFFIX.sub("", article_id)


def _names_earlier(article_id: str) -> bool:
    return "#" in article_id and _SUFFIX.search(article_id) is not None  # most ids have no "#": quick


def earlier_id(article: Article) -> str:
    """Return the id of the article as an earlier version."""
    return f"{plain_id(article.id)}#{content(article)[:16]}"


def are_alike(one: Article, other: Article) -> bool:
    """Return whether two articles share so many words of their titles or texts that they report the same."""
    return _shared(one.title, other.title) >= _LEAST_ALIKE_TITLE or share_text(one, other)


def share_text(one: Article, other: Article) -> bool:
    """Return whether two texts share so many words that they report the same, whatever their titles are."""
    return _shared(one.text[:_COMPARED], other.text[:_COMPARED]) >= _LEAST_ALIKE_TEXT


def _shared(one: str, other: str) -> float:
    """Return the Jaccard similarity of the words, 0 to 1."""
    words, others = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    return len(words & others) / len(words | others) if words and others else 0.0


def version_pairs(
    ids: Sequence[str],
    addresses: Sequence[str],
    article_at: Callable[[int], Article],
    is_open: np.ndarray | None = None,
) -> list[tuple[int, int]]:
    """Return positions of articles that are versions of one, in pairs that connect them all.

    :param is_open: boolean ``(n,)``; only pairs with one of these are wanted.
    """
    pairs = [*_of_one_id(ids, article_at), *_of_one_address(addresses)]
    return pairs if is_open is None else [(a, b) for a, b in pairs if is_open[a] or is_open[b]]


def _of_one_id(ids: Sequence[str], article_at: Callable[[int], Article]) -> Iterable[tuple[int, int]]:
    earlier = [at for at, name in enumerate(ids) if _names_earlier(name)]
    wanted = {plain_id(ids[at]) for at in earlier}
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(ids):
        if name in wanted:
            groups.setdefault(name, []).append(at)
    for at in earlier:
        group = groups.setdefault(plain_id(ids[at]), [])
        found = next((other for other in group if are_alike(article_at(at), article_at(other))), None)
        if found is not None:
            yield found, at
        group.append(at)


def _of_one_address(addresses: Sequence[str]) -> Iterable[tuple[int, int]]:
    groups: dict[str, list[int]] = {}
    for at, address in enumerate(addresses):
        if address and (place := _place(address)):
            groups.setdefault(place, []).append(at)
    for group in groups.values():
        if len(group) <= MOST_OF_ONE_ADDRESS:
            yield from ((group[0], other) for other in group[1:])


def _place(address: str) -> str:
    """Return the address as far as it names a page; "" for that of a whole site."""
    page, mark, query = address.partition("#")[0].partition("://")[2].partition("?")
    host, slash, path = page.partition("/")
    kept = "&".join(part for part in query.split("&") if not _TRACKING.match(part)) if mark else ""
    place = f"{host.casefold().removeprefix('www.')}{slash}{path}".rstrip("/")
    place = f"{place}?{kept}" if kept else place
    return place if "/" in place or "?" in place else ""


def newer_version(article: Article, alike: Sequence[Article], before: int | None = None) -> Article | None:
    """Return the newest version among an article's near-duplicates; None if it is the newest itself.

    :param alike: in the order in which they came in.
    :param before: how many of them came in before the article; None if nobody knows.
    """
    newest, at = article, before
    for position, other in enumerate(alike):
        if not _are_versions(article, other):
            continue
        place = None if before is None else position + (position >= before)
        if _is_later(other, place, newest, at):
            newest, at = other, place
    return None if newest is article else newest


def _are_versions(one: Article, other: Article) -> bool:
    place = _place(one.url)
    return bool(place and place == _place(other.url)) or plain_id(one.id) == plain_id(other.id)


def _is_later(one: Article, at: int | None, other: Article, other_at: int | None) -> bool:
    """Decide by the day; where none decides by the name; else by the order in which both came in."""
    if one.published is not None and other.published is not None and one.published != other.published:
        return one.published > other.published
    if plain_id(one.id) == plain_id(other.id):
        plain = one.id == plain_id(one.id)
        if plain != (other.id == plain_id(other.id)):
            return plain
    return at is not None and other_at is not None and at > other_at


def named(articles: Sequence[Article]) -> list[Article]:
    """Return the same articles; of versions of one id the newest has the plain id."""
    groups: dict[str, list[int]] = {}
    for at, article in enumerate(articles):
        groups.setdefault(plain_id(article.id), []).append(at)
    result = list(articles)
    for name, group in groups.items():
        first = next((at for at in group if articles[at].id == name), None)
        if first is None or len(group) < 2:
            continue
        versions = [at for at in group if at == first or are_alike(articles[at], articles[first])]
        newest = versions[0]
        for at in versions[1:]:  # as they were read: of the same day, or of none, the last one counts
            one, other = articles[at].published, articles[newest].published
            if one is None or other is None or one >= other:
                newest = at
        for at in versions:
            result[at] = replace(
                articles[at], id=name if at == newest else earlier_id(replace(articles[at], id=name))
            )
    return result


def with_earlier(
    incoming: Sequence[Article],
    changed_in: Callable[[Sequence[Article]], Mapping[str, Article]],
    held_ids: Callable[[], Collection[str]],
) -> list[Article]:
    """Return what comes in, and what it takes the place of as an earlier version where it is alike.

    :param changed_in: gives what an index holds under the ids of these articles, where it is something else.
    :param held_ids: gives all ids that it holds.
    """
    known = changed_in(incoming)
    changed = {
        article.id
        for article in incoming
        if article.id in known
        and known[article.id].text != article.text
        and are_alike(article, known[article.id])
    }
    if not changed:
        return list(incoming)
    many = Counter(plain_id(name) for name in held_ids() if _names_earlier(name))
    result: list[Article] = []
    for article in incoming:
        if article.id in changed and many[article.id] < MOST_EARLIER:
            other = known[article.id]
            if (
                article.published is not None
                and other.published is not None
                and article.published < other.published
            ):
                article = replace(article, id=earlier_id(article))
            else:
                result.append(replace(other, id=earlier_id(other)))
        result.append(article)
    return result
