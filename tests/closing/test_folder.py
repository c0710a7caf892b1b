import pytest

from qa_audit.closing.folder import check_seal, read_folder, receipt_of, sealed, write_folder
from qa_audit.messages import QaError

FILES = sealed({"about.json": b"{}\n", "draws/1/frame.csv": b"a\n"})


def refused(code, name, call, *arguments):
    with pytest.raises(QaError) as error:
        call(*arguments)
    assert error.value.code == code
    assert name in error.value.text("zh")


def test_a_folder_holds_what_was_written(tmp_path):
    written = write_folder(FILES, tmp_path / "out")
    assert [path.name for path in written] == ["about.json", "frame.csv", "manifest.json"]
    assert read_folder(tmp_path / "out") == FILES
    refused("closing.folder_used", "out", write_folder, FILES, tmp_path / "out")
    refused("closing.no_export", "manifest.json", read_folder, tmp_path)


def test_every_change_of_a_file_is_named():
    refused("closing.file_changed", "draws/1/frame.csv", check_seal, {**FILES, "draws/1/frame.csv": b"b\n"})
    refused(
        "closing.no_file", "about.json", check_seal, {k: v for k, v in FILES.items() if k != "about.json"}
    )
    refused("closing.file_unknown", "extra.csv", check_seal, {**FILES, "extra.csv": b""})
    refused("closing.bad_file", "manifest.json", check_seal, {"manifest.json": b"[]"})
    refused("closing.bad_file", "manifest.json", check_seal, {"manifest.json": b"{"})


def test_another_manifest_is_another_receipt():
    forged = sealed({"about.json": b"{}\n", "draws/1/frame.csv": b"b\n"})
    assert len(receipt_of(FILES)) == 64
    assert receipt_of(forged) != receipt_of(FILES)
