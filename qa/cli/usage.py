"""A command line that cannot be read -> one clear line: what is wrong, where, and the cure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from qa.errors import InputError
from qa.shipped import COMMAND

_HELP_SHOWN = "NoArgsIsHelpError"  # of typer: no mistake, but the help
_TOO_MANY = "unexpected extra argument"  # of typer


class Commands(TyperGroup):
    """The commands; what typer would say of a mistake in four lines of its own is an InputError."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _one_line():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        with _one_line():
            return super().invoke(ctx)


def dated(param: typer.CallbackParam, value: str | None) -> str | None:
    """Refuse at once, with the option's name, a value that is no date.

    :raises InputError: it is not a date.
    """
    from qa.text.dates import parse_bound

    if value is not None:
        try:
            parse_bound(value)
        except InputError as error:
            raise InputError(error.what, where=param.opts[-1], cure=error.cure) from None
    return value


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except TyperException as error:
        if type(error).__name__ == _HELP_SHOWN:
            raise
        raise _in_one_line(error) from None


def _in_one_line(error: TyperException) -> InputError:
    """Return what typer found, with the name of the option, the value that was given, and what would do."""
    context = getattr(error, "ctx", None)
    command = f" {context.info_name}" if context is not None and context.parent is not None else ""
    see = f"See {COMMAND}{command} --help."
    param = getattr(error, "param", None)
    if _TOO_MANY in error.format_message():
        see = f"Put quotes around what has blanks in it. {see}"
    if param is None:
        return InputError(error.format_message(), cure=see)
    names: Sequence[str] = param.opts
    name = names[-1] if names[-1].startswith("-") else names[-1].upper()
    faults: list[Any] = getattr(error.__cause__, "errors", list)()
    if not faults:  # nothing is given
        return InputError(f"{name} is missing.", cure=see)
    return InputError(f"{str(faults[0]['input'])!r} is not {_wanted(param)}.", where=name, cure=see)


def _wanted(param: Any) -> str:
    """Return what an option takes, in words, with the bounds that it has."""
    kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    what = "a number" if kind is float else "a whole number" if kind is int else "what it takes"
    if low is not None and high is not None:
        return f"{what} from {low:,} to {high:,}"
    return f"{what} of {low:,} or more" if low is not None else what
