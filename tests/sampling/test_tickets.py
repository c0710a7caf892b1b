import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.messages import QaError
from qa_audit.sampling.tickets import Nonce, commitment, digest, new_words, packed, seed_of, ticket

# printf '%s' '4:seed2:A1' | sha256sum, and so on.
TICKETS = {
    "A1": "b5146c38b2529f66afa3fb23d2e10ee87cbd81836c6a31c930b91aca7d7ec39c",
    "A2": "7362a912fa970c7743acf8741203ebb25f691e0c8689506a1544ac24fa30a85d",
    "A3": "3f65220f877dd2d5a76664e2b29a19ced3c2214d4ea639b1cf737192f01c77ed",
    "A4": "a1348b6f52c590766127236e6cd24aaf317019ebad86a654a56fe8036908845f",
    "A5": "6caaa0701fa5bc1a919b58a3d5b2d3d2dd001823ef5140753da1136420224eee",
    "A6": "e822f0812a0e66ba082c2f7119a1ac19552c4af988430bb66744ecd86002dbbd",
}


def test_tickets_of_six_calls_as_sha256sum_prints_them():
    assert {call: ticket("seed", call) for call in TICKETS} == TICKETS
    assert sorted(TICKETS, key=TICKETS.__getitem__) == ["A3", "A5", "A2", "A4", "A1", "A6"]


def test_lengths_count_bytes_not_characters():
    # printf '%s' '4:seed6:通话' | sha256sum
    assert ticket("seed", "通话") == "c8ec03d698643f2b21386983434e772b09fb0286def4977e3dc38856628a9e3e"
    assert hashlib.sha256("4:seed6:通话".encode()).hexdigest() == ticket("seed", "通话")


def test_seed_of_two_people_in_order_of_their_names():
    nonces = [Nonce("王芳", "b" * 12), Nonce("李强", "a" * 12)]
    # printf '%s' '4:f00d12:aaaaaaaaaaaa12:bbbbbbbbbbbb' | sha256sum
    wanted = "4b0c0a35a0eb8589fd59f3264efdbac5b0ba8fbedd8cca6bfe707a0a1452560e"
    assert seed_of("f00d", nonces) == seed_of("f00d", reversed(nonces)) == wanted


def test_a_commitment_binds_month_name_and_words():
    # printf '%s' '7:2026-106:王芳12:wwwwwwwwwwww' | sha256sum
    bound = commitment("2026-10", "王芳", "w" * 12)
    assert bound == "f826e3214c90e8ed0ffc26f9f0c5a1147df8668afb50f5a9e5ce4f740ba47f13"
    assert commitment("2026-11", "王芳", "w" * 12) != bound
    assert commitment("2026-10", "李强", "w" * 12) != bound


def test_short_words_are_refused():
    with pytest.raises(QaError) as error:
        commitment("2026-10", "王芳", " " * 20 + "short")
    assert (error.value.code, error.value.values["got"]) == ("sampling.short_nonce", 5)


def test_new_words_differ_and_are_long_enough():
    assert len({new_words() for _ in range(50)}) == 50
    assert commitment("2026-10", "王芳", new_words())


def _read(data: bytes) -> list[str]:
    texts = []
    while data:
        length, _, data = data.partition(b":")
        texts.append(data[: int(length)].decode())
        data = data[int(length) :]
    return texts


@given(st.lists(st.text()))
def test_packed_texts_can_be_read_in_one_way_only(texts):
    assert _read(packed(*texts)) == texts


@given(st.lists(st.text(max_size=3), max_size=4), st.lists(st.text(max_size=3), max_size=4))
def test_different_texts_have_different_digests(one, other):
    assert (digest(*one) == digest(*other)) == (one == other)
