"""Generated inputs in large numbers -> whether any reader of small files or addresses ever fails unforeseen.

python -m benchmarks.fuzz [--minutes 20] [--seed 1]

Each form has a grammar that mostly keeps its rules and breaks them here and there. An input is made from a
seed alone; the seeds of those that failed are printed, and each input is cut down and saved. Forms that are
taken in a fraction of a millisecond get more inputs than those that take several. Runs of other seeds are
summed in ``results/fuzz.json``.
"""

from __future__ import annotations

import json
import math
import random
import resource
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks import documents
from benchmarks.report import RESULTS, console, save
from qa.errors import QAError
from qa.index.forgotten import FILE, read_forgotten
from qa.index.local.generation import MANIFEST, read_manifest
from qa.index.local.ownership import MARKER, own_generations
from qa.ingest.addresses import is_public
from qa.ingest.apart import end_all
from qa.ingest.articles import read_articles
from qa.ingest.streams import Unreadable
from qa.ingest.unpacking import unpacked
from qa.read.calibration import FILE as CALIBRATION
from qa.read.calibration import Calibration
from qa.records import Article
from qa.reports import Note, Skipped
from qa.small_json import BrokenJson, parse
from qa.text.display import HIDDEN, safe_href, visible

LONGEST = 5.0  # seconds that one input may take
QUICK = 40  # inputs of a quick form for each input of a slow form, so that both get about the same time
MOST_MEMORY = 600  # MB, for this process and each one that it starts
_NAMES = (
    "sha256", "manifest", "generation", "format", "built", "files", "skipped", "bytes", "articles", "id",
    "content",
    "address", "generations", "bias", "margin", "lead", "depth", "doubt", "threshold", "x",
    "ranking_agreement", "ranking_depth",
)  # fmt: skip
_ODD = (
    "NaN",
    "-Infinity",
    "1e999",
    "9" * 5000,
    "-0",
    "1E400",
    "true",
    "null",
    '"\\ud800"',
    '""',
    "[]",
    "{}",
    "0.5",
    "3",
)


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of input: the function that makes one, and the code that must take it without a crash."""

    make: Callable[[random.Random], bytes]
    take: Callable[[bytes, Path], object]
    often: int = 1  # how many inputs of this form a round has


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that did what none may."""

    form: str
    seed: str
    what: str
    content: bytes


def attack(
    forms: dict[str, Form], *, seed: int, seconds: float = math.inf, each: float = math.inf
) -> tuple[Counter[str], list[Failure]]:
    """Make and take inputs of each form in turn: counts by form, and the failures.

    It ends when the time is over, or when there were so many of each form.
    """
    counted: Counter[str] = Counter()
    failures: list[Failure] = []
    until = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as scratch:
        while time.monotonic() < until and min(counted[name] for name in forms) < each:
            for name, form in forms.items():
                for number in range(counted[name], int(min(counted[name] + form.often, each))):
                    counted[name] += 1
                    own = f"{name}-{seed}-{number}"
                    failures += _failure(form, name, own, Path(scratch))
    return counted, failures


def _failure(form: Form, name: str, seed: str, scratch: Path) -> Iterator[Failure]:
    content = form.make(random.Random(seed))
    what = fault_of(form, content, scratch)
    if what is not None:
        smallest = smaller(content, lambda cut: fault_of(form, cut, scratch))
        yield Failure(name, seed, what, smallest)


def fault_of(form: Form, content: bytes, scratch: Path) -> str | None:
    """Return what went wrong that nobody foresaw; None if the input was taken, or refused in words."""
    for _ in range(2):  # a slow input gets a second try, as another program may have slowed it
        began = time.monotonic()
        try:
            form.take(content, scratch)
        except (QAError, BrokenJson, Unreadable):
            pass
        except Exception as fault:
            return f"{type(fault).__name__}: {fault}"[:200]
        took = time.monotonic() - began
        if took <= LONGEST:
            return None
    return f"took {took:.1f} s"


