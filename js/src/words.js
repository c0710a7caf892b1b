// When characters of a turn are said, and which turn is said when.

/** Index of the turn that plays at a time: the latest that has begun and not long ended; -1 for none. */
export function turnAt(turns, seconds) {
  let found = -1;
  for (let n = 0; n < turns.length && turns[n].start_s <= seconds + 0.02; n++) {
    if (seconds < turns[n].end_s || found < 0 || turns[n].end_s >= turns[found].end_s) found = n;
  }
  return found;
}

/** When a character of a turn is said: by its piece if there are pieces, else evenly over the turn. */
export function timeOfCharacter(turn, index) {
  if (index == null || !turn.text.length) return turn.start_s;
  let at = 0;
  for (const [piece, start] of turn.pieces ?? []) {
    at += piece.length;
    if (index < at) return start;
  }
  return turn.start_s + ((turn.end_s - turn.start_s) * index) / turn.text.length;
}

/** Characters of a turn that fall into a stretch of time; null for none. */
export function charactersWithin(turn, start_s, end_s) {
  if (!turn.text.length || turn.end_s <= start_s || turn.start_s >= end_s) return null;
  const times = Array.from(turn.text, (_, n) => timeOfCharacter(turn, n));
  let from = times.findIndex((time, n) => (times[n + 1] ?? turn.end_s) > start_s + 1e-6);
  if (from < 0) from = times.length - 1;
  const to = times.findIndex((time) => time >= end_s - 1e-6);
  return [from, Math.max(from + 1, to < 0 ? times.length : to)];
}

/** Where a quote stands in a turn; the whole turn when it isn't there word for word. */
export function charactersOf(turn, quote) {
  const at = quote ? turn.text.indexOf(quote) : -1;
  return at < 0 ? [0, turn.text.length] : [at, at + quote.length];
}
