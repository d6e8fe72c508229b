"""News QA, Haystack and txtai on the same articles, questions, weights and cores -> table and picture.

python -m benchmarks.peers [FOLDER/news-2022-2023] [--articles 400]
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.peers import material, report
from benchmarks.peers.curve import CURVE_HEAD, DEPTHS, Point, curve_goals, curve_rows
from benchmarks.peers.exchange import Built, Task, read_built, read_replied
from benchmarks.peers.figures import Measured, floors, judged, measured
from benchmarks.peers.floors import OURS, THEIRS
from benchmarks.peers.ours import EARLY
from benchmarks.peers.ours import NAME as NEWS_QA
from benchmarks.peers.picture import draw, draw_curve
from benchmarks.peers.processes import Program, keep_to_two_cores
from benchmarks.peers.stages import CURVE, result_file
from benchmarks.peers.weights import float32_copy
from benchmarks.report import RESULTS, ROOT, WORK, console, save, table
from qa.evaluate.metrics import percentile
from qa.models.weights import prepare
from qa.settings import BUNDLED_EMBEDDER, BUNDLED_READER

STARTS = 3  # cold starts; the median counts
# The systems that each module builds, by name: a module cannot be imported without its packages.
SYSTEMS = {
    "ours": (NEWS_QA,),
    "haystack_pipelines": ("Haystack, in memory", "Haystack, FAISS"),
    "txtai_rag": ("txtai",),
}
# The systems whose curves are measured; of the two Haystacks only the better one, since its reader is slow.
CURVES = {
    NEWS_QA: "ours",
    EARLY: "ours",
    "Haystack, in memory": "haystack_pipelines",
    "txtai": "txtai_rag",
}
DEEPEST = {"txtai": 10}  # it reads 512 tokens of the joined passages: more change nothing


def main(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with the real archive; else the sample archive.")
    ] = None,
    articles: Annotated[int | None, typer.Option(help="So many; by default 400 real ones, or all.")] = None,
    questions: Annotated[int, typer.Option(help="Questions; of the real archive, answerable ones.")] = 120,
    unanswerable: Annotated[int, typer.Option(help="Others, of the real archive.")] = 40,
    starts: Annotated[int, typer.Option(help="Cold starts of each system.")] = STARTS,
    curve: Annotated[bool, typer.Option(help="Ask with 1 to 20 passages read, too.")] = True,
    peers_python: Annotated[Path, typer.Option(help="Has benchmarks/peers/requirements.txt.")] = ROOT
    / ".venv-peers/bin/python",
    floors_python: Annotated[Path, typer.Option(help="Has benchmarks/peers/requirements-floors.txt.")] = ROOT
    / ".venv-floors/bin/python",
) -> None:
    """Measure all in turn, each in processes of its own; nothing else should run meanwhile."""
    for python in (peers_python, floors_python):
        if not python.is_file():
            raise SystemExit(f"there is no {python}; benchmarks/peers.md says how it is made")
    if folder is None:
        given = material.sample(articles, questions)
    else:
        given = material.real(folder, 400 if articles is None else articles, questions, unanswerable)
    task = _lay_out(given)
    cores = keep_to_two_cores()
    console.print(
        f"{given.name}: {len(given.articles):,} articles, {len(given.questions)} questions, "
        f"{sum(bool(golds) for golds in given.golds)} of them answerable; cores {list(cores)}"
    )
    own = Path(sys.executable)
    programs = {
        module: Program(own if module == "ours" else peers_python, f"benchmarks.peers.{module}")
        for module in SYSTEMS
    }
    systems: dict[str, Measured] = {}
    for module, names in SYSTEMS.items():
        for name, built in _build(programs[module], task, module).items():
            if name not in names:
                raise SystemExit(f"benchmarks/peers/{module}.py built {name!r}, not one of {names}")
            systems[name] = _measure(programs[module], task, name, built, given, starts)
    points = _curve(programs, task, given) if curve else []
    rates = _floors(task, {OURS: own, THEIRS: floors_python})
    peers = {name: system for name, system in systems.items() if name != NEWS_QA}
    reached = judged(systems[NEWS_QA], peers) + floors(rates[OURS], rates[THEIRS])
    keep = f"peers-{given.name}"
    title = f"{len(given.articles):,} articles, {len(given.questions)} questions, two cores"
    if points:
        of_ours = [point for point in points if CURVES[point.system] == "ours"]
        reached += curve_goals(of_ours, [point for point in points if point not in of_ours])
        table("By passages read", CURVE_HEAD, curve_rows(points))
        draw_curve(points, title=title, path=RESULTS / f"{keep}-curve.png")
    report.show(systems, reached, rates)
    draw(systems, ours=NEWS_QA, title=title, path=RESULTS / f"{keep}.png")
    figures = {
        "command": "python -m benchmarks.peers",
        "articles": len(given.articles),
        "questions": len(given.questions),
        "systems": {name: asdict(system) for name, system in systems.items()},
        "curve": [asdict(point) for point in points],
        "the libraries alone": rates,
        "goals": [asdict(one) | {"met": one.met} for one in reached],
    }
    console.print(f"kept in {save(keep, figures)}")
    tables = task.folder / "tables.md"
    by_depth = f"{report.markdown(CURVE_HEAD, curve_rows(points))}\n\n" if points else ""
    tables.write_text(by_depth + report.as_markdown(systems, reached, rates), encoding="utf-8")
    console.print(f"tables for a README: {tables}")


def _lay_out(given: material.Material) -> Task:
    """Make an empty folder with what every system gets."""
    folder = WORK / f"peers-{given.name}"
    shutil.rmtree(folder, ignore_errors=True)
    embedder = str(prepare(BUNDLED_EMBEDDER, "embedder").source)
    task = Task(folder, embedder, str(float32_copy(Path(BUNDLED_READER), folder / "reader")))
    task.write(given.articles, given.questions)
    return task


def _build(program: Program, task: Task, module: str) -> dict[str, Built]:
    console.print(f"{module}: building")
    program.run("build", str(task.folder), module, log=task.folder / f"{module}.log")
    return read_built(task.folder / result_file(module, "build"))


def _measure(
    program: Program, task: Task, name: str, built: Built, given: material.Material, starts: int
) -> Measured:
    log = task.folder / f"{name}.log"
    console.print(f"{name}: starting")
    cold = [program.run("first", str(task.folder), name, log=log) for _ in range(starts)]
    console.print(f"{name}: asking")
    program.run("ask", str(task.folder), name, log=log)
    replied = read_replied(task.folder / result_file(name, "ask"))
    return measured(built, replied, given.golds, cold_start=percentile(cold, 0.5))


def _curve(programs: Mapping[str, Program], task: Task, given: material.Material) -> list[Point]:
    """Measure each system with few, then more passages read: in turn, so that a machine's moods hit all."""
    points = []
    for read in DEPTHS:
        for name, module in CURVES.items():
            if read > DEEPEST.get(name, read):
                continue
            console.print(f"{name}: reading {read}")
            programs[module].run(CURVE, str(task.folder), name, str(read), log=task.folder / f"{name}.log")
            replied = read_replied(task.folder / result_file(name, CURVE, read))
            points.append(Point.of(name, read, replied, given.golds))
    return points


def _floors(task: Task, pythons: Mapping[str, Path]) -> dict[str, dict[str, float]]:
    """Return the rates of each side."""
    rates = {}
    for side, python in pythons.items():
        console.print(f"the libraries alone: {side}")
        log = task.folder / f"floors-{side}.log"
        Program(python, "benchmarks.peers.floors").run(side, str(task.folder), log=log)
        rates[side] = json.loads((task.folder / f"floors-{side}.json").read_text(encoding="utf-8"))
    return rates


if __name__ == "__main__":
    typer.run(main)
