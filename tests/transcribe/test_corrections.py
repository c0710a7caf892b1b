from qa_audit.transcribe.corrections import corrected, corrections_note
from qa_audit.transcribe.glossary import Correction, Glossary, Term
from qa_audit.transcribe.turns import Turn


def turn(text, start_s=0.0):
    return Turn("agent", start_s, start_s + 1, text, 0.8, 0, raw_text=text)


def test_the_text_is_put_right_and_the_raw_text_kept():
    turns, made = corrected([turn("云领宽代"), turn("好的", 2.0)], Glossary((Term("云岭宽带"),)))
    assert [(one.text, one.raw_text) for one in turns] == [("云岭宽带", "云领宽代"), ("好的", "好的")]
    assert made == (Correction("云领宽代", "云岭宽带"),)


def test_characters_keep_their_times():
    heard = Turn("agent", 0.0, 1.0, "云领宽代吗", 0.8, char_start_ms=(0, 200, 400, 600, 800))
    ((made,), _) = corrected([heard], Glossary((Term("云岭宽带"),)))
    assert (made.text, made.char_start_ms) == ("云岭宽带吗", (0, 200, 400, 600, 800))


def test_turns_without_corrections_stay_the_same():
    turns = (turn("您好"),)
    assert corrected(turns, Glossary((Term("云岭宽带"),))) == (turns, ())


def test_the_note_counts_all_and_shows_some():
    made = [Correction(f"云{x}", "云岭") for x in "零领龄玲"] + [Correction("云零", "云岭")]
    note = corrections_note("a.wav", made)
    assert note.code == "transcribe.corrected"
    assert dict(note.values) == {"path": "a.wav", "count": "5", "shown": "云零→云岭、云领→云岭、云龄→云岭"}
    assert "5" in str(note)