def smaller(content: bytes, fault: Callable[[bytes], str | None]) -> bytes:
    """Return the input without all that its fault does not need, as far as halving pieces finds out."""
    size = len(content) // 2
    while size:
        first = 0
        while first < len(content):
            cut = content[:first] + content[first + size :]
            if fault(cut) is None:
                first += size
            else:
                content = cut
        size //= 2
    return content


def _value(chance: random.Random, depth: int = 0) -> str:
    kind = chance.random()
    if kind < 0.02:
        return "[" * chance.choice((1, 31, 33, 20_000))
    if depth > 4 or kind < 0.5:
        return chance.choice((*_ODD, str(chance.randrange(-5, 10**6)), json.dumps(_text(chance))))
    many = range(chance.randrange(4))
    if kind < 0.7:
        return f"[{', '.join(_value(chance, depth + 1) for _ in many)}]"
    return (
        f"{{{', '.join(f'{json.dumps(chance.choice(_NAMES))}: {_value(chance, depth + 1)}' for _ in many)}}}"
    )


def _text(chance: random.Random) -> str:
    signs = (
        "a",
        "é",
        "\u202e",
        "\x1b",
        "\x00",
        "\ud800",
        "=",
        ";",
        "\u2028",
        "../",
        "<",
        "&#5",
        "😀",
        "generation-",
    )
    return "".join(chance.choice(signs) for _ in range(chance.randrange(12)))


def _json(chance: random.Random) -> bytes:
    names = chance.sample(_NAMES, chance.randrange(1, len(_NAMES)))
    text = f"{{{', '.join(f'{json.dumps(name)}: {_value(chance)}' for name in names)}}}"
    return _broken(text.encode("utf-8", "surrogatepass"), chance)


def _broken(content: bytes, chance: random.Random) -> bytes:
    """Return the bytes mostly as they are; else with some bits flipped, or cut off."""
    raw = bytearray(content)
    if raw and chance.random() < 0.3:
        for _ in range(chance.randrange(1, 5)):
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw[: chance.randrange(len(raw) + 1)] if chance.random() < 0.1 else raw)


def _packed(chance: random.Random) -> bytes:
    body = bytes(chance.randrange(256) for _ in range(chance.randrange(200))) * chance.choice((1, 1, 500))
    packer = zlib.compressobj(wbits=chance.choice((15, -15, 31)))
    return _broken((packer.compress(body) + packer.flush()) * chance.choice((1, 1, 2)), chance)


def _address(chance: random.Random) -> bytes:
    parts = (
        "http://",
        "127.0.0.1",
        "::",
        "1",
        "ffff",
        "[",
        "]",
        ":",
        "%",
        "@",
        "javascript:",
        "0x7f",
        ".",
        "é",
        " ",
    )
    return "".join(chance.choice(parts) for _ in range(chance.randrange(1, 9))).encode()


def _put(path: Path, content: bytes) -> Path:
    # Write a new file: some file systems flush a file to the disk when it is truncated and written again.
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    return path


def _in_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes, Path], object]:
    def take(content: bytes, scratch: Path) -> object:
        _put(scratch / name, content)
        return read(scratch)

    return take


def _unpack(content: bytes, _: Path) -> None:
    for encoding in ("gzip", "deflate"):
        sizes = [len(piece) for piece in unpacked([content[:7], content[7:]], [encoding])]
        assert max(sizes, default=0) <= 1 << 16


def _show(content: bytes, _: Path) -> None:
    text = content.decode("utf-8", "surrogatepass") if content.isascii() else content.decode("latin-1")
    assert not {ord(sign) for sign in visible(text)} & set(HIDDEN)
    safe_href(text)


def _ask_address(content: bytes, _: Path) -> None:
    try:
        is_public(content.decode())
    except ValueError:
        return  # not an address, so there is nothing to fetch


