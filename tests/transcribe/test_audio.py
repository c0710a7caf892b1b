import os
import struct
import sys
import zipfile

import numpy as np
import pytest
import soundfile

from qa_audit.messages import QaError, speaking
from qa_audit.transcribe.audio import native_blocks, open_recording, read_all, read_blocks
from qa_audit.transcribe.settings import RawFormat


def tone(seconds=1.0, rate=8_000, channels=2):
    time = np.arange(round(seconds * rate)) / rate
    both = np.stack([np.sin(2 * np.pi * 440 * time), np.sin(2 * np.pi * 880 * time)], axis=1) * 0.5
    return both[:, :channels].astype(np.float32)


def refusal(path, raw=None):
    with pytest.raises(QaError) as caught:
        for _ in read_blocks(open_recording(path, raw)):
            pass
    assert str(path) in str(caught.value)
    return caught.value


def frequency(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * 16_000 / len(samples))


@pytest.mark.parametrize(
    ("suffix", "subtype"),
    [
        ("wav", "PCM_16"),
        ("wav", "ULAW"),
        ("wav", "ALAW"),
        ("wav", "IMA_ADPCM"),
        ("wav", "MS_ADPCM"),
        ("flac", "PCM_16"),
        ("mp3", "MPEG_LAYER_III"),
        ("ogg", "VORBIS"),
    ],
)
def test_channels_stay_apart_at_16_khz(tmp_path, suffix, subtype):
    path = tmp_path / f"call.{suffix}"
    soundfile.write(path, tone(2.0), 8_000, subtype=subtype)
    recording = open_recording(path)
    samples = read_all(recording)
    assert (recording.channels, recording.sample_rate_hz) == (2, 8_000)
    assert recording.duration_s == pytest.approx(2.0, abs=0.2)
    assert samples.dtype == np.float32
    assert samples.shape[1] == pytest.approx(32_000, abs=3_200)
    middle = samples[:, 8_000:24_000]
    assert frequency(middle[0]) == pytest.approx(440, abs=3)
    assert frequency(middle[1]) == pytest.approx(880, abs=3)


@pytest.mark.parametrize("when", ["before the first block", "between two blocks"])
def test_a_file_that_is_replaced_after_its_hash_was_taken_is_not_read_as_the_old_one(tmp_path, when):
    path, other = tmp_path / "call.wav", tmp_path / "other.wav"
    soundfile.write(path, tone(2.0), 8_000)
    soundfile.write(other, 0 * tone(2.0), 8_000)
    os.utime(path, ns=(0, 1_000))
    recording = open_recording(path)
    blocks = read_blocks(recording, 0.5)
    if when == "between two blocks":
        assert next(blocks).any()
    other.replace(path)
    with pytest.raises(QaError) as caught:
        list(blocks)
    assert caught.value.code == "jobs.changed"


def test_a_file_that_goes_after_its_hash_was_taken_can_be_tried_again(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, tone(), 8_000)
    recording = open_recording(path)
    path.unlink()
    with pytest.raises(QaError) as caught:
        list(read_blocks(recording))
    assert caught.value.code == "audio.unreadable"


@pytest.mark.parametrize("rate", [6_000, 8_000, 11_025, 16_000, 44_100, 48_000])
def test_sample_rates(tmp_path, rate):
    path = tmp_path / "call.wav"
    soundfile.write(path, tone(1.0, rate, 1), rate)
    samples = read_all(open_recording(path))
    assert samples.shape[0] == 1
    assert samples.shape[1] == pytest.approx(16_000, abs=8)
    assert frequency(samples[0]) == pytest.approx(440, abs=3)


def test_blocks_are_the_whole_in_order(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, tone(3.3), 8_000)
    recording = open_recording(path)
    blocks = list(read_blocks(recording, block_s=0.5))
    assert len(blocks) > 6
    np.testing.assert_allclose(np.concatenate(blocks, axis=1), read_all(recording), atol=1e-5)


@pytest.mark.parametrize(
    ("encoding", "subtype", "endian"),
    [
        ("alaw", "ALAW", "FILE"),
        ("ulaw", "ULAW", "FILE"),
        ("pcm_s16le", "PCM_16", "LITTLE"),
        ("pcm_s16be", "PCM_16", "BIG"),
        ("pcm_u8", "PCM_U8", "FILE"),
        ("pcm_s8", "PCM_S8", "FILE"),
        ("vox_adpcm", "VOX_ADPCM", "FILE"),
        ("gsm", "GSM610", "FILE"),
    ],
)
def test_headerless_files_read_by_their_format(tmp_path, encoding, subtype, endian):
    path = tmp_path / "1001.V3"
    soundfile.write(path, tone(2.0, channels=1), 8_000, format="RAW", subtype=subtype, endian=endian)
    recording = open_recording(path, RawFormat(pattern="v3", encoding=encoding))
    assert recording.duration_s == pytest.approx(2.0, abs=0.05)
    assert frequency(read_all(recording)[0, 4_000:20_000]) == pytest.approx(440, abs=3)


