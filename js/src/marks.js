// Where in the words faults and the machine's evidence are.

import { charactersOf, charactersWithin } from "./words.js";

/** `[{turn, from, to, kind: "fault"|"hit", label}]`; `machine` is null while it is hidden. */
export function marksOf(turns, faults, items, machine) {
  const own = faults.flatMap((fault, n) =>
    turns.flatMap((turn) => {
      const span = charactersWithin(turn, fault.start_s, fault.end_s);
      return span ? [{ turn: turn.n, from: span[0], to: span[1], kind: "fault", label: `✗${n + 1}` }] : [];
    }),
  );
  const found = items.flatMap((item) => {
    const { verdict, evidence = [] } = machine?.[item.id] ?? {};
    return evidence.flatMap((place) => {
      const turn = turns.find((one) => one.n === place.turn);
      if (!turn || place.tier === "absence" || turn.corrected) return [];
      const [from, to] = charactersOf(turn, place.quote);
      return [{ turn: turn.n, from, to, kind: verdict === "fail" ? "fault" : "hit", label: item.name }];
    });
  });
  return [...own, ...found];
}
