import hashlib
import importlib.util

import numpy as np
import pytest

from qa_audit.messages import QaError
from qa_audit.scoring.learned import embedding
from qa_audit.scoring.learned.embedding import PACKAGE, load_embedder

needs_model = pytest.mark.skipif(importlib.util.find_spec(PACKAGE) is None, reason="extra [semantic] missing")


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setattr(embedding.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(QaError) as error:
        load_embedder(PACKAGE)
    assert error.value.code == "learned.no_embedding"
    assert "qa-audit[semantic]" in str(error.value)
    assert not embedding.installed()


@needs_model
def test_sentences_of_like_meaning_lie_nearer():
    model = load_embedder(PACKAGE)
    vectors = model.vectors(["这个不归我们管", "这事儿不是我们负责的", "祝您生活愉快"])
    assert vectors.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


@needs_model
def test_a_vector_depends_on_its_sentence_alone():
    model = load_embedder(PACKAGE)
    many = model.vectors([f"第{number}次来电" for number in range(70)])
    np.testing.assert_array_equal(model.vectors(["第69次来电"])[0], many[69])
    assert model.vectors([]).shape == (0, 384)


@needs_model
def test_a_file_that_is_no_model_or_another_one(tmp_path):
    path = tmp_path / "model.bin"
    with pytest.raises(QaError) as error:
        load_embedder(str(path))
    assert error.value.code == "learned.no_embedding"
    path.write_bytes(b"junk")
    model = load_embedder(str(path))
    assert model.sha256 == hashlib.sha256(b"junk").hexdigest()
    with pytest.raises(QaError) as error:
        model.vectors(["您好"])
    assert error.value.code == "learned.no_embedding"
    with pytest.raises(QaError) as error:
        load_embedder(str(path), sha256="0" * 64)
    assert error.value.code == "learned.other_embedding"
