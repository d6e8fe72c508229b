"""The command ``serve``: an archive for other programs, by HTTP."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.logs import logs_in_lines
from qa.cli.options import DEFAULT_INDEX, EarlyExit, Index, Reader, Threshold, ask_settings
from qa.cli.output import say
from qa.errors import InputError
from qa.settings import AskSettings, DoorSettings
from qa.shipped import install_command

if TYPE_CHECKING:
    from qa.doors.desk import Desk
    from qa.doors.guard import Guard

Host = Annotated[str, typer.Option(help="The address to listen at; beyond this machine a token is wanted.")]
AllowHost = Annotated[
    list[str] | None,
    typer.Option("--allow-host", help="A further name under which clients ask; repeat for more."),
]
TokenFile = Annotated[
    Path | None, typer.Option(help="A file with the token that clients must send: Authorization: Bearer.")
]
Seconds = Annotated[
    float, typer.Option(min=0.1, max=3600, help="The longest that a question may take, waiting not counted.")
]
Waiting = Annotated[int, typer.Option(min=0, max=10_000, help="How many questions may wait.")]
_LIMITS = DoorSettings()


def serve(
    index: Index = DEFAULT_INDEX,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes one that is free.")] = 8765,
    token_file: TokenFile = None,
    writable: Annotated[
        bool, typer.Option("--writable", help="Let clients add articles; demands a token.")
    ] = False,
    allow_host: AllowHost = None,
    seconds: Seconds = _LIMITS.ask_seconds,
    waiting: Waiting = _LIMITS.waiting,
    reader: Reader = None,
    threshold: Threshold = None,
    early_exit: EarlyExit = None,
) -> None:
    """Answer other programs by HTTP, until Ctrl-C: ask, search, read articles, and add some if you let it.

    /openapi.json describes it. It listens on this machine alone unless you name another --host.
    """
    need("fastapi", "serve")
    from qa.doors.access import access_of
    from qa.doors.guard import Guard
    from qa.doors.http_app import LARGE_PATHS, OPEN_PATHS, http_app

    if writable and token_file is None:
        raise InputError(
            "--writable lets every program on this machine add articles",
            cure="Add --token-file FILE.",
        )
    access = access_of(host, allow_host or [], token_file, open_paths=OPEN_PATHS)
    limits = replace(_LIMITS, ask_seconds=seconds, waiting=waiting)

    def guarded(desk: Desk) -> Guard:
        app = http_app(desk, writable=writable, token=access.token is not None)
        return Guard(app, access, limits, large=LARGE_PATHS)

    run(index, ask_settings(reader, threshold, early_exit), limits, host, port, guarded)


def run(
    index: str,
    settings: AskSettings,
    limits: DoorSettings,
    host: str,
    port: int,
    guarded: Callable[[Desk], Guard],
    path: str = "",
) -> None:
    """Open an index and serve it, once the port is had; say where, and when it is over."""
    from qa.archive import Archive
    from qa.doors import server
    from qa.doors.desk import Desk

    with logs_in_lines(), server.bound(host, port) as listening:
        say(f"Opening {index} ...", error=True)
        desk = Desk(Archive.open(index, settings=settings), limits)
        address = f"{server.address_of(listening)}{path}"
        server.serve(
            guarded(desk),
            listening,
            limits,
            ready=lambda: say(f"Serving {index} at {address} until Ctrl-C.", error=True),
        )
    say("Stopped.", error=True)


def need(library: str, extra: str) -> None:
    """Look whether the libraries of an extra are installed.

    :raises InputError: if a library of an extra is not installed.
    """
    if importlib.util.find_spec(library) is None:
        raise InputError(
            f"this needs {library}, which is not installed", cure=f"Run: {install_command(extra)}"
        )
