"""A folder that says it is a model -> a refusal in one line, before any library is let near it.

A model must not bring code, nor weights in a form that can (pickles), nor a configuration that would
build far more than its weights hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from qa.errors import ModelError
from qa.small_json import BrokenJson, parse, read_object, read_raw

_PICKLED = {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5", ".msgpack"}
_MODULES = "modules.json"
_OURS = "sentence_transformers."  # modules of the library itself; others are files beside the weights
_MOST_LAYERS = 256
_LARGEST = 1 << 24  # of any size in a configuration; vocabularies have a few hundred thousand words
_TIMES_WEIGHTS = 32  # ALBERT's layers share their weights, so that it computes with twelve times as many
_SPARE = 256 << 20  # bytes


def refuse_unsafe(source: Path, weights: list[Path]) -> None:
    """Look at all that a folder would have a library do.

    :raises ModelError: if it brings code or pickles, or its configuration is broken or too large.
    """
    for path in sorted(source.rglob("*")):
        if path.suffix in _PICKLED and not any(path.parent.glob("model*.safetensors")):
            raise ModelError(
                f"{path.name} has no model.safetensors beside it, and pickled weights are not loaded",
                where=path.parent,
                cure="Save the model with safetensors.",
            )
    try:
        for module in _modules(source):
            if not module.startswith(_OURS):
                raise ModelError("it brings code of its own, which is never run", where=source / _MODULES)
        for path in sorted(source.rglob("config.json")):
            values = read_object(path)
            _check(values, path)
            if path.parent == source:
                _check_size(values, sum(file.stat().st_size for file in weights), path)
    except BrokenJson as fault:
        raise ModelError(f"its configuration cannot be used: {fault}", where=source) from fault
    except OSError as fault:
        raise ModelError(f"cannot be read ({fault.strerror})", where=source) from fault


def _modules(source: Path) -> Iterator[str]:
    path = source / _MODULES
    if not path.is_file():
        return
    listed = parse(read_raw(path))
    if not isinstance(listed, list):
        raise BrokenJson(f"{_MODULES} is no list")
    for module in listed:
        yield str(module.get("type", "")) if isinstance(module, dict) else ""


def _check(values: Mapping[str, object], path: Path) -> None:
    for name, value in values.items():
        if name == "auto_map":
            raise ModelError("it brings code of its own (auto_map), which is never run", where=path)
        if isinstance(value, dict):
            _check(value, path)
        most = _MOST_LAYERS if "layers" in name else _LARGEST
        if isinstance(value, int) and abs(value) > most:
            raise ModelError(f"{name[:60]} is {value:,}, more than {most:,}", where=path)


def _check_size(values: Mapping[str, object], size: int, path: Path) -> None:
    """Refuse a configuration whose matrices would be far larger than the weights that are there."""

    def number(*names: str) -> int:
        found = (values.get(name) for name in names)
        return next((value for value in found if isinstance(value, int)), 0)

    width, inner = number("hidden_size", "dim", "d_model"), number("intermediate_size", "hidden_dim")
    layers = number("num_hidden_layers", "n_layers", "num_layers")
    rows = number("vocab_size") + number("max_position_embeddings")
    wanted = 2 * (layers * width * (4 * width + 2 * inner) + rows * width)  # bytes, two a number at least
    if wanted > _TIMES_WEIGHTS * size + _SPARE:
        raise ModelError(
            f"its configuration speaks of {wanted >> 20:,} MB of weights, and {size >> 20:,} MB are there",
            where=path,
        )
