"""The process that reads untrusted forms: inputs named on standard input -> records on standard output."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TextIO

from qa.ingest.apart import to_json
from qa.ingest.asked import Asked
from qa.ingest.formats import read_stream
from qa.ingest.guard import guarded
from qa.ingest.raw import Raw
from qa.ingest.streams import Stream, Unreadable


def serve(asks: TextIO, out: TextIO) -> None:
    """Read one input after the other until none is left."""
    for line in asks:
        message = json.loads(line)
        asked = Asked(**(message["asked"] | {"as_of": datetime.fromisoformat(message["asked"]["as_of"])}))
        end = ""
        try:
            with Path(message["path"]).open("rb") as file:
                for item in guarded(read_stream(Stream.opened(file), asked), asked.name):
                    said = asdict(item) if not isinstance(item, Raw) else _plain(item)
                    out.write(json.dumps(said, default=to_json) + "\n")
                    out.flush()
        except Unreadable as fault:
            end = str(fault)
        except OSError as fault:
            end = f"cannot be read ({fault.strerror or fault})"
        out.write(json.dumps({"end": end}) + "\n")
        out.flush()


def _plain(raw: Raw) -> dict[str, object]:
    fields = {str(name): value for name, value in raw.fields.items()}
    return {
        "where": raw.where,
        "fields": fields,
        "site": raw.site,
        "url": raw.url,
        "kind": raw.kind,
        "path": raw.path,
        "part": raw.part,
    }


def _bound_memory(most: int) -> None:
    """Limit the address space of this process, where the system has such a limit."""
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _bound_memory(int(sys.argv[1]))
    results = sys.stdout
    sys.stdout = sys.stderr  # what libraries print is not for the reader of the results
    serve(sys.stdin, results)
