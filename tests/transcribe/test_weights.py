import hashlib
import io
import urllib.error
from pathlib import Path

import numpy as np
import pytest
import torch

from qa_audit.messages import QaError, speaking
from qa_audit.transcribe import weights
from qa_audit.transcribe.weights import (
    OFFICIAL,
    PACKAGES,
    PINNED,
    available_models,
    build_model,
    digest_of,
    download,
    load_weights,
)
from tests.refusal import code_of
from tests.transcribe.ct2_files import TINY, ct2_bytes, ct2_tensors, tiny_whisper


@pytest.fixture(scope="module")
def tiny():
    return tiny_whisper()


@pytest.fixture(autouse=True)
def no_weights_at_hand(monkeypatch, tmp_path):
    """An empty cache and no packages, whatever this machine has."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(weights, "PACKAGES", {})


@pytest.fixture
def checkpoint(tmp_path, tiny):
    path = tmp_path / "mine.pt"
    torch.save({"dims": TINY, "model_state_dict": tiny.state_dict()}, path)
    return path


@pytest.fixture
def package(tmp_path, tiny, monkeypatch):
    """A weights package in two parts for the model `base`."""
    data = ct2_bytes(ct2_tensors(tiny))
    for number, part in enumerate((data[:1_000], data[1_000:]), 1):
        folder = tmp_path / "site" / f"weights_{number}" / "data"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").write_text("raise RuntimeError('must not be imported')")
        (folder / f"model.bin.part{number}").write_bytes(part)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    rows = tuple((f"weights_{number}", f"data/model.bin.part{number}") for number in (1, 2))
    monkeypatch.setattr(weights, "PACKAGES", {"base": (rows,)})
    monkeypatch.setattr(weights, "PINNED", {"base": digest_of_model(tiny)})
    return tmp_path / "site"


def digest_of_model(model):
    return digest_of({name: tensor.numpy() for name, tensor in model.state_dict().items()})


def test_digest_depends_on_names_shapes_and_values():
    zeros = np.zeros((2, 3), np.float16)
    digests = {
        digest_of({"a": zeros}),
        digest_of({"b": zeros}),
        digest_of({"a": zeros.reshape(3, 2)}),
        digest_of({"a": zeros + 1}),
    }
    assert len(digests) == 4


def test_digest_of_known_tensors():
    assert digest_of({"a": np.float32([[1.0]])}) == hashlib.sha256(b"a 1x1\n\x00\x3c").hexdigest()


def test_package_parts_are_joined_converted_and_checked(package, tiny):
    loaded = load_weights("base")
    assert (loaded.source, loaded.model, dict(loaded.dims)) == ("package", "base", TINY)
    assert loaded.digest == digest_of_model(tiny)
    model = build_model(loaded)
    for name, tensor in tiny.state_dict().items():
        assert torch.equal(tensor, model.state_dict()[name]), name


def test_altered_package_is_refused(package):
    part = package / "weights_2" / "data" / "model.bin.part2"
    data = bytearray(part.read_bytes())
    data[500_000] ^= 1
    part.write_bytes(data)
    assert code_of(load_weights, "base") == "transcribe.weights_digest"


def test_half_a_package_is_no_package(package):
    (package / "weights_2" / "data" / "model.bin.part2").unlink()
    assert code_of(load_weights, "base") == "transcribe.model_missing"


def test_checkpoint_by_path_comes_before_the_package(package, checkpoint, tiny):
    loaded = load_weights("mine", str(checkpoint))
    assert (loaded.source, loaded.path, loaded.digest) == ("path", str(checkpoint), digest_of_model(tiny))


def test_ct2_folder_by_path(tmp_path, tiny):
    (tmp_path / "model.bin").write_bytes(ct2_bytes(ct2_tensors(tiny)))
    assert load_weights("mine", tmp_path).digest == digest_of_model(tiny)


def test_a_model_of_one_s_own_may_not_call_itself_base(checkpoint):
    assert code_of(load_weights, "base", checkpoint) == "transcribe.weights_digest"


def test_path_without_weights(tmp_path, package):
    assert code_of(load_weights, "base", tmp_path / "nowhere.pt") == "transcribe.weights_path_missing"


@pytest.mark.parametrize("data", [b"no checkpoint", b"PK\x03\x04" + bytes(50)])
def test_file_that_is_no_checkpoint(tmp_path, data):
    path = tmp_path / "a.pt"
    path.write_bytes(data)
    assert code_of(load_weights, "mine", path) == "transcribe.weights_broken"


class _Evil:
    def __reduce__(self):
        return (print, ("run from a checkpoint",))


def test_code_inside_a_checkpoint_is_never_run(tmp_path, capsys):
    path = tmp_path / "a.pt"
    torch.save({"dims": TINY, "model_state_dict": {}, "more": _Evil()}, path)
    assert code_of(load_weights, "mine", path) == "transcribe.weights_broken"
    assert "run from" not in capsys.readouterr().out


def test_cache_is_checked_by_the_hash_of_the_file(tmp_path, checkpoint, monkeypatch):
    cached = tmp_path / "cache" / "whisper" / "tiny.pt"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(checkpoint.read_bytes())
    assert code_of(load_weights, "tiny") == "transcribe.weights_digest"
    sha256 = hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    monkeypatch.setattr(weights, "OFFICIAL", {"tiny": f"{sha256}/tiny.pt"})
    assert load_weights("tiny").source == "cache"


def test_missing_model_names_the_ways_out(tmp_path):
    with pytest.raises(QaError) as caught:
        load_weights("base")
    assert caught.value.code == "transcribe.model_missing"
    with speaking("en"):
        text = str(caught.value)
    for way in ("qa-audit[weights]", str(tmp_path / "cache" / "whisper"), "transcribe.weights", "download"):
        assert way in text


def test_unknown_model_lists_the_known():
    with pytest.raises(QaError) as caught:
        load_weights("huge")
    assert (caught.value.code, "large-v3-turbo" in str(caught.value)) == ("transcribe.model_unknown", True)


def test_available_models_says_what_would_be_used_and_why(package, checkpoint):
    with speaking("en"):
        rows = [(row.source, row.found, row.chosen, row.why) for row in available_models(model="base")]
        assert rows == [
            ("cache", False, False, "not in Whisper's cache"),
            ("package", True, True, "an installed weights package"),
        ]
        rows = [(row.source, row.chosen, row.why) for row in available_models(checkpoint, "base")]
        assert rows == [
            ("path", True, "the path given in the settings"),
            ("cache", False, "not in Whisper's cache"),
            ("package", False, "usable, but an earlier one comes first"),
        ]
    assert {row.model for row in available_models()} == set(OFFICIAL)


def test_rows_are_ready_for_json(package):
    row = available_models(model="base")[1]
    assert row.found
    assert row.as_json() == {
        "model": "base",
        "source": "package",
        "path": "weights-1 + weights-2",
        "found": True,
        "chosen": True,
        "why": row.why,
    }


def test_download_keeps_only_a_file_with_the_right_hash(monkeypatch, tmp_path):
    content = b"weights" * 1_000
    sha256 = hashlib.sha256(content).hexdigest()
    monkeypatch.setattr("urllib.request.urlopen", lambda *_args, **_kwargs: io.BytesIO(content))
    folder = tmp_path / "cache" / "whisper"
    assert code_of(download, "base") == "transcribe.weights_digest"
    assert list(folder.iterdir()) == []
    monkeypatch.setattr(weights, "OFFICIAL", {"base": f"{sha256}/base.pt"})
    assert download("base") == folder / "base.pt"
    assert [path.name for path in folder.iterdir()] == ["base.pt"]


def test_download_without_a_network(monkeypatch, tmp_path):
    def refuse(*_args, **_kwargs):
        raise urllib.error.URLError("unreachable")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    assert code_of(download, "base") == "transcribe.download"
    assert list((tmp_path / "cache" / "whisper").iterdir()) == []


def test_official_names_are_those_of_whisper():
    import whisper

    ours = {f"https://openaipublic.azureedge.net/main/whisper/models/{path}" for path in OFFICIAL.values()}
    assert ours <= set(whisper._MODELS.values())


@pytest.mark.slow
def test_the_installed_base_is_the_pinned_one_and_every_key_matches(monkeypatch):
    monkeypatch.setattr(weights, "PACKAGES", PACKAGES)
    loaded = load_weights("base")
    assert loaded.digest == PINNED["base"]
    model = build_model(loaded)
    assert sum(parameter.numel() for parameter in model.parameters()) == 71_825_920


class Planted:
    """What a file from outside would run when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_code_in_a_checkpoint_is_not_run(tmp_path, tiny):
    planted = tmp_path / "planted"
    path = tmp_path / "mine.pt"
    torch.save({"dims": TINY, "model_state_dict": tiny.state_dict(), "more": Planted(planted)}, path)
    assert code_of(load_weights, "mine", path) == "transcribe.weights_broken"
    assert not planted.exists()
    torch.load(path, weights_only=False)
    assert planted.exists()  # without the guard it would have run
