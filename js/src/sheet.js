// The sheet as it will be once what waits in the outbox is saved; Python's fold is what counts in the end.

const MANY = 3; // items that are named
const OTHER = { agent: "customer", customer: "agent" };

/** The sheet with actions applied; neither is changed. */
export function withActions(sheet, actions) {
  if (!actions.length) return sheet;
  const next = {
    ...sheet,
    verdicts: { ...sheet.verdicts },
    faults: [...sheet.faults],
    texts: { ...sheet.texts },
    roles: { ...sheet.roles },
  };
  for (const action of actions) apply(next, action);
  return next;
}

function apply(sheet, action) {
  switch (action.kind) {
    case "verdict":
      if (action.verdict === null) delete sheet.verdicts[action.item];
      else sheet.verdicts[action.item] = action.verdict;
      break;
    case "pass_rest":
      for (const item of action.items) sheet.verdicts[item] ??= "pass";
      break;
    case "fault": {
      const { kind: _, ...fault } = action;
      const known = sheet.faults.some((one) => one.fault === fault.fault);
      if (!known) sheet.verdicts[fault.item] = "fail";
      sheet.faults = sheet.faults.filter((one) => one.fault !== fault.fault).concat(fault);
      sheet.faults.sort((a, b) => a.start_s - b.start_s || a.end_s - b.end_s);
      break;
    }
    case "fault_removed":
      sheet.faults = sheet.faults.filter((one) => one.fault !== action.fault);
      break;
    case "comment":
      sheet.comment = action.text;
      break;
    case "text":
      sheet.texts[action.turn] = action.text;
      break;
    case "role":
      for (const turn of action.turns) sheet.roles[turn] = action.role;
      break;
    case "roles_swapped":
      sheet.roles_swapped = !sheet.roles_swapped;
      for (const turn of Object.keys(sheet.roles)) sheet.roles[turn] = OTHER[sheet.roles[turn]];
      break;
    case "skip":
      sheet.skipped = action.reason;
      break;
    default: // handing in, undo and redo are Python's to judge
  }
}

/** Turns with the sheet's corrections. */
export function correctedTurns(turns, sheet) {
  return turns.map((turn) => {
    const text = sheet.texts?.[turn.n];
    const swapped = sheet.roles_swapped ? (OTHER[turn.role] ?? turn.role) : turn.role;
    return {
      ...turn,
      role: sheet.roles?.[turn.n] ?? swapped,
      text: text ?? turn.text,
      // Pieces are of the words that were recognised.
      pieces: text === undefined ? turn.pieces : undefined,
      corrected: text !== undefined && text !== turn.text,
    };
  });
}

/** An item and its verdict in words. */
export function stateOf(item, sheet, say) {
  const verdict = sheet.verdicts[item.id];
  return say("player.item_state", {
    item: item.name,
    verdict: say(verdict ? `verdict.${verdict}` : "player.open"),
  });
}

/**
 * What differs between two sheets, in words, verdicts as they are in `shown`: of more than a few items how many.
 */
export function changesOf(before, after, shown, { items }, say) {
  const nameOf = (id) => items.find((item) => item.id === id)?.name ?? id;
  const faults = (what, found) => found.map(({ item }) => say(`player.fault_${what}`, { item: nameOf(item) }));
  const of = (sheet, { fault }) => sheet.faults.find((one) => one.fault === fault);
  const kept = after.faults.filter((one) => of(before, one));
  const judged = items.filter((item) => before.verdicts[item.id] !== after.verdicts[item.id]);
  const differs = (...names) => names.some((name) => !same(before[name], after[name]));
  return [
    ...faults(
      "gone",
      before.faults.filter((one) => !of(after, one)),
    ),
    ...faults(
      "back",
      after.faults.filter((one) => !of(before, one)),
    ),
    ...faults(
      "changed",
      kept.filter((one) => !same(one, of(before, one))),
    ),
    ...(judged.length > MANY
      ? [say("player.changed_items", { count: judged.length })]
      : judged.map((item) => stateOf(item, shown, say))),
    ...(differs("comment") ? [say("player.changed_comment")] : []),
    ...(differs("texts") ? [say("player.changed_texts")] : []),
    ...(differs("roles", "roles_swapped") ? [say("player.changed_roles")] : []),
    ...(differs("skipped") ? [say(after.skipped ? "player.changed_skipped" : "player.changed_unskipped")] : []),
  ];
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
