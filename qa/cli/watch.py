"""The command ``watch``: polls feeds and adds what is new, until it is stopped."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.following import Run, after_news, command_of, say_changes
from qa.cli.options import DEFAULT_INDEX, AllowPrivate, AsJson, Index
from qa.cli.output import json_text, say
from qa.errors import InputError
from qa.reports import Poll

if TYPE_CHECKING:
    from qa.follow.records import Change

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_LEAST = 60  # seconds; who asks a server more often is soon refused


def watch(
    feeds: Annotated[list[str], typer.Argument(help="Addresses of RSS or Atom feeds.")],
    index: Index = DEFAULT_INDEX,
    every: Annotated[str, typer.Option(help="How often to ask: 15m, 1h, 1d.")] = "15m",
    once: Annotated[bool, typer.Option("--once", help="Ask once and end, for cron.")] = False,
    allow_private: AllowPrivate = False,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Poll feeds and add their new articles to an index; Ctrl-C ends it.

    Unchanged feeds are not sent again by servers that know it. A feed that fails is reported
    and asked again next time. With --once, exit code 2 says that no feed could be fetched.
    """
    from qa.maintain.watch import Watcher

    seconds = _interval(every)
    command = command_of(run)
    watcher = Watcher.open(feeds, index, allow_private=allow_private)

    def poll_once() -> Poll:
        poll = watcher.poll()
        _tell(poll, after_news(index, command) if poll.added else [], as_json)
        return poll

    if once:
        poll = poll_once()
        if len(poll.faults) and not poll.answered:
            raise InputError("no feed could be had", cure="The lines above say why.")
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as services are stopped
    try:
        while True:
            began = time.monotonic()
            poll_once()
            time.sleep(max(0.0, began + seconds - time.monotonic()))
    except KeyboardInterrupt:
        say("Stopped; what was taken in is in the index.", error=True)


def _interval(text: str) -> int:
    read = re.fullmatch(r"(\d{1,6})\s*([smhd])", text.strip())
    if read is None:
        raise InputError(f"--every {text!r} is not a time span", cure="Write it like 15m, 1h or 1d.")
    seconds = int(read[1]) * _SECONDS[read[2]]
    if seconds < _LEAST:
        raise InputError(
            f"--every {text!r} would bother the servers", cure=f"Ask at most every {_LEAST} seconds."
        )
    return seconds


def _tell(poll: Poll, changes: Sequence[Change], as_json: bool) -> None:
    if as_json:
        from qa.follow.codec import change_to_dict

        say(json_text(asdict(poll) | {"followed": [change_to_dict(one) for one in changes]}))
        return
    for fault in poll.faults:
        say(f"{fault.where}: {fault.why}", error=True)
    moment = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    had = f"{poll.answered} of {poll.feeds} feeds had, {poll.unchanged} of them unchanged"
    say(f"{moment}: {poll.added:,} new or changed articles; {had}")
    say_changes(changes)
