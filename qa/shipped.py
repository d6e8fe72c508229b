"""Where what ships with the code lies, and where archives go by default: in a clone, and once installed.

A wheel holds the reader, the sample articles and the page's script in ``qa/bundled/``, each under the same
path as in a clone.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

_BUNDLED = Path(__file__).resolve().parent / "bundled"
INSTALLED = _BUNDLED.is_dir()  # as a wheel; an editable install works from its clone
_ROOT = _BUNDLED if INSTALLED else _BUNDLED.parents[1]

READER = _ROOT / "models" / "reader"
SAMPLE = _ROOT / "articles"
PAGE = _ROOT / "app.py"
COMMAND = "newsqa" if INSTALLED else "python -m qa"  # as a cure names it

_PROJECT = "news-qa"
_FILES = {"": "requirements.txt", "bench": "requirements-benchmarks.txt"}


def default_index() -> str:
    """Return the index that is meant where none is named.

    In a clone that is ``indexes/news`` of the folder that people work in. An installed package may be
    started anywhere, so that its archives are in the user's data folder.
    """
    if not INSTALLED:
        return "indexes/news"
    import platformdirs

    return str(Path(platformdirs.user_data_dir(_PROJECT)) / "indexes" / "news")


def build_command(index: object) -> str:
    """Return the cure where there is no index: the commands that build one."""
    at = f"--index {shlex.quote(str(index))}"
    return f"Build it: {COMMAND} build YOUR_ARTICLES {at}, or try the sample: {COMMAND} build --sample {at}"


def build_from_command(articles: Path) -> str:
    """Return the cure where articles are named as an index: a command that builds one elsewhere."""
    near = Path(default_index()).with_name(articles.stem)
    if near.exists() or near.is_symlink():  # an archive that is there already, or the articles themselves
        near = near.with_name(f"{near.name}-index")
    return (
        "An index has a folder of its own. "
        f"Build one: {COMMAND} build {shlex.quote(str(articles))} --index {shlex.quote(str(near))}"
    )


def install_command(extra: str = "") -> str:
    """Return the command that installs the libraries of an extra (milvus, bench, ...), or of the base.

    An installed package reads them from its own metadata, since there is no requirements file beside it.
    """
    if not INSTALLED:
        return f"pip install -r {_FILES.get(extra, f'requirements-{extra}.txt')}"
    import importlib.metadata  # it loads the library of mails, and every command loads this module

    wanted = []
    for requirement in importlib.metadata.requires(_PROJECT) or []:
        library, _, condition = requirement.partition(";")
        named = re.search(r"extra == ['\"](.+?)['\"]", condition)
        if (named[1] if named else "") == extra:
            wanted.append(shlex.quote(library.strip()))
    return f"pip install {' '.join(wanted)}"
