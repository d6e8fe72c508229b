"""The command ``mcp``: an archive for language models, by the Model Context Protocol."""

from __future__ import annotations

import contextlib
import sys
from typing import Annotated

import typer

from qa.cli.logs import logs_in_lines
from qa.cli.options import DEFAULT_INDEX, EarlyExit, Index, Reader, Threshold, ask_settings
from qa.cli.serve import AllowHost, Host, TokenFile, need, run
from qa.errors import InputError
from qa.settings import DoorSettings


def mcp(
    index: Index = DEFAULT_INDEX,
    http: Annotated[
        bool, typer.Option("--http", help="Serve by streamable HTTP at /mcp; default: standard input.")
    ] = False,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes one that is free.")] = 8766,
    token_file: TokenFile = None,
    allow_host: AllowHost = None,
    reader: Reader = None,
    threshold: Threshold = None,
    early_exit: EarlyExit = None,
) -> None:
    """Let language models ask: a server of the Model Context Protocol, whose tools only read.

    An assistant starts it by itself and speaks over standard input; docs/doors.md has the lines for it.
    """
    need("mcp", "mcp")
    import asyncio  # a thirtieth of a second, which no other command should wait for

    from qa.doors.access import access_of
    from qa.doors.desk import Desk
    from qa.doors.guard import Guard
    from qa.doors.mcp_server import PATH, mcp_app, mcp_server, serve_stdio

    settings, limits = ask_settings(reader, threshold, early_exit), DoorSettings()
    if http:
        access = access_of(host, allow_host or [], token_file)

        def guarded(desk: Desk) -> Guard:
            return Guard(mcp_app(mcp_server(desk), desk), access, limits)

        run(index, settings, limits, host, port, guarded, PATH)
        return
    if token_file is not None or allow_host:
        raise InputError("--token-file and --allow-host belong to a server by HTTP", cure="Add --http.")
    from qa.archive import Archive

    with logs_in_lines(), contextlib.suppress(KeyboardInterrupt):
        with contextlib.redirect_stdout(sys.stderr):  # standard output belongs to the protocol
            desk = Desk(Archive.open(index, settings=settings), limits)
        asyncio.run(serve_stdio(mcp_server(desk), desk))
