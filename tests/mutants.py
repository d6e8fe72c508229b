"""A module and its tests -> the faults that mutmut would put into it, and which of them no test sees.

    python -m tests.mutants qa/read/spans.py [--sample 40] [--seed 0] [--show]

The faults ("mutants") are those of mutmut 3, one at a time: a number plus one, `<` for `<=`, `and` for
`or`, an argument left out or None, a string changed. What is not counted: texts of errors, and what
only the type checkers read. The tests are collected once; each mutant gets a forked process, in which
the code of one function is exchanged, and runs the tests that call this function, the quickest first,
up to the first that fails. See tests/README.md.
"""

from __future__ import annotations

import argparse
import cProfile
import difflib
import json
import os
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import hypothesis
import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

ROOT = Path(__file__).resolve().parent.parent
# Each module and the tests that are its own.
TESTS = {
    "qa/read/spans.py": "tests/read/test_spans.py",
    "qa/read/windows.py": "tests/read/test_windows.py",
    "qa/passages.py": "tests/test_passages.py",
    "qa/retrieve/fusion.py": "tests/retrieve/test_fusion.py tests/retrieve/test_time_preference.py",
    "qa/text/dates/__init__.py": "tests/text/dates",
    "qa/text/dates/absolute.py": "tests/text/dates",
    "qa/text/dates/ages.py": "tests/text/dates",
    "qa/text/dates/expressions.py": "tests/text/dates",
    "qa/text/dates/meanings.py": "tests/text/dates",
    "qa/text/dates/periods.py": "tests/text/dates",
    "qa/text/dates/tense.py": "tests/text/dates",
    "qa/news/agreement.py": "tests/news",
    "qa/news/claim.py": "tests/news",
    "qa/news/standing.py": "tests/news",
    "qa/news/times.py": "tests/news",
    "qa/news/values.py": "tests/news",
    "qa/news/window.py": "tests/news",
}
EXAMPLES = 30  # examples of a property test, instead of hypothesis's 100
PATIENCE = 2  # seconds of processor time beyond four times what the tests need; then a mutant hangs
MEMORY = 6 << 30  # bytes of address space for a mutant that grows without end


@dataclass(frozen=True)
class Mutant:
    """A module with one fault."""

    function: str  # qualified name of the function or method that holds it
    module: cst.Module
    mutation: Mutation

    @cached_property
    def source(self) -> str:
        """The text of the whole module; made when it is needed, since there are hundreds."""
        changed = self.module.deep_replace(self.mutation.original_node, self.mutation.mutated_node)
        assert isinstance(changed, cst.Module)
        return changed.code

    def diff(self) -> str:
        old, new = self.module.code.splitlines(), self.source.splitlines()
        lines = difflib.unified_diff(old, new, lineterm="", n=0)
        return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


def mutants(path: Path) -> list[Mutant]:
    """Return the mutants of a module's functions, in the order of its text."""
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    module = MetadataWrapper(cst.parse_module(path.read_text(encoding="utf-8"))).visit(visitor)
    names, skipped = dict(_functions(module)), _not_counted(module)
    return [
        Mutant(names[mutation.contained_by_top_level_function], module, mutation)
        for mutation in visitor.mutations
        if mutation.contained_by_top_level_function in names and mutation.original_node not in skipped
    ]


def _functions(module: cst.Module) -> Iterator[tuple[cst.FunctionDef, str]]:
    for node in module.body:
        if isinstance(node, cst.FunctionDef):
            yield node, node.name.value
        elif isinstance(node, cst.ClassDef):
            for method in node.body.body:
                if isinstance(method, cst.FunctionDef):
                    yield method, f"{node.name.value}.{method.name.value}"


def _not_counted(module: cst.Module) -> set[cst.CSTNode]:
    """Yield everything inside of "raise": tests check the figures in a message, not every word."""

    class Inside(cst.CSTVisitor):
        depth = 0
        nodes: set[cst.CSTNode] = set()

        def on_visit(self, node: cst.CSTNode) -> bool:
            self.depth += isinstance(node, cst.Raise | cst.Decorator)
            if self.depth:
                self.nodes.add(node)
            return True

        def on_leave(self, original_node: cst.CSTNode) -> None:
            self.depth -= isinstance(original_node, cst.Raise | cst.Decorator)

    inside = Inside()
    module.visit(inside)
    return inside.nodes


# ---- exchanging the code of a function ----


def live_function(module: ModuleType, name: str) -> FunctionType:
    """Return the function of that name, out of whatever wraps it: a property, a class method, a cache."""
    found: object = module
    for part in name.split("."):
        found = vars(found)[part]
    for inner in ("fget", "func", "__func__", "__wrapped__"):
        found = getattr(found, inner, None) or found
    assert isinstance(found, FunctionType), name
    return found


