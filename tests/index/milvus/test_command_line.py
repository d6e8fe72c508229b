"""Milvus on the command line: the same commands, and one line with the cure for every mistake."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles of the sample archive in Milvus Lite, with the bundled embedder."""
    file = tmp_path_factory.mktemp("sample") / "sample.db"
    articles = sorted((ROOT / "articles" / "scraped").iterdir())[-2:]
    in_a_process("build", *articles, "--index", file)
    return file


def in_a_process(*arguments: object) -> str:
    """Milvus Lite lets one process at a time open a file, and closes it when the process ends."""
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_command_works_on_a_milvus_lite_file(type_in, sample_file: Path):
    at = ("--index", sample_file, "--json")
    code, out, err = type_in("ask", "Where did Kim Jong Un meet Putin?", "--threshold", "0", *at)
    first = json.loads(out)["answers"][0]["article"]
    assert (code, err, first["title"][:20]) == (0, "", "Kim Jong Un meets Pu")
    code, out, _ = type_in("search", "Who was crowned?", "-k", "1", *at)
    (hit,) = json.loads(out)["passages"]
    assert (code, "Charles" in hit["article"]["title"]) == (0, True)
    code, out, _ = type_in("show", *at)
    facts = json.loads(out)
    assert (code, facts["articles"], facts["index"]) == (0, 2, str(sample_file))
    code, out, _ = type_in("check", "--index", sample_file)
    assert (code, out) == (0, f"{sample_file}: whole (2 articles, {facts['passages']:,} passages)\n")
    code, out, _ = type_in("build", min((ROOT / "articles" / "scraped").iterdir()), "--add", *at)
    report = json.loads(out)
    assert (code, report["articles"], report["added"]) == (0, 3, 1)
    assert report["embedded"] == report["passages"] - facts["passages"]


@pytest.mark.parametrize("shard", ["17/16", "x"])
def test_impossible_shard_is_refused_before_anything_is_made(type_in, tmp_path: Path, shard: str):
    file = tmp_path / "news.db"
    code, out, err = type_in("build", ROOT / "articles", "--index", file, "--shard", shard)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"qa: --shard '{shard}' is not ")
    assert err.endswith("Write --shard 3/16 for the third of sixteen parts.\n")
    assert not file.exists()


@pytest.mark.parametrize("command", ["show", "check", "search", "ask", "build"])
def test_malformed_address_is_reported_by_every_command(type_in, command: str):
    asked = {"search": ["Who?"], "ask": ["Who?"], "build": [ROOT / "articles"]}.get(command, [])
    code, out, err = type_in(command, *asked, "--index", "milvus://host:19530")
    assert (code, out) == (2, "")
    assert err.startswith("qa: milvus://host:19530: '' cannot be the name of an index: letters, digits and _")
    assert err.count("\n") == 1


@pytest.mark.parametrize("package", ["pymilvus", "tenacity"])
@pytest.mark.parametrize("command", [["show"], ["build", str(ROOT / "articles")]], ids=["show", "build"])
def test_missing_package_is_reported_with_the_command_that_installs_it(
    tmp_path: Path, package: str, command: list[str]
):
    file = tmp_path / "news.db"
    file.mkdir()
    program = f"import sys; sys.modules[{package!r}] = None; from qa.__main__ import main; main()"
    call = [sys.executable, "-c", program, *command, "--index", str(file)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"qa: {file}: an index in Milvus needs the package {package}, which is not installed. "
        "Run: pip install -r requirements-milvus.txt\n"
    )


def test_file_that_another_process_has_open_is_reported_with_the_cure(build_lite, news, lite: Path):
    build_lite(news)
    call = [sys.executable, "-m", "qa", "show", "--index", str(lite)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"qa: {lite}: cannot be opened; another program may have it open. End that program, or let all "
        f"use one server: milvus-lite server --data-dir {lite} --port 19530, then --index "
        "milvus://localhost/news\n"
    )


def test_packages_are_pinned_alike_for_use_and_for_tests():
    use, tests = ((ROOT / f"requirements-{name}.txt").read_text().splitlines() for name in ("milvus", "test"))
    pins = [line for line in use if "==" in line]
    assert [line for line in tests if line in pins] == pins
