"""New articles -> their passages in Milvus: cut and embedded, or taken over from what Milvus holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from qa.index.cutting import TOGETHER, Span, cut
from qa.index.engine import BuildJob
from qa.index.milvus.collection import CollectionPair
from qa.index.milvus.rows import CatalogueEntry, passage_key, place_in, too_large
from qa.passages import digest, embedded_text
from qa.records import Article, Passage
from qa.reports import Progress, Skipped


@dataclass(slots=True)
class PassageWriter:
    """Writes passages; counts what it did."""

    job: BuildJob
    target: CollectionPair
    donor: CollectionPair | None  # made in the same way: equal texts have equal passages there
    donors: Mapping[str, CatalogueEntry]  # of its articles, by the digest of what is embedded
    passages: dict[str, int] = field(default_factory=dict)  # how many each article has, by its key
    skipped: list[Skipped] = field(default_factory=list)  # what Milvus cannot take
    embedded: int = 0

    def write(self, articles: Mapping[str, Article]) -> None:
        """Write the passages of these articles, by key. They count once their articles are written."""
        keys = list(articles)
        for first in range(0, len(keys), TOGETHER):
            together = {key: articles[key] for key in keys[first : first + TOGETHER]}
            taken = self._taken_over(together)
            spans = self._cut(together, taken)
            self._write(together, spans, taken)
            self.passages |= {key: len(cut) for key, cut in spans.items()}
            self.job.listener(Progress("embedding", first + len(together), len(keys), "articles"))

    def _taken_over(self, together: Mapping[str, Article]) -> dict[str, dict[Span, np.ndarray]]:
        """Return the passages of equal articles that the donor holds, with their vectors, by the new key."""
        donors = {key: self.donors.get(digest(article)) for key, article in together.items()}
        equal = {key: donor for key, donor in donors.items() if donor is not None}
        wanted = sorted({donor.key for donor in equal.values()})
        if self.donor is None or not wanted:
            return {}
        found: dict[str, dict[Span, np.ndarray]] = {}
        for key, vector in sorted(self.donor.vectors(self.donor.passages_of(wanted)).items()):
            owner, start, end = place_in(key)
            found.setdefault(owner, {})[start, end] = vector
        passages = {key: found.get(donor.key, {}) for key, donor in equal.items()}
        # One of them may be damaged or gone: then the article is embedded anew.
        return {key: taken for key, taken in passages.items() if len(taken) == equal[key].passages}

    def _cut(
        self, together: Mapping[str, Article], taken: Mapping[str, Mapping[Span, np.ndarray]]
    ) -> dict[str, list[Span]]:
        """Return the passages of each article; what Milvus cannot take is left out and listed."""
        to_cut = [key for key in together if key not in taken]
        fresh = cut([together[key].text for key in to_cut], self.job.embedder, self.job.settings)
        spans = {key: list(passages) for key, passages in taken.items()} | dict(
            zip(to_cut, fresh, strict=True)
        )
        for key, article in together.items():
            why = too_large(article, spans[key])
            if why:
                self.skipped.append(Skipped(article.url if article.url else article.title[:100], why))
                del spans[key]
        return spans

    def _write(
        self,
        together: Mapping[str, Article],
        spans: Mapping[str, Sequence[Span]],
        taken: Mapping[str, Mapping[Span, np.ndarray]],
    ) -> None:
        """Write the passages that a killed build has not left there already."""
        wanted = {passage_key(key, span): (key, span) for key in spans for span in spans[key]}
        there = self.target.vectors(list(wanted))
        missing = {name: place for name, place in wanted.items() if name not in there}
        vectors = {name: taken[key][span] for name, (key, span) in missing.items() if key in taken}
        to_embed = {
            name: embedded_text(Passage(together[key], *span))
            for name, (key, span) in missing.items()
            if name not in vectors
        }
        if to_embed:
            fresh = self.job.embedder.embed_passages(list(to_embed.values()))
            vectors |= dict(zip(to_embed, fresh, strict=True))
            self.embedded += len(to_embed)
        self.target.put_passages(
            [(Passage(together[key], *span), name, vectors[name]) for name, (key, span) in missing.items()]
        )
