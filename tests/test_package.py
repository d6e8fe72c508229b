"""The built wheel: what it holds, what it needs, and that it answers where no clone is near."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MOST = 50_000_000  # bytes of a wheel, weights and all
# Each requirements file, and the groups of pyproject.toml that it pins.
PINNED = {"requirements.txt": "", "requirements-benchmarks.txt": "bench"} | {
    path.name: path.stem.removeprefix("requirements-")
    for path in sorted(ROOT.glob("requirements-*.txt"))
    if path.name not in ("requirements-benchmarks.txt", "requirements-ask.txt")
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory) -> dict[str, str]:
    """Return the environment of a process that finds the wheel's modules, and none of the clone's."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    return kept | {
        "PYTHONPATH": str(folder),
        "PYTHONSAFEPATH": "1",
        "XDG_DATA_HOME": str(tmp_path_factory.mktemp("data")),
    }


def run(environment: dict[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run python in a folder that must stay as empty as it is."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert list(folder.iterdir()) == []
    return done


def test_wheel_answers_from_an_empty_folder_and_keeps_its_index_in_the_data_folder(
    installed: dict[str, str], tmp_path: Path
):
    built = run(installed, tmp_path, "-m", "qa", "build", "--sample", "--json")
    assert built.returncode == 0, built.stderr
    index = Path(installed["XDG_DATA_HOME"], "news-qa", "indexes", "news")
    assert (index / "manifest.json").is_file()
    asked = run(installed, tmp_path, "-m", "qa", "ask", "Which canal did the Ever Given block?", "--json")
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["answers"][0]["text"] == "Suez Canal"


def test_wheel_opens_its_page_with_its_own_configuration(installed: dict[str, str], tmp_path: Path):
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qa", "page", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=installed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        address = f"http://localhost:{port}"
        for _ in range(240):
            try:
                assert httpx.get(f"{address}/_stcore/health").text == "ok"
                break
            except httpx.TransportError:
                assert process.poll() is None, process.communicate()[0]
                time.sleep(0.25)
        else:
            pytest.fail("the page did not come up in a minute")
        with socket.socket() as outside, pytest.raises(OSError):
            # Only the bundled configuration keeps it to this machine.
            outside.connect(("127.0.0.2", port))
    finally:
        process.terminate()
        process.wait(30)


def test_wheel_names_its_own_command_and_libraries_in_what_it_advises(
    installed: dict[str, str], tmp_path: Path
):
    done = run(installed, tmp_path, "-m", "qa", "build")
    assert (done.returncode, done.stderr) == (
        2,
        "qa: no articles are named. Name files, folders or feeds, or try it: newsqa build --sample\n",
    )
    program = "from qa.shipped import install_command as c; print(c('milvus')); print(c())"
    milvus, base = run(installed, tmp_path, "-c", program).stdout.splitlines()
    assert milvus == "pip install 'milvus-lite<4,>=3.2' 'pymilvus<4,>=3.0' 'tenacity<10,>=9.2'"
    assert base.startswith("pip install 'bm25s<0.4,>=0.3.16' ") and "milvus" not in base


def test_wheel_holds_what_ships_and_nothing_else(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"qa", f"news_qa-{version()}.dist-info"}
    for folder in ("articles", "models"):
        bundled = {name.removeprefix("qa/bundled/") for name in names if f"bundled/{folder}/" in name}
        tracked = subprocess.run(["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True).stdout
        assert bundled == set(tracked.splitlines())
    assert wheel.stat().st_size < MOST


def test_command_prints_the_version(installed: dict[str, str], tmp_path: Path):
    assert run(installed, tmp_path, "-m", "qa", "--version").stdout == f"newsqa {version()}\n"
    assert PROJECT["scripts"] == {"newsqa": "qa.cli.app:main"}


def version() -> str:
    import qa

    return qa.__version__


def pins(path: Path) -> dict[str, str]:
    """Package, in lower case -> pinned version; on which system it is wanted is left out."""
    lines = (re.split("[#;]", line)[0].strip() for line in path.read_text().splitlines())
    return {name.lower(): pin for name, _, pin in (line.partition("==") for line in lines if line)}


def ranges(extra: str) -> dict[str, Requirement]:
    lines = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    found = {}
    for wanted in map(Requirement, lines):
        if wanted.name == PROJECT["name"]:  # an extra that includes another
            for other in wanted.extras:
                found |= ranges(other)
        else:
            found[wanted.name.lower()] = wanted
    return found


@pytest.mark.parametrize("file", PINNED)
def test_pinned_versions_lie_in_the_ranges_of_the_package_and_no_library_is_in_one_alone(file: str):
    pinned, wanted = pins(ROOT / file), ranges(PINNED[file])
    assert pinned.keys() == wanted.keys()
    assert {name: pin for name, pin in pinned.items() if not wanted[name].specifier.contains(pin)} == {}


def test_every_range_ends_before_a_version_that_may_break():
    for wanted in (
        one for extra in ["", *PROJECT["optional-dependencies"]] for one in ranges(extra).values()
    ):
        assert {one.operator for one in wanted.specifier} in ({">=", "<"}, {"=="}), wanted


def test_smallest_environment_pins_what_the_whole_one_pins_and_has_no_torch():
    def pins(name: str) -> set[str]:
        return {line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")}

    assert pins("requirements-ask.txt") < pins("requirements.txt")
    assert not any(
        line.startswith(("torch", "transformers", "sentence-")) for line in pins("requirements-ask.txt")
    )
