"""The command ``page``: opens the page in a browser, from a clone and from an installed package alike."""

from __future__ import annotations

import os
import runpy
import sys
from typing import Annotated

import typer

from qa.cli.options import DEFAULT_INDEX, Index
from qa.shipped import PAGE


def page(
    index: Index = DEFAULT_INDEX,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Default: 8501, or the next that is free.")
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser; --no-browser only serves.")
    ] = True,
) -> None:
    """Open the page: ask, browse and build in a browser, until Ctrl-C."""
    if index != DEFAULT_INDEX:  # the page builds nothing in the place of an index that was named
        os.environ["QA_INDEX"] = index
    arguments = ["run", str(PAGE)]
    if port is not None:
        arguments += ["--server.port", str(port)]
    if not browser:
        arguments += ["--server.headless", "true"]
    sys.argv = ["streamlit", *arguments]
    # In this process, so that Ctrl-C and SIGTERM reach it.
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
