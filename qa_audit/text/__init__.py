"""Normalisation, pinyin and phrase search: used by transcription and scoring alike. Imports nothing heavy."""

from qa_audit.text.normalise import Normalised, clauses, normalise, sentences, to_simplified
from qa_audit.text.phrases import Phrase, fold_honorific, phrase, phrase_forms
from qa_audit.text.pinyin import fold_syllable, readings, sound, syllables, toned_readings
from qa_audit.text.search import TIERS, Hit, MatchTier, Searchable, Span, find, find_any, searchable, spans

__all__ = [
    "TIERS",
    "Hit",
    "MatchTier",
    "Normalised",
    "Phrase",
    "Searchable",
    "Span",
    "clauses",
    "find",
    "find_any",
    "fold_honorific",
    "fold_syllable",
    "normalise",
    "phrase",
    "phrase_forms",
    "readings",
    "searchable",
    "sentences",
    "sound",
    "spans",
    "syllables",
    "to_simplified",
    "toned_readings",
]
