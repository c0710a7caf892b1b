"""Text as the recogniser hears it: normalisation, pinyin, phrase search."""
