"""The samples of docs/formats.md are read, and give what stands below them."""

import re
from pathlib import Path

import pytest

from qa.ingest.articles import read_articles
from qa.reports import Skipped

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
SAMPLES = [
    (name, sample, [line[2:] for line in told.strip().split("\n")])
    for name, sample, told in re.findall(r"```\w+ (\S+)\n(.*?\n)```\n\n((?:- [^\n]*\n?)+)", PAGE, re.DOTALL)
]


def test_every_section_has_a_sample():
    sections = PAGE.split("## Samples")[1].count("\n### ")
    assert len({name for name, _, _ in SAMPLES}) == len(SAMPLES) == sections + 1  # JSON has two


@pytest.mark.parametrize(("name", "sample", "told"), SAMPLES, ids=[name for name, _, _ in SAMPLES])
def test_sample_gives_what_is_written_below_it(tmp_path, name, sample, told):
    if name.endswith(".warc"):
        head, _, page = sample.partition("\n\n")
        length = len(page.encode().replace(b"\n", b"\r\n"))
        sample = re.sub(r"Content-Length: \d+", f"Content-Length: {length}", f"{head}\n\n{page}\n\n")
        sample = sample.replace("\n", "\r\n")
    (tmp_path / name).write_bytes(sample.encode())
    said = []
    for one in read_articles([tmp_path / name]):
        if isinstance(one, Skipped):
            said.append(f"left out: {one.why}")
            continue
        day = f"{one.published:%Y-%m-%d}" if one.published else ""
        parts = [one.title, day, one.source, ", ".join(one.authors), ", ".join(one.tags)]
        said.append(re.sub(r" +", " ", " · ".join(parts)).strip())
    assert said == told
