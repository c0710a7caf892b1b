// From one call to the next: handing in, skipping, the list of calls.

import { startText } from "./dialogs.js";
import { vetoOf } from "./veto.js";

export class Queue {
  constructor(audit) {
    this.audit = audit;
    this.entries = [];
    this.leaving = null; // the opening of the call whose skip is to be followed by the next call
    this.commands = {
      hand_in: () => this.handIn(),
      call_next: () => this.next(),
      call_previous: () => this.previous(),
      skip: () => this.askSkip(),
      calls: () =>
        audit.dialogs.calls(this.entries, this.at, (callId) => audit.openCall(callId, { play: true })),
    };
  }

  /** Place of the open call; -1 for none. */
  get at() {
    return this.entries.findIndex((one) => one.call_id === this.audit.call?.call_id);
  }

  /** Where to begin: where the inspector was, else the first call that is begun, else the first open one. */
  first(last) {
    const entry = (test) => this.entries.find(test);
    return (
      entry((one) => one.call_id === last) ??
      entry((one) => one.state === "begun") ??
      entry((one) => one.state === "open") ??
      this.entries[0]
    );
  }

  /** When and whose: how people know a call. */
  nameOf(callId) {
    const { start, agent } = this.entries.find((one) => one.call_id === callId) ?? {};
    return [startText(start), agent].filter(Boolean).join("　") || callId;
  }

  noteState(callId, sheet) {
    const entry = this.entries.find((one) => one.call_id === callId);
    if (entry) entry.state = stateOf(sheet);
  }

  next() {
    const { audit } = this;
    const settled = audit.outbox.queue.filter((one) => ["skip", "hand_in"].includes(one.action.kind));
    const passed = new Set([audit.call?.call_id, ...settled.map((one) => one.callId)]);
    const order = this.entries.map((_, n) => this.entries[(this.at + 1 + n) % this.entries.length]);
    const next = order.find((one) => ["open", "begun"].includes(one.state) && !passed.has(one.call_id));
    if (next) audit.openCall(next.call_id, { play: true });
    else audit.tell("player.all_done");
  }

  previous() {
    if (this.at > 0) this.audit.openCall(this.entries[this.at - 1].call_id);
  }

  handIn() {
    const { audit } = this;
    if (!audit.call || audit.call.failed) return;
    if (audit.sheet.handed_in_at) return audit.tell("player.handed_in", { key: audit.cap("call_next") });
    audit.sound.pause();
    const counts = {};
    for (const verdict of Object.values(audit.sheet.verdicts)) counts[verdict] = (counts[verdict] ?? 0) + 1;
    const open = audit.judging.openItems.map((item) => item.name);
    audit.dialogs.handIn(counts, open, this.#vetoed(), () => audit.act({ kind: "hand_in" }));
  }

  /** What failed critical items do to the call, in a line each: one that zeroes it leaves the others nothing. */
  #vetoed() {
    const { audit } = this;
    const { zero, ...others } = vetoOf(audit.call, audit.sheet);
    const line = (what, items, action) => ({
      what,
      text: audit.say(`player.veto_${what}`, { items: items.join("、"), key: audit.cap(action) }),
    });
    if (zero.length) return [line("zero", zero, "severity")];
    const actions = { none: "severity", machine: "fault" };
    return Object.entries(others)
      .filter(([, items]) => items.length)
      .map(([what, items]) => line(what, items, actions[what]));
  }

  askSkip() {
    const { audit } = this;
    if (!audit.call) return;
    if (!audit.mayBe("skip")) return audit.tell("player.not_opened", { key: audit.cap("retry") });
    if (audit.sheet.handed_in_at) return audit.tell("player.no_skip");
    if (audit.sheet.skipped) return audit.tell("player.skipped", { reason: audit.say(`sampling.reason.${audit.sheet.skipped}`) });
    const warning = this.entries[this.at]?.skip_stays
      ? audit.say("player.skip_stays")
      : audit.say("player.skip_may_go", { key: audit.cap("undo") });
    audit.dialogs.skip(warning, (reason) => {
      this.leaving = audit.opening;
      audit.act({ kind: "skip", reason });
    });
  }

  /** The skip is kept: on to the next call, unless the inspector has gone on or taken it back. */
  skipped() {
    const { audit } = this;
    const waits = audit.outbox.of(audit.call.call_id).length > 0;
    if (this.leaving === audit.opening && !waits) this.next();
    this.leaving = null;
  }
}

function stateOf(sheet) {
  if (sheet.handed_in_at) return "handed_in";
  if (sheet.skipped) return "skipped";
  return sheet.revision ? "begun" : "open";
}
