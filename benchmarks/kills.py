"""Builds, additions and deletions that are killed, in a folder and in Milvus Lite -> what is there after it.

What :mod:`benchmarks.faults` runs first. What was asked for is done or not done, as a whole or, where an
addition changes an index in place, article by article; nothing else is ever seen, nothing is lost, and the
same command, run again, goes on to its end.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import string
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.damage import Outcome
from benchmarks.injection import Nursery, Seen, build, seen_in, write_edition
from benchmarks.lite_deaths import at_each_file
from benchmarks.report import tracked
from qa.errors import ArchiveError

Look = Callable[[Path, bool], Seen]  # arguments: the index, and whether it must pass the check
LITE = ("pymilvus", "milvus_lite.server_manager", "qa.index.milvus.backend", "qa.index.milvus.engine")
WORKS = ("build", "add", "forget")


def builds(index: Path, editions: list[Path], kills: int, nursery: Nursery, look: Look) -> Outcome:
    """Kill whole builds of two editions in turn: the index is one of the two, whole."""
    chance = random.Random(1)
    expected, usual = [], 0.0
    for edition in editions:
        began = time.monotonic()
        nursery.run("build", edition, index)
        usual = time.monotonic() - began  # of the last build; the first one also loads the models
        expected.append(look(index, True))
    now, killed, swapped, wrong = expected[1], 0, 0, 0
    for _ in tracked(range(kills), "killing builds"):
        following = editions[0 if now == expected[1] else 1]
        died = nursery.killed(chance.uniform(0, usual), "build", following, index)
        found = look(index, True)
        wrong += found not in expected
        killed += died
        swapped += died and found != now
        now = found
    note = f"{killed} in the middle, {swapped} of them after the swap"
    return Outcome("builds killed", kills, note, wrong)


def additions(index: Path, folder: Path, kills: int, nursery: Nursery, look: Look) -> Outcome:
    """Kill additions: each article is as before or as it came in; run again and again, all come in."""
    chance = random.Random(2)
    more = folder / "more.jsonl"
    nursery.run("build", write_edition(folder / "first.jsonl", 1, 8), index)
    coming = _additional(more, 0)
    began = time.monotonic()
    nursery.run("add", more, index)
    usual = time.monotonic() - began
    now = look(index, True).articles
    killed, wrong, wanted = 0, 0, now
    for turn in tracked(range(kills), "killing additions"):
        if now == wanted:
            coming = _additional(more, turn + 1)
            wanted = {**now, **coming}
        killed += nursery.killed(chance.uniform(0, usual), "add", more, index)
        found = look(index, False).articles
        right = all(found[one] in (now.get(one), wanted.get(one)) for one in found)
        wrong += not right or bool(now.keys() - found.keys())
        now = found
    nursery.run("add", more, index)
    wrong += look(index, True).articles != wanted
    note = f"{killed} in the middle, {len(wanted)} articles at the end"
    return Outcome("additions killed", kills, note, wrong)


def shards(index: Path, folder: Path, kills: int, nursery: Nursery, look: Look) -> Outcome:
    """Kill shards of two editions in turn: each article is of one of the two, and none is lost."""
    chance = random.Random(5)
    editions = [write_edition(folder / f"shards-{n}.jsonl", n, 24) for n in (1, 2)]
    nursery.run("build", editions[0], index)
    whole = []
    for edition in editions:
        began = time.monotonic()
        nursery.run("shard", edition, index)
        usual = time.monotonic() - began
        whole.append(look(index, True).articles)
    now, going, killed, wrong = whole[1], 0, 0, 0
    for _ in tracked(range(kills), "killing shards"):
        if now == whole[going]:
            going = 1 - going
        killed += nursery.killed(chance.uniform(0, usual), "shard", editions[going], index)
        found = look(index, False).articles
        right = all(found.get(one) in (now[one], whole[going][one]) for one in whole[going])
        wrong += not right or found.keys() != now.keys()
        now = found
    nursery.run("shard", editions[going], index)
    wrong += look(index, True).articles != whole[going]
    return Outcome("shards killed", kills, f"{killed} in the middle", wrong)


def _additional(path: Path, turn: int) -> dict[str, tuple[str, str]]:
    """Return two new articles and another one under an id that is known."""
    chance = random.Random(turn)

    def text() -> str:  # random words, so that no article is a version or a near-duplicate of another
        return (
            " ".join("".join(chance.choices(string.ascii_lowercase, k=7)) for _ in range(20)).capitalize()
            + "."
        )

    made = {one: (f"Day {turn}", text()) for one in (f"{turn}-0", f"{turn}-1", "0")}
    lines = [{"id": one, "title": title, "text": text} for one, (title, text) in made.items()]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return made


def deletions(index: Path, folder: Path, kills: int, nursery: Nursery, look: Look) -> Outcome:
    """Kill deletions: the article is there or gone, all others stay, and what is gone never comes back."""
    chance = random.Random(3)
    edition = write_edition(folder / "many.jsonl", 1, 12)
    killed = wrong = unreadable = 0
    now: dict[str, tuple[str, str]] = {}
    usual = 0.0
    for turn in tracked(range(kills), "killing deletions"):
        if len(now) < 3:
            index = index.with_stem(f"{index.stem}-{turn}")  # an index never takes a forgotten article again
            nursery.run("build", edition, index)
            began = time.monotonic()
            nursery.run("forget", index, "11")
            usual = time.monotonic() - began
            now = look(index, True).articles
            wrong += len(now) != 11
        going = min(now)
        left = {one: what for one, what in now.items() if one != going}
        killed += nursery.killed(chance.uniform(0, usual), "forget", index, going)
        try:
            found = look(index, True).articles
        except (RuntimeError, ArchiveError):
            unreadable, now = unreadable + 1, {}  # go on with another index
        else:
            wrong += found not in (now, left)
            now = found
    note = f"{killed} in the middle" + (f", {unreadable} could not be read any more" if unreadable else "")
    return Outcome("deletions killed", kills, note, wrong + unreadable)


def after_the_swap(folder: Path, kills: int, nursery: Nursery) -> Outcome:
    """Die at things that are done with files once a manifest is swapped: what was asked for stays done.

    Of builds, additions and deletions in turn; the next build clears away what was left behind.
    """
    index, log = folder / "mended", folder / "mended.log"
    first, second = (write_edition(folder / f"mended-{n}.jsonl", n, 12) for n in (1, 2))
    chance = random.Random(4)
    died = wrong = 0
    steps: dict[str, int] = {}
    for turn in tracked(range(kills), "killing after the swap"):
        work = WORKS[turn % len(WORKS)]
        arguments = (index, "3") if work == "forget" else (second, index)
        if work not in steps:  # run once to the end, to count the steps
            _fresh(first, index)
            nursery.run("die", 0, log, work, *arguments)
            steps[work] = int(log.read_text())
        _fresh(first, index)
        child = nursery.start("die", chance.randrange(1, steps[work] + 1), log, work, *arguments)
        died += nursery.wait(child) == -signal.SIGKILL
        texts = " ".join(text for _, text in seen_in(index, True).articles.values())
        done = "Article 3 of" not in texts if work == "forget" else "edition 2" in texts
        build(second, index)
        generations = len(list(index.glob("generation-*")))
        wrong += not done or generations != 1
    note = f"{died} died, of {sum(steps.values())} steps"
    return Outcome("kills after the swap of generations", kills, note, wrong)


def _fresh(edition: Path, index: Path) -> None:
    shutil.rmtree(index, ignore_errors=True)
    build(edition, index)


def in_lite(nursery: Nursery, log: Path) -> Look:
    """Look at files of Milvus Lite, each time in another process: one has such a file open at a time."""

    def look(index: Path, must_be_whole: bool) -> Seen:
        nursery.run("look", index, int(must_be_whole), log)
        articles, found = json.loads(log.read_bytes())
        return Seen({one: (title, text) for one, title, text in articles}, tuple(found))

    return look


def milvus_lite(folder: Path, editions: list[Path], kills: int, *, every: int = 1) -> list[Outcome]:
    """Do the same over a file of Milvus Lite, and shards, which change it in place.

    Then a death at every n-th thing that is done with a file.
    """
    with Nursery(LITE) as nursery:
        look = in_lite(nursery, folder / "lite.log")
        fifth = kills // 5  # deletions get two fifths: they rewrite everything and drop the old state
        rows = [
            builds(folder / "builds.db", editions, kills - 4 * fifth, nursery, look),
            additions(folder / "additions.db", folder, fifth, nursery, look),
            shards(folder / "shards.db", folder, fifth, nursery, look),
            deletions(folder / "deletions.db", folder, 2 * fifth, nursery, look),
        ]
        each = at_each_file(folder, ("build", "shard", "forget"), nursery, look, every=every)
    return [*(Outcome(f"Milvus Lite: {row.attack}", row.tried, row.note, row.wrong) for row in rows), each]