def test_headerless_ima_adpcm(tmp_path):
    path = tmp_path / "a.ima"
    path.write_bytes(b"\x70\x07\x88" * 4_000)
    recording = open_recording(path, RawFormat(pattern="ima", encoding="ima_adpcm"))
    assert recording.duration_s == pytest.approx(3.0)
    assert read_all(recording).shape == (1, pytest.approx(48_000, abs=8))


@pytest.mark.skipif(sys.platform == "darwin", reason="names are text there")
def test_a_name_that_is_no_text_can_be_read(tmp_path):
    path = tmp_path / os.fsdecode(b"\xc4\xe3\xba\xc3.wav")
    soundfile.write(tmp_path / "a.wav", tone(), 8_000)
    (tmp_path / "a.wav").rename(path)
    assert read_all(open_recording(path)).shape == (2, 16_000)


def test_the_hash_is_of_the_bytes(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(), 8_000)
    renamed = tmp_path / "b.wav"
    renamed.write_bytes(path.read_bytes())
    assert open_recording(path).sha256 == open_recording(renamed).sha256
    assert len(open_recording(path).sha256) == 64


def test_missing(tmp_path):
    assert refusal(tmp_path / "nowhere.wav").code == "audio.missing"


def test_folder(tmp_path):
    assert refusal(tmp_path).code == "audio.folder"


def test_empty(tmp_path):
    path = tmp_path / "a.wav"
    path.touch()
    assert refusal(path).code == "audio.empty"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_no_permission(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(), 8_000)
    path.chmod(0)
    assert refusal(path).code == "audio.no_permission"


def test_permission_error_has_its_own_message(tmp_path, monkeypatch):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(), 8_000)

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    assert refusal(path).code == "audio.no_permission"


def encrypted_zip():
    # Local file header with flag bit 0 set: the entry is encrypted.
    return b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 20, 1, 0, 0, 0, 0, 30, 18, 5, 0) + b"a.wav" + bytes(30)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (encrypted_zip(), "an encrypted ZIP archive (with a password)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an Office document (or an encrypted one)"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(90), "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(90), "a 7-Zip archive"),
        (b"%PDF-1.7\n" + bytes(90), "a PDF document"),
        (b"RIFF\x10\x00\x00\x00WAVE", "a damaged WAV file"),
        ("通话记录：张三，138".encode("gbk"), "a text file"),
        (b"call,agent\n1,2\n", "a text file"),
    ],
)
def test_not_audio_says_what_it_looks_like(tmp_path, data, kind):
    path = tmp_path / "call.wav"
    path.write_bytes(data)
    error = refusal(path)
    assert error.code == "audio.not_audio"
    with speaking("en"):
        assert error.text().startswith(f"{path}: not a recording; it looks like")
        assert refusal(path).values["kind"] == kind


def test_plain_zip_named_wav(tmp_path):
    path = tmp_path / "call.wav"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x" * 100)
    with speaking("en"):
        assert refusal(path).values["kind"] == "a ZIP archive"


def test_unknown_bytes_point_to_the_settings_of_headerless_files(tmp_path):
    path = tmp_path / "call.v3"
    path.write_bytes(bytes(np.random.default_rng(1).integers(128, 256, 4_000, dtype=np.uint8)))
    error = refusal(path)
    assert error.code == "audio.headerless"
    assert "raw_formats" in str(error)


@pytest.mark.parametrize(
    ("data", "codec"),
    [
        (b"#!AMR\n" + bytes(100), "AMR"),
        (b"#!AMR-WB\n" + bytes(100), "AMR-WB"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(100), "MP4/AAC"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(100), "WMA/ASF"),
        (
            b"RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00"
            + struct.pack("<HHIIHH", 0x0083, 1, 8_000, 1_000, 10, 0)
            + b"data\x0a\x00\x00\x00"
            + bytes(10),
            "G.729A",
        ),
    ],
)
def test_codecs_that_need_the_extra(tmp_path, monkeypatch, data, codec):
    monkeypatch.setattr("qa_audit.transcribe.codecs.installed", lambda: False)
    path = tmp_path / "call.wav"
    path.write_bytes(data)
    error = refusal(path)
    assert (error.code, error.values["codec"]) == ("audio.unsupported_codec", codec)
    assert "qa-audit[codecs]" in str(error)


