import hashlib

from qa_audit.store.salted import new_salt, words_digest


def test_the_digest_is_that_of_salt_and_words():
    packed = b'{"salt":"00","words":{"text":"\\u662f"}}'
    assert words_digest("00", {"text": "是"}) == hashlib.sha256(packed).hexdigest()


def test_no_salt_comes_twice():
    salts = {new_salt() for _ in range(100)}
    assert (len(salts), {len(one) for one in salts}) == (100, {32})
