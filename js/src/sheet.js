// The sheet as it will be once what waits in the outbox is saved; Python's fold is what counts in the end.

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
