import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.masking import (
    FORMS,
    HIDDEN,
    LIKE_THEM,
    NAMES,
    OTHER_FORMS,
    OWN_KINDS,
    SETS,
    SHOWN,
    Said,
    forms_by_half,
    main,
    measure,
    measure_kinds,
    read_set,
)

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


def test_what_is_marked_is_known_by_its_place():
    assert read_set("# x\n\n我姓[p:王]，电话[n:幺三八]\n") == [
        Said("我姓王，电话幺三八", ((2, 3, "p"), (6, 9, "n")))
    ]


def test_characters_are_counted_and_punctuation_is_not():
    counts = measure(read_set("我姓[p:王]\n找[p:Tom]\n手机[n:幺三八，零零幺三，八零零零]\n您好李小姐"))
    assert counts == {"n": (11, 11, 1, 1), "p": (4, 1, 2, 1), "a": (0, 0, 0, 0), "masked": (13, 12, 0, 0)}


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_the_figures_in_the_docs_are_those_that_are_printed(path):
    told = CliRunner().invoke(main, catch_exceptions=False).output
    own = told[told.index(f"{path.name}:") :].splitlines()[3:7]
    rates = [line.split()[-1] for line in own[:3]] + [own[3].split()[1]]
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{path.name}`"))
    assert [cell.strip() for cell in row.strip("|").split("|")][2:] == rates


def test_turns_of_a_call_are_measured_together():
    counts = measure_kinds(
        "# x\n[t:一三] / 嗯 / [t:八零] / 嗯 / [t:零一三]\n[N:一二]三 / 好\n电话[H:13800138000]"
    )
    assert counts == {"t": (7, 7, 3, 3), "N": (2, 0, 1, 1), "H": (11, 11, 1, 0)}


def test_the_figures_of_kinds_in_the_docs_are_those_that_are_printed():
    told = [line.split("  ") for line in CliRunner().invoke(main, catch_exceptions=False).output.splitlines()]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines()]
    for kind in (*HIDDEN.values(), *SHOWN.values(), *OTHER_FORMS.values(), *LIKE_THEM.values()):
        (printed,) = ([cell.strip() for cell in line if cell] for line in told if line[0] == kind)
        assert printed in rows


def test_personal_data_of_each_kind_is_hardly_missed():
    found = measure_kinds(OWN_KINDS.read_text(encoding="utf-8"))
    least = {"b": 0.9, "f": 0.8, "c": 0.99, "t": 0.98, "q": 0.99}
    assert {kind for kind in HIDDEN if found[kind][1] / found[kind][0] > least[kind]} == set(HIDDEN)


def test_other_forms_are_masked_in_both_halves_and_prices_are_left():
    masked, stays = forms_by_half()["even"]
    assert masked[3] / masked[2] > 0.75
    assert stays[3] / stays[2] > 0.8
    found = measure_kinds(FORMS.read_text(encoding="utf-8"))
    assert all(found[kind][1] / found[kind][0] > 0.95 for kind in "mev")
    assert found["P"][1] == 0
    told = " ".join(PAGE.split())
    for (masked, stays), words in zip(forms_by_half().values(), ("odd", "even"), strict=True):
        assert f"{words} {masked[3] / masked[2]:.0%} masked and {stays[3] / stays[2]:.0%} left" in told


def test_a_number_is_hardly_ever_missed():
    for path in SETS:
        marked, masked, *_ = measure(read_set(path.read_text(encoding="utf-8")))["n"]
        assert masked / marked > 0.98


def test_the_figures_of_names_in_the_docs_are_those_that_are_printed():
    odd, even, nameless = CliRunner().invoke(main, catch_exceptions=False).output.splitlines()[-3:]
    told = " ".join(PAGE.split())
    recall = [re.search(r"recall (\S+);", line)[1] for line in (odd, even)]
    assert (
        f"constants were chosen {recall[0]} are masked, of the half that was only counted {recall[1]}" in told
    )
    found, of, share = re.search(r"(\d+) of (\d+) have one masked, (\S+) of", nameless).groups()
    assert (
        f"Of {int(of):,} sentences in which nobody is named, {found} have something masked as a name, {share}"
        in told
    )


def test_names_without_a_cue_are_found_where_nothing_was_chosen_by_them():
    even = read_set(NAMES.read_text(encoding="utf-8"))[1::2]
    marked, masked, *_ = measure(even)["p"]
    assert masked / marked > 0.9