def _read_from(name: str) -> Callable[[bytes, Path], object]:
    """Read an input as people's files are read, all of it."""

    def take(content: bytes, scratch: Path) -> None:
        path = _put(scratch / name, content)
        for found in read_articles([path]):
            assert isinstance(found, (Article, Skipped, Note))

    return take


FORMS = {
    "json": Form(_json, lambda content, _: parse(content), QUICK),
    "manifest": Form(_json, _in_file(MANIFEST, read_manifest), QUICK),
    "marker": Form(_json, _in_file(MARKER, own_generations), QUICK),
    "forgotten": Form(_json, _in_file(FILE, read_forgotten), QUICK),
    "calibration": Form(_json, _in_file(CALIBRATION, Calibration.load), QUICK),
    "packed": Form(_packed, _unpack, QUICK),
    "shown": Form(_address, _show, QUICK),
    "address": Form(_address, _ask_address, QUICK),
    **{name: Form(make, _read_from(file)) for name, (file, make) in documents.FORMS.items()},
}


def _saved(failures: list[Failure], folder: Path) -> Iterator[str]:
    for failure in failures:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{failure.seed}.input"
        path.write_bytes(failure.content)
        yield f"{failure.seed}: {failure.what} ({path})"


@dataclass(frozen=True, slots=True)
class Run:
    """What became of the inputs of one seed."""

    seed: int
    minutes: float
    inputs: int
    binary: int  # how many of the inputs were binary files
    failures: int
    megabytes: int  # the highest use of this process or of one that it started
    forms: dict[str, int]  # form -> number of inputs
    processor_seconds: float = 0.0  # of all processes together; 0 in files from before this was counted


def kept_runs(path: Path, run: Run) -> list[Run]:
    """Return the runs that a file of figures has, with this one; of two of one seed the longer one."""
    kept: list[Any] = json.loads(path.read_bytes())["runs"] if path.exists() else []
    by_seed = {one.seed: one for one in (Run(**facts) for facts in kept)}
    by_seed[run.seed] = max(run, by_seed.get(run.seed, run), key=lambda one: one.inputs)
    return [by_seed[seed] for seed in sorted(by_seed)]


def main(
    minutes: Annotated[float, typer.Option(min=0.01, help="How long.")] = 20,
    seed: Annotated[int, typer.Option(help="Another one makes other inputs.")] = 1,
    folder: Annotated[Path, typer.Option(help="Where inputs that failed are saved.")] = Path("fuzz-failures"),
) -> None:
    """Attack every form in turn; exit code 1 if anything failed."""
    counted, failures = attack(FORMS, seed=seed, seconds=60 * minutes)
    end_all()  # the system reports the memory of a child process only after it has ended
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    peak = max(one.ru_maxrss for one in used)
    processor = round(sum(one.ru_utime + one.ru_stime for one in used), 1)
    for name, many in counted.items():
        console.print(f"{name:<20}{many:>12,}")
    for line in _saved(failures, folder):
        console.print(line, markup=False)
    binary = sum(counted[name] for name in documents.BINARY)
    # The system reports memory in KB.
    run = Run(seed, minutes, counted.total(), binary, len(failures), peak >> 10, dict(counted), processor)
    runs = kept_runs(RESULTS / "fuzz.json", run)
    sums = {name: sum(getattr(one, name) for one in runs) for name in ("inputs", "binary", "failures")}
    console.print(
        f"{run.inputs:,} inputs of seed {seed}, {binary:,} of them binary forms; {run.failures} failures, "
        f"{run.megabytes:,} MB at most, {processor:,} s of processor time"
    )
    console.print(
        f"{sums['inputs']:,} of {len(runs)} seeds, {sums['binary']:,} of them binary forms; "
        f"{sums['failures']} failures"
    )
    save("fuzz", {"command": "python -m benchmarks.fuzz", **sums, "runs": list(map(asdict, runs))})
    raise typer.Exit(1 if failures or run.megabytes > MOST_MEMORY else 0)


if __name__ == "__main__":
    typer.run(main)