def apply(mutant: Mutant, module: ModuleType, *, anew: bool) -> None:
    """Exchange the code of the function; with ``anew`` also what the module creates when it is imported."""
    changed = ModuleType(module.__name__)
    changed.__file__ = module.__file__
    sys.modules[module.__name__] = changed  # dataclasses look their module up
    exec(compile(mutant.source, str(module.__file__), "exec"), vars(changed))
    sys.modules[module.__name__] = module
    old, new = live_function(module, mutant.function), live_function(changed, mutant.function)
    old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
    if anew:
        kept = (FunctionType, ModuleType, type)
        values = {name: value for name, value in vars(changed).items() if not isinstance(value, kept)}
        vars(module).update({name: value for name, value in values.items() if not name.startswith("__")})


# ---- running tests ----


@dataclass
class Hunt:
    """A plugin of pytest: in place of the tests it runs the mutants."""

    paths: Sequence[Path]
    sample: int | None
    seed: int
    show: bool

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        # No shrinking: that a test fails is enough. Every run draws the same examples.
        hypothesis.settings.register_profile(
            "mutants",
            deadline=None,
            database=None,
            derandomize=True,
            max_examples=EXAMPLES,
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        )
        hypothesis.settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        modules = {str(path): sys.modules[dotted(path)] for path in self.paths}
        callers, seconds = _callers(session, modules)
        print(f"{len(seconds)} tests pass in {sum(seconds):.0f} s", flush=True)
        for path in self.paths:
            self._hunt(session, path, modules[str(path)], callers[str(path)], seconds)
        return True

    def _hunt(
        self,
        session: pytest.Session,
        path: Path,
        module: ModuleType,
        callers: dict[str, list[int]],
        seconds: list[float],
    ) -> None:
        every = mutants(ROOT / path)
        few = self.sample is not None and self.sample < len(every)
        numbers = sorted(random.Random(self.seed).sample(range(len(every)), self.sample)) if few else None
        chosen = every if numbers is None else [every[number] for number in numbers]
        survivors = []
        for mutant in chosen:
            called = callers.get(mutant.function)
            # A function that no test calls may still run when the module is imported.
            own = called if called else sorted({at for numbers in callers.values() for at in numbers})
            items = sorted(own, key=lambda at: seconds[at])
            allowed = PATIENCE + 4 * sum(seconds[at] for at in items)
            if not _fails(mutant, module, [session.items[at] for at in items], allowed, anew=not called):
                survivors.append(mutant)
        killed = len(chosen) - len(survivors)
        print(f"{path}: {killed} of {len(chosen)} killed, {killed / len(chosen):.0%} (of {len(every)})")
        for mutant in survivors if self.show else ():
            print(f"-- {mutant.function}\n{mutant.diff()}")
        sys.stdout.flush()


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _callers(
    session: pytest.Session, modules: Mapping[str, ModuleType]
) -> tuple[dict[str, dict[str, list[int]]], list[float]]:
    """Return each function's own tests that call it, by number, and every test's processor seconds.

    In a process of its own, so that nothing that a test leaves behind reaches the mutants.
    """
    paths = {str(module.__file__): path for path, module in modules.items()}
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.close(reading)
        callers: dict[str, dict[str, list[int]]] = {path: defaultdict(list) for path in modules}
        seconds = []
        for number, item in enumerate(session.items):
            profile = cProfile.Profile()
            begun = time.process_time()
            profile.enable()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            profile.disable()
            seconds.append(time.process_time() - begun)
            codes = (entry.code for entry in profile.getstats() if isinstance(entry.code, CodeType))
            called = {(c.co_filename, c.co_qualname.split(".<locals>")[0]) for c in codes}
            for file, name in called:
                if (path := paths.get(file)) and item.nodeid.startswith(tuple(TESTS[path].split())):
                    callers[path][name].append(number)
        with os.fdopen(writing, "w") as pipe:
            json.dump([session.testsfailed, callers, seconds], pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        failed, callers, seconds = json.load(pipe)
    os.waitpid(child, 0)
    assert not failed, f"{failed} tests fail without a mutant"
    return callers, seconds


def _fails(
    mutant: Mutant, module: ModuleType, items: Sequence[pytest.Item], seconds: float, *, anew: bool
) -> bool:
    """Return whether one of the tests fails with the mutant, in a process of its own."""
    if (child := os.fork()) == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        failed = 1
        try:
            apply(mutant, module, anew=anew)
            session = items[0].session
            for item in items:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                if session.testsfailed:
                    break
            failed = int(session.testsfailed > 0)
        finally:
            os._exit(failed)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("modules", nargs="*", default=list(TESTS), help="default: all of the table")
    parser.add_argument("--sample", type=int, help="so many mutants of each module, drawn by chance")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="show the survivors")
    asked = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # threads do not survive a fork
    hunt = Hunt([Path(name) for name in asked.modules], asked.sample, asked.seed, asked.show)
    tests = sorted({test for name in asked.modules for test in TESTS[name].split()})
    options = ["-o", "addopts=", "-s", "-p", "no:cacheprovider", "-p", "no:terminal"]
    sys.exit(int(pytest.main([*tests, *options], plugins=[hunt])))


if __name__ == "__main__":
    main()
