import numpy as np
import pytest

from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.scoring.learned import learn as lessons
from qa_audit.scoring.learned.corpus import ITEMS, corpus
from qa_audit.scoring.learned.embedding import load_embedder
from qa_audit.scoring.learned.model import LinearDetector, Scale
from qa_audit.scoring.learned.semantic import built_in_detector


def other_detector(fault=1e9):
    known = built_in_detector().linear
    scales = tuple(Scale(one.unit, one.bias, fault, fault) for one in known.scales)
    return LinearDetector(known.items, known.buckets, known.weights, scales, known.made_from)


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / lessons.FOLDER
    home.mkdir()
    one = other_detector()
    (home / f"{one.sha256[: lessons.NAME_DIGITS]}.npz").write_bytes(one.as_bytes())
    return tmp_path


def test_the_packages_detector_is_used_at_first(folder):
    assert lessons.accepted(folder) == lessons.BUILT_IN
    assert lessons.accepted_detector(folder) is None


def test_a_version_is_used_once_it_is_accepted_and_can_be_given_up(folder):
    version = other_detector().sha256[: lessons.NAME_DIGITS]
    assert lessons.accept(folder, version[:4]) == version
    detector = lessons.accepted_detector(folder)
    assert detector is not None
    assert detector.sha256 == other_detector().sha256
    lessons.accept(folder, lessons.BUILT_IN)
    assert lessons.accepted_detector(folder) is None


def test_who_had_accepted_the_packages_former_second_detector_has_the_one_that_took_its_place(folder):
    (folder / lessons.FOLDER / lessons.ACCEPTED).write_text("built-in-semantic\n")
    assert lessons.accepted(folder) == lessons.BUILT_IN
    assert lessons.accepted_detector(folder) is None
    assert lessons.judged_of(folder) == []


@pytest.mark.parametrize("version", ["", "nonsense"])
def test_unknown_versions(folder, version):
    with pytest.raises(QaError) as error:
        lessons.accept(folder, version)
    assert error.value.code == "learned.unknown_version"


def test_a_file_that_is_not_what_its_name_says_is_refused(folder):
    version = other_detector().sha256[: lessons.NAME_DIGITS]
    lessons.accept(folder, version)
    (folder / lessons.FOLDER / f"{version}.npz").write_bytes(built_in_detector().as_bytes())
    with pytest.raises(QaError) as error:
        lessons.accepted_detector(folder)
    assert error.value.code == "learned.unreadable"


def test_a_file_that_is_not_what_its_name_says_is_not_accepted(folder):
    (folder / lessons.FOLDER / "0123456789ab.npz").write_bytes(other_detector().as_bytes())
    with pytest.raises(QaError) as error:
        lessons.accept(folder, "0123")
    assert error.value.code == "learned.unreadable"
    assert lessons.accepted(folder) == lessons.BUILT_IN


def test_an_unreadable_name_of_the_version_in_use_is_told(folder):
    (folder / lessons.FOLDER / lessons.ACCEPTED).write_bytes(b"\xff\xfe")
    with pytest.raises(QaError) as error:
        lessons.accepted_detector(folder)
    assert error.value.code == "learned.unreadable"


def of_other_features(folder):
    """The version in use made by features that are no more, with one judged sentence."""
    one = other_detector()
    old = LinearDetector(one.items, one.buckets, one.weights, one.scales, one.made_from | {"features": 0})
    version = old.sha256[: lessons.NAME_DIGITS]
    (folder / lessons.FOLDER / f"{version}.npz").write_bytes(old.as_bytes())
    (folder / lessons.FOLDER / f"{version}.tsv").write_text(
        "item\tlabel\tfamily\tsentence\nno_overpromise\tfault\ta\t我打包票\n", encoding="utf-8"
    )
    (folder / lessons.FOLDER / lessons.ACCEPTED).write_text(version)
    return version


def test_sentences_of_a_version_that_cannot_be_read_any_more_are_learned_again(folder, monkeypatch):
    monkeypatch.setattr(lessons, "train_with", lambda judged, _: other_detector())
    monkeypatch.setattr(lessons, "_changes", lambda *_: [])
    of_other_features(folder)
    with pytest.raises(QaError) as error:
        lessons.learn(folder, None)
    assert error.value.code == "learned.other_version"
    assert "qa-audit rubric learn --semantic qa-audit" in str(error.value)
    lesson = lessons.learn(folder, None, "qa-audit")
    assert lesson.sentences == 1
    lessons.accept(folder, lesson.version)
    assert [one.text for one in lessons.judged_of(folder)] == ["我打包票"]


def test_learning_that_is_cut_off_leaves_no_version_without_its_sentences(folder, monkeypatch):
    def cut_off(path, _content):
        raise KeyboardInterrupt(path)

    monkeypatch.setattr(lessons, "train_with", lambda judged, _: other_detector(fault=5.0))
    monkeypatch.setattr(lessons, "write_bytes", cut_off)
    monkeypatch.setattr(lessons, "write_text", cut_off)
    with pytest.raises(KeyboardInterrupt) as error:
        lessons.learn(folder, None)
    assert error.value.args[0].suffix == ".tsv"


def test_another_detector_gives_other_findings_keys_but_the_same_rubric():
    rubric = load_rubric()
    changed = rubric.with_detector(other_detector())
    assert changed.key != rubric.key
    assert changed.sha256 == rubric.sha256
    assert rubric.key == load_rubric().key != rubric.sha256


def test_figures_before_are_those_of_a_version_that_asked_no_model(monkeypatch):
    heads = []

    def held_out(training, head):
        heads.append(head is not None)
        return np.where(training.labels == 1, 1, -1) if head else np.zeros((len(training), len(ITEMS)))

    monkeypatch.setattr(lessons, "corpus", lambda: corpus()[::200])
    monkeypatch.setattr(lessons, "held_out", held_out)
    found = lessons._changes(["no_overpromise"], ([], None), ([], load_embedder(lessons.ENCODER)))
    assert heads == [False, True]
    assert (found[0].before.recall, found[0].after.recall) == (0, 1)


@pytest.mark.slow
def test_learning_changes_nothing_until_accepted(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "corpus", lambda: corpus()[::30])
    table = tmp_path / "judged.csv"
    said = [f"这单子{what}就齐活" for what in ("走完流程", "录进系统", "交到我手里")]
    table.write_text("item,label,sentence\n" + "".join(f"no_overpromise,fault,{one}\n" for one in said))
    lesson = lessons.learn(tmp_path, table)
    assert lessons.accepted_detector(tmp_path) is None
    assert [(one.item, one.judged_after.faults) for one in lesson.changes] == [("no_overpromise", 3)]
    assert lesson.version in str(lesson)
    lessons.accept(tmp_path, lesson.version)
    detector = lessons.accepted_detector(tmp_path)
    assert detector is not None
    place = detector.items.index("no_overpromise")
    assert detector.scores([said[0]])[0, place] > built_in_detector().scores([said[0]])[0, place]
    assert np.array([one.text for one in lessons.judged_of(tmp_path)]).tolist() == said
