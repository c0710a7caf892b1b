from qa_audit.transcribe.driver import Segment
from qa_audit.transcribe.engine import Piece
from qa_audit.transcribe.frames import transcript_from, turns_frame
from qa_audit.transcribe.invented import Passage, note_of, passages_in, removed_from
from qa_audit.transcribe.turns import Transcript


def heard(text, start_s, channel=0):
    pieces = tuple(Piece(char, start_s, start_s + 1, -0.1) for char in text)
    return Segment(channel, start_s, start_s + 2, pieces)


def test_what_was_taken_out_is_found_again_in_order_of_time():
    segments = [heard("好的。谢谢观看。", 9.0), heard("您好,(音乐)请稍等", 3.0), heard("再见", 20.0)]
    dropped = [heard("我说了,我说了", 5.0, channel=1), heard(" ", 6.0)]
    assert removed_from(segments, dropped) == (
        Passage(0, 3.0, "(音乐)"),
        Passage(1, 5.0, "我说了,我说了"),
        Passage(0, 9.0, "谢谢观看。"),
    )


def test_loops_are_counted_once_and_numbers_are_no_loops():
    assert removed_from([heard("好的好的好的好的好的,订单号8888888", 0.0)]) == (
        Passage(0, 0.0, "好的好的好的好的好的"),
    )


def test_speech_gives_nothing_to_count():
    assert removed_from([heard("您好,为您服务。", 0.0)]) == ()


def test_the_note_counts_shows_a_few_and_keeps_them_all():
    passages = [Passage(place % 2, float(place), f"第{place}段" + "谢谢观看" * 9) for place in range(5)]
    note = note_of("a.wav", passages)
    values = dict(note.values)
    assert (note.code, values["count"]) == ("transcribe.invented", "5")
    assert values["shown"].count("…") == 3
    assert "5" in str(note)
    assert values["raw"] not in str(note)
    assert passages_in([note]) == tuple(passages)


def test_the_note_survives_the_way_through_a_frame():
    note = note_of("a.wav", [Passage(1, 2.5, "谢谢观看\n“”")])
    one = Transcript("ab", 3.0, 2, "openai-whisper", "base", "draft", (), notes=(note,))
    assert passages_in(transcript_from(turns_frame(one)).notes) == (Passage(1, 2.5, "谢谢观看\n“”"),)
