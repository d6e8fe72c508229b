"""A reply -> what a language model composed of its passages, and the reply, for a terminal or as JSON."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from qa import words
from qa.cli.output import say
from qa.cli.terminal import answers_of, origin_of
from qa.doors.chat import Endpoint, endpoint_of
from qa.doors.compose import compose, passages_to_send
from qa.export import composed_to_dict, reply_to_dict
from qa.records import Composed, ComposedSentence, Reply
from qa.settings import ComposeSettings


def named_endpoint() -> Endpoint:
    """Return the endpoint that the environment names.

    :raises InputError: if the environment names no endpoint and model that can be asked.
    """
    return endpoint_of(ComposeSettings())


def composed_aloud(reply: Reply, *, as_json: bool) -> dict[str, Any] | RenderableType:
    """Say on standard error where text goes, compose, and say there what went wrong; return what to print."""
    settings = ComposeSettings()
    endpoint = endpoint_of(settings)
    if passages := passages_to_send(reply, settings):
        sending = words.sending(len(passages), settings.model, endpoint.shown, endpoint.is_local)
        say(f"{sending}.", error=True)
    composed = compose(reply, settings)
    if not composed.stands:
        say(f"qa: {words.not_composed(composed)}", error=True)
    if as_json:
        return reply_to_dict(reply) | {"composed": composed_to_dict(composed)}
    return Group(*_composed(composed), answers_of(reply)) if composed.stands else answers_of(reply)


def _composed(composed: Composed) -> list[RenderableType]:
    """Return the sentences that passed, those struck out with the reason, and where they cite from."""
    parts: list[RenderableType] = [Text(words.composed_by(composed), style="bold")]
    parts += [Padding(_sentence(sentence), (0, 0, 0, 2)) for sentence in composed.sentences]
    for number in words.cited(composed):
        origin = origin_of(composed.passages[number - 1].passage.article)
        parts.append(Text(f"  [{number}] ", style="cyan") + origin)
    notes = [note for note in (words.struck_out(composed), words.COMPOSED_CHECK) if note]
    parts.append(Text(" ".join(notes), style="dim"))
    return [*parts, Text("\nQuoted from the archive:\n", style="bold")]


def _sentence(sentence: ComposedSentence) -> Text:
    if sentence.struck:
        return Text(f"Struck out, {sentence.struck}: ", style="yellow") + Text(
            sentence.text, style="dim strike"
        )
    return Text(sentence.text) + Text(f" {''.join(f'[{number}]' for number in sentence.cites)}", style="cyan")