def test_header_without_samples(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros((0, 2), np.float32), 8_000)
    assert refusal(path).code == "audio.no_samples"


@pytest.mark.parametrize("channels", [3, 6])
def test_more_than_two_channels(tmp_path, channels):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros((800, channels), np.float32), 8_000)
    error = refusal(path)
    assert (error.code, error.values["channels"]) == ("audio.channels", channels)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_samples_that_are_no_numbers(tmp_path, value):
    samples = tone(2.0)
    samples[12_000, 1] = value
    path = tmp_path / "a.wav"
    soundfile.write(path, samples, 8_000, subtype="FLOAT")
    error = refusal(path)
    assert (error.code, error.values["second"]) == ("audio.not_finite", "1.50")


def test_a_cut_off_wav_yields_what_is_there_and_says_what_is_missing(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(4.0), 8_000, subtype="PCM_16")
    data = path.read_bytes()
    path.write_bytes(data[: 44 + (len(data) - 44) // 4])
    recording = open_recording(path)
    assert recording.duration_s == pytest.approx(1.0, abs=0.01)
    assert recording.missing_s == pytest.approx(3.0, abs=0.01)
    assert read_all(recording).shape[1] == pytest.approx(16_000, abs=8)


def test_a_wav_cut_off_before_its_first_sample(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(4.0), 8_000, subtype="PCM_16")
    path.write_bytes(path.read_bytes()[:44])
    assert refusal(path).code in ("audio.no_samples", "audio.not_audio")


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_size_never_filled_in_is_no_loss(tmp_path, size):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(2.0), 8_000, subtype="PCM_16")
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"data") + 4, size)
    path.write_bytes(data)
    recording = open_recording(path)
    assert recording.missing_s == 0
    assert recording.duration_s == pytest.approx(2.0, abs=0.01)


def test_a_recorder_that_died_is_heard_beyond_the_size_it_last_wrote(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(3.0), 8_000, subtype="ALAW")
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"data") + 4, 16_000)
    path.write_bytes(data)
    recording = open_recording(path)
    assert recording.duration_s == pytest.approx(3.0, abs=0.01)
    assert frequency(read_all(recording)[1, 36_000:]) == pytest.approx(880, abs=3)


def test_a_damaged_flac_yields_its_beginning(tmp_path):
    path = tmp_path / "a.flac"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 80_000).astype(np.float32), 8_000)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    samples = read_all(open_recording(path))
    assert 16_000 < samples.shape[1] < 100_000


@pytest.mark.parametrize(("subtype", "suffix"), [("PCM_16", "wav"), ("ULAW", "wav"), ("OPUS", "ogg")])
def test_native_blocks_begin_where_they_are_asked_to(tmp_path, subtype, suffix):
    sound = np.zeros((64_000, 2), np.float32)
    sound[40_000:48_000, 1] = 0.5 * np.sin(np.arange(8_000) / 3)
    soundfile.write(tmp_path / f"a.{suffix}", sound, 8_000, subtype=subtype)
    recording = open_recording(tmp_path / f"a.{suffix}")
    blocks = list(native_blocks(recording, 1.0, 4.5))
    assert [len(block) for block in blocks] == [8_000, 8_000, 8_000, 4_000]
    heard = np.flatnonzero(np.abs(np.concatenate(blocks)[:, 1]) > 0.2) / 8_000 + 4.5
    assert heard[0] == pytest.approx(5.0, abs=0.01)
    assert heard[-1] == pytest.approx(6.0, abs=0.01)
    assert list(native_blocks(recording, 1.0, 9.0)) == []


def test_codecs_that_cannot_be_sought_are_read_from_the_beginning(tmp_path):
    (tmp_path / "a.vox").write_bytes(bytes(8_000))
    recording = open_recording(tmp_path / "a.vox", RawFormat(pattern="*.vox", encoding="ima_adpcm"))
    assert [len(block) for block in native_blocks(recording, 1.0, 0.75)] == [8_000, 2_000]


def test_samples_that_are_no_numbers_come_as_silence(tmp_path):
    soundfile.write(
        tmp_path / "a.wav", np.array([0.5, np.nan, np.inf, 0.5], np.float32), 8_000, subtype="FLOAT"
    )
    (block,) = native_blocks(open_recording(tmp_path / "a.wav"))
    assert block[:, 0].tolist() == [0.5, 0.0, 0.0, 0.5]


def test_a_known_hash_is_taken_for_what_it_is(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(800), 8_000)
    assert open_recording(tmp_path / "a.wav", sha256="ab" * 32).sha256 == "ab" * 32
    with pytest.raises(QaError):
        open_recording(tmp_path / "gone.wav", sha256="ab" * 32)
