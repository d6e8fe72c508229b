"""A checkout of the article-extraction benchmark -> how well articles are taken out of pages.

git clone https://github.com/scrapinghub/article-extraction-benchmark FOLDER
python -m benchmarks.html FOLDER

Token F1 is the mean over the pages; the benchmark's own evaluate.py counts runs of four tokens and tells
its interval.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

import qa
from qa.errors import InputError
from qa.ingest.articles import read_articles
from qa.ingest.sources import Source
from qa.records import Article

_WORST_SHOWN = 12


def main(
    folder: Annotated[Path, typer.Argument(help="A checkout of the benchmark.")],
    worst: Annotated[int, typer.Option(help="How many of the worst pages to name.")] = _WORST_SHOWN,
) -> None:
    """Extract all pages, and compare with what people took to be the article."""
    truth_file = folder / "ground-truth.json"
    if not truth_file.is_file():
        raise InputError("There is no ground-truth.json.", where=str(folder), cure="Name a checkout.")
    truth = {name: page["articleBody"] for name, page in json.loads(truth_file.read_text("utf-8")).items()}
    started = time.monotonic()
    pages = {name: (folder / "html" / f"{name}.html.gz").read_bytes() for name in truth}
    found = {name: body_of(gzip.decompress(page)) for name, page in pages.items()}
    seconds = time.monotonic() - started
    scores = {name: token_f1(found[name], truth[name]) for name in truth}
    speed = f"{seconds / len(scores) * 1000:.0f} ms a page"
    print(f"pages {len(scores)}, token F1 {fmean(scores.values()):.4f}, {speed}")
    for name in sorted(scores, key=lambda name: scores[name])[:worst]:
        missed, added = _differing(found[name], truth[name])
        print(f"  {scores[name]:.3f} {name[:12]} words missed {missed}, added {added}")
    with tempfile.TemporaryDirectory() as apart:  # so that the checkout is not changed
        for name in ("evaluate.py", "ground-truth.json"):
            shutil.copy(folder / name, apart)
        output = Path(apart, "output", "news-qa.json")
        output.parent.mkdir()
        bodies = {name: {"articleBody": body} for name, body in found.items()}
        output.write_text(json.dumps({"version": qa.__version__, "output": bodies}), "utf-8")
        asked = [sys.executable, "evaluate.py"]
        print(subprocess.run(asked, cwd=apart, capture_output=True, text=True, check=True).stdout)


def body_of(page: bytes) -> str:
    """Return the text of a page's article, as a build would keep it; "" if there is none."""
    source = Source("page.html", ".html", datetime.now(UTC), lambda: io.BytesIO(page))
    return next((item.text for item in read_articles([source]) if isinstance(item, Article)), "")


def token_f1(found: str, true: str) -> float:
    """Return the harmonic mean of precision and recall over words, each as often as it stands; 0 to 1."""
    one, two = _words(found), _words(true)
    shared = (one & two).total()
    return 2 * shared / (one.total() + two.total()) if one or two else 1.0


def _differing(found: str, true: str) -> tuple[int, int]:
    one, two = _words(found), _words(true)
    return (two - one).total(), (one - two).total()


def _words(text: str) -> Counter[str]:

    return Counter(re.findall(r"\w+", text))


if __name__ == "__main__":
    typer.run(main)
