"""A SQuAD-format file as an archive: its contexts are the articles, its questions are asked of all of them.

python -m benchmarks.stories FOLDER/newsqa-dev.json.gz

Nothing was fitted on these questions, so this tells what the confidence is worth on a domain that the
calibration has not seen. They were written beside their story ("What did he say?"), which makes some of
them hopeless over a whole archive; how well the confidence knows that is the point.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

import qa
from benchmarks.report import RESULTS, WORK, console, save
from qa.cli.terminal import BuildBar
from qa.evaluate.measure import measure
from qa.evaluate.picture import draw
from qa.evaluate.questions import load_questions, spaced
from qa.evaluate.report import to_dict
from qa.evaluate.squad import load_squad
from qa.evaluate.table import evaluation_of


def main(
    file: Annotated[Path, typer.Argument(help="Questions with contexts: SQuAD format, .json or .json.gz.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Ask at most so many, evenly spaced.")] = None,
) -> None:
    """Build the archive (what is unchanged is taken over), ask, and draw how far the confidence is right."""
    name = file.name.split(".")[0]
    archive = WORK / f"stories-{name}.jsonl"
    write_stories(file, archive)
    with BuildBar() as bar:
        report = qa.build([archive], archive.with_suffix(""), progress=bar.show)
        news = qa.open(archive.with_suffix(""))
        result = measure(news, spaced(load_questions(file), limit), progress=bar.show)
    console.print(f"{report.articles:,} articles, {report.passages:,} passages")
    console.print(evaluation_of(result))
    draw(result.trust, title=f"{name}, asked of all its stories", path=RESULTS / f"stories-{name}.png")
    command = f"python -m benchmarks.stories {file}" + (f" --limit {limit}" if limit else "")
    # The lists of single questions contain the texts of others, so only the picture of the curve is kept.
    kept = {name: value for name, value in to_dict(result).items() if name not in ("slowest", "worst")}
    del kept["trust"]["curve"]
    save(f"stories-{name}", {"command": command, **kept})


def write_stories(file: Path, archive: Path) -> None:
    """Write every context once, as an article a line; without a title, since some files have numbers for it.

    :raises InputError: if the file is not of the format.
    """
    stories = dict.fromkeys(question.context for question in load_squad(file))
    archive.parent.mkdir(parents=True, exist_ok=True)
    with archive.open("w", encoding="utf-8") as stream:
        for text in stories:
            stream.write(json.dumps({"title": "", "text": text}) + "\n")


if __name__ == "__main__":
    typer.run(main)
