// What failed critical items (一票否决) do to a call. Python scores; this only foretells it for the inspector.

/** Whether a fault zeroes the call, as long as its item is failed. */
export function vetoes(fault, item, call) {
  return Boolean(call.zero_on_critical && item.critical && !item.bonus && fault.severity === "critical");
}

/**
 * Failed critical items by what they do: `zero` the call; `none`, as no fault marked on them is critical;
 * `machine`, as none is marked, so that the machine's finding decides, which may not be shown yet.
 */
export function vetoOf(call, sheet) {
  const found = { zero: [], none: [], machine: [] };
  if (!call.zero_on_critical) return found;
  for (const item of call.items) {
    if (!item.critical || item.bonus || sheet.verdicts[item.id] !== "fail") continue;
    const own = sheet.faults.filter((fault) => fault.item === item.id);
    const what = own.some((fault) => vetoes(fault, item, call)) ? "zero" : own.length ? "none" : "machine";
    found[what].push(item.name);
  }
  return found;
}
