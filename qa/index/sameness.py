"""Article -> hashes that tell whether an article, or what is embedded of it, is the same as before."""

from __future__ import annotations

import hashlib

from qa.index.chunking import header
from qa.ingest.copies import content_id
from qa.records import Article


def content(article: Article) -> str:
    """Equal for exact repeats, whatever their ids."""
    return content_id(article.title, article.text, article.source)


def digest(article: Article) -> str:
    """Changes whenever what is embedded of the article changes."""
    embedded = f"{header(article)}\0{article.text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(embedded, digest_size=16).hexdigest()
