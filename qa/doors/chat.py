"""Two texts -> what a language model answers, as OpenAI's chat completions; bounded on every side."""

from __future__ import annotations

import json
import math
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.doors.access import is_this_machine
from qa.errors import InputError
from qa.settings import ComposeSettings
from qa.small_json import BrokenJson, parse
from qa.text.display import visible

if TYPE_CHECKING:
    import httpx

_PATH = "/chat/completions"
_LONGEST_REASON = 160  # characters of a server's own words that are shown
_LONGEST_WAIT = 3600.0  # seconds


class ChatFault(Exception):
    """The language model gives nothing to be used; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that was checked."""

    address: str  # of the requests, with a name and password if it has them
    shown: str  # without them
    is_local: bool  # whether it lies on this machine


def endpoint_of(settings: ComposeSettings) -> Endpoint:
    """Check the settings of a language model before anything is sent to it.

    :raises InputError: if no endpoint or model is named, or the address does not begin with http or https.
    """
    import httpx

    for variable, value in (("QA_LLM_URL", settings.url), ("QA_LLM_MODEL", settings.model)):
        if not value:
            raise InputError(
                f"{variable} is not set, so no language model is named",
                cure="Name one that runs: QA_LLM_URL=http://localhost:11434/v1 QA_LLM_MODEL=llama3.2",
            )
    if not (math.isfinite(settings.seconds) and 1 <= settings.seconds <= _LONGEST_WAIT):
        raise InputError(
            "QA_LLM_SECONDS is no number of seconds", cure=f"Give one from 1 to {_LONGEST_WAIT:g}."
        )
    if not (settings.key.isascii() and settings.key.isprintable()):
        raise InputError("QA_LLM_KEY holds what no key can hold", cure="Copy it anew.")
    try:
        urlsplit(settings.url).port  # noqa: B018 - httpx takes "http://[" and a port of 99999999
        url = httpx.URL(settings.url)
    except (ValueError, httpx.InvalidURL):
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise InputError(
            "QA_LLM_URL is no address of http or https",
            cure="Write it like http://localhost:11434/v1 or https://llm.example.org/v1",
        )
    base = url.copy_with(query=None, fragment=None)
    path = base.path.rstrip("/").removesuffix(_PATH)
    bare = base.copy_with(username=None, password=None, path=path if path else "/")
    return Endpoint(
        str(base.copy_with(path=path + _PATH)), visible(str(bare)).rstrip("/"), _is_local(url.host)
    )


def complete(system: str, user: str, settings: ComposeSettings, endpoint: Endpoint) -> str:
    """Return the text of the first choice.

    Redirects are not followed, a packed reply is refused, and a proxy of the environment is not asked for an
    address on this machine.

    :raises ChatFault: whatever goes wrong, at the latest after ``settings.seconds``.
    """
    import httpx

    body = {
        "model": settings.model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        "temperature": 0,
        "max_tokens": settings.answer_tokens,
        "stream": False,
    }
    headers = {"Accept-Encoding": "identity", "User-Agent": "news-qa"}
    if settings.key:
        headers["Authorization"] = f"Bearer {settings.key}"
    try:
        client = httpx.Client(timeout=settings.seconds, trust_env=not endpoint.is_local, headers=headers)
    except Exception as fault:  # a proxy or certificate of the environment that cannot be used
        raise ChatFault(f"cannot be asked ({_line(fault)})") from None
    outcome: list[str | ChatFault] = []
    # A time limit of httpx begins anew with every byte, the look-up of a name has none: the clock is here.
    worker = threading.Thread(
        target=lambda: outcome.append(_outcome(client, endpoint.address, body, settings)),
        name="compose",
        daemon=True,
    )
    worker.start()
    worker.join(settings.seconds)
    if not outcome:
        client.close()  # ends what still comes; the model is not kept busy for nobody
    result = outcome[0] if outcome else _too_late(settings.seconds)
    if isinstance(result, ChatFault):
        raise result
    return result


def _outcome(
    client: httpx.Client, address: str, body: dict[str, object], settings: ComposeSettings
) -> str | ChatFault:
    import httpx

    try:
        with client:
            return _text_of(_body(client, address, body, settings))
    except ChatFault as fault:
        return fault
    except httpx.TimeoutException:
        return _too_late(settings.seconds)
    except httpx.ConnectError as fault:
        return ChatFault(f"cannot be reached ({_line(fault)})")
    except Exception as fault:  # whatever a server can do to a client: the thread must not end without a word
        return ChatFault(f"gave no reply that can be read ({_line(fault)})")


def _body(client: httpx.Client, address: str, body: dict[str, object], settings: ComposeSettings) -> bytes:
    until = time.monotonic() + settings.seconds
    content = bytearray()
    with client.stream("POST", address, json=body) as response:
        if response.is_redirect:
            raise ChatFault(f"redirects elsewhere ({response.status_code}), which is not followed")
        if response.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
            raise ChatFault("sent a packed reply, which was not asked for")
        for chunk in response.iter_raw():
            content += chunk
            if len(content) > settings.reply_bytes:
                raise ChatFault(f"sent more than {settings.reply_bytes >> 10:,} kB")
            if time.monotonic() > until:
                raise _too_late(settings.seconds)
        if not response.is_success:
            said = _error_in(bytes(content))
            reason = visible(f"{response.status_code} {response.reason_phrase}{said}")
            raise ChatFault(f"refused: {' '.join(reason.split())[:_LONGEST_REASON]}")
    return bytes(content)


def _text_of(content: bytes) -> str:
    """Return the text of the first choice of a chat completion."""
    try:
        reply = parse(content)
    except BrokenJson as fault:
        raise ChatFault(f"sent no reply of a chat model: {_line(fault)}") from None
    choices = reply.get("choices") if isinstance(reply, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    text = message.get("content") if isinstance(message, dict) else None
    if not isinstance(text, str):
        raise ChatFault("sent no reply of a chat model: it holds no choices[0].message.content")
    return text


def _error_in(content: bytes) -> str:
    """Return ": model not found", as OpenAI, Ollama and vLLM say it; "" if it is not said so."""
    try:
        reply = parse(content)
    except BrokenJson:
        return ""
    error = reply.get("error", reply) if isinstance(reply, dict) else None
    said = error.get("message") if isinstance(error, dict) else error
    return f": {said}" if isinstance(said, str) else ""


def _too_late(seconds: float) -> ChatFault:
    return ChatFault(f"did not answer within {seconds:g} seconds")


def _line(fault: Exception) -> str:
    said = " ".join(visible(str(fault)).split())[:_LONGEST_REASON]
    return said if said else type(fault).__name__


def _is_local(host: str) -> bool:
    return is_this_machine(host.strip("[]")) or host.rstrip(".").lower() == "localhost"


def json_message(content: object) -> str:
    """Return a message as JSON, so that no text in it can break out."""
    return json.dumps(content, ensure_ascii=False)
