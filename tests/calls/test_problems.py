import re
import string
from pathlib import Path

import qa_audit
from qa_audit.calls.problems import Problem
from qa_audit.messages import LANGUAGES, catalogue


def test_place_and_text_in_both_languages():
    problem = Problem("calls.bad_direction", "十月.csv", 12, "呼叫方向", {"got": "内转"})
    assert problem.text("zh") == (
        "十月.csv 第 12 行“呼叫方向”：“内转”不是呼叫方向，按未知处理。允许：呼入、呼出、inbound、outbound。"
    )
    assert problem.text("en") == (
        "十月.csv, row 12, 呼叫方向: '内转' is no direction and counts as unknown. "
        "Allowed: 呼入, 呼出, inbound, outbound."
    )


def test_a_problem_of_a_whole_file_names_the_file():
    assert Problem("calls.recording_empty", "a.wav").text("en").startswith("a.wav: the file is empty")


def test_every_message_of_this_package_exists_and_none_is_left_over():
    folder = Path(qa_audit.__file__).parent
    sources = "".join(file.read_text(encoding="utf-8") for file in (folder / "calls").glob("*.py"))
    used = set(re.findall(r'"(calls\.[a-z_]+)"', sources))
    known = {key for key in catalogue() if key.startswith("calls.")}
    assert used == known


def test_both_languages_have_the_same_placeholders():
    for key, texts in catalogue().items():
        if key.startswith(("calls.", "store.")):
            fields = [
                {name for _, name, _, _ in string.Formatter().parse(texts[lang]) if name}
                for lang in LANGUAGES
            ]
            assert fields[0] == fields[1], key


def test_the_sheet_is_named_in_a_workbook_of_several():
    problem = Problem("calls.no_start", "十月.xlsx", 2, "开始时间", sheet="10月1日")
    assert problem.where("zh") == "十月.xlsx“10月1日”表 第 2 行“开始时间”"
    assert problem.where("en") == "十月.xlsx, sheet 10月1日, row 2, 开始时间"
