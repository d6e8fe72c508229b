"""Standard input -> its lines, none longer than a bound, however long those are that come."""

from __future__ import annotations

from typing import BinaryIO

TOO_LONG = "a line that is too long"  # given in the place of one; it is no message of any protocol


class BoundedLines:
    """Reads lines of bytes as text; of one that is too long it holds a piece at a time and drops it.

    What is no UTF-8 becomes marks. It has of a text file what :func:`anyio.wrap_file` needs to read lines.
    """

    def __init__(self, stream: BinaryIO, most: int) -> None:
        """``most``: bytes of a line with its end.

        :raises ValueError: if that is no line.
        """
        if most < 1:
            raise ValueError(f"a line has at least 1 byte, not {most}")
        self._stream = stream
        self._most = most

    def readline(self) -> str:
        """Return the next line with its end, :data:`TOO_LONG` in the place of one, or "" at the end."""
        line = self._stream.readline(self._most + 1)
        if len(line) <= self._most:
            return line.decode("utf-8", "replace")
        while line and not line.endswith(b"\n"):
            line = self._stream.readline(self._most)
        return f"{TOO_LONG}\n"
