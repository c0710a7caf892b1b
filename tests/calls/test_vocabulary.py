from qa_audit.calls.vocabulary import vocabulary, words


def test_extensions_are_plain_lower_case_and_there_once():
    extensions = vocabulary()["audio_extensions"]
    assert all(extension == extension.lower().lstrip(".") for extension in extensions)
    assert len(extensions) == len(set(extensions))


def test_words_are_written_as_cells_are_compared():
    for name in vocabulary()["word"]:
        assert all(word == word.casefold().replace(" ", "") for word in words(name)), name
