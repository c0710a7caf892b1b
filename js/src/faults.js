// Marking faults at the moment they are heard, and moving their ends by ear.

import { clock, newId, round } from "./dom.js";
import { nextSeverity } from "./fault.js";
import { stateOf } from "./sheet.js";
import { vetoes } from "./veto.js";
import { turnAt } from "./words.js";

const EDGE_S = 1.2; // heard after an end was moved
const NUDGE_MS = 500; // moves within it are one event
const LONG_TURN_S = 12; // a fault does not reach to the end of a longer rest of a turn
const LEAST_S = 0.1;

export class Faults {
  constructor(audit) {
    this.audit = audit;
    this.moving = null;
    const chosen = (then) => () => this.withChosen(then);
    const { nudge_s } = audit.options;
    this.commands = {
      fault: () => this.mark(),
      fault_next: () => this.next(),
      fault_play: chosen((fault) => this.play(fault.fault)),
      fault_edit: chosen((fault) => audit.items.edit(fault.fault)),
      fault_remove: chosen((fault) => this.remove(fault.fault)),
      severity: chosen((fault) => this.change(fault.fault, { severity: nextSeverity(fault.severity) })),
      start_earlier: chosen((fault) => this.nudge(fault, "start_s", -nudge_s)),
      start_later: chosen((fault) => this.nudge(fault, "start_s", nudge_s)),
      end_earlier: chosen((fault) => this.nudge(fault, "end_s", -nudge_s)),
      end_later: chosen((fault) => this.nudge(fault, "end_s", nudge_s)),
    };
  }

  /** Mark what is heard now: from a reaction time before the key to the end of the turn. */
  mark() {
    const { audit } = this;
    const { sound, options, turns } = audit;
    if (!audit.call || audit.call.failed) return;
    const resume = sound.playing;
    const now = sound.time;
    const start = Math.max(0, now - (resume ? options.reaction_s * sound.rate : 0));
    const turn = turns[turnAt(turns, start)];
    const turnEnd = turn && turn.end_s > start && turn.end_s - start < LONG_TURN_S ? turn.end_s : 0;
    const end = Math.min(audit.wave.durationS, Math.max(now, turnEnd, start + 0.5));
    sound.pause();
    audit.pick(
      "player.pick_fault_item",
      (index) => this.add(index, round(start), round(end), resume),
      () => resume && sound.play(),
    );
  }

  add(index, start_s, end_s, resume) {
    const { audit } = this;
    const item = audit.call.items[index];
    const fault = newId();
    audit.here = index;
    audit.chosen = fault;
    this.resume = resume;
    const severity = item.critical ? "critical" : "minor";
    audit.act({ kind: "fault", fault, item: item.id, severity, start_s, end_s, should_say: "", comment: "" });
    audit.renderNow(); // its fields must be there to be typed in
    audit.items.edit(fault);
    audit.tellState(() => audit.say("player.fault_marked", { fault: this.#stateOf(fault) }));
  }

  /** Say how a fault is now, and what it does to the call where its item is critical. */
  tell(id) {
    this.audit.tellState(() => this.#stateOf(id));
  }

  #stateOf(id) {
    const { call, sheet, say } = this.audit;
    const number = sheet.faults.findIndex((one) => one.fault === id);
    const fault = sheet.faults[number];
    if (!fault) return "";
    const item = call.items.find((one) => one.id === fault.item);
    const ground = call.zero_on_critical && item?.critical && !item.bonus;
    const veto = ground ? say(`player.fault_${vetoes(fault, item, call) ? "vetoes" : "vetoes_not"}`) : "";
    return say("player.fault_state", {
      number: number + 1,
      item: item?.name ?? fault.item,
      severity: say(`player.severity_${fault.severity}`) + veto,
      start: clock(fault.start_s, true),
      end: clock(fault.end_s, true),
    });
  }

  /** What should be said is written: listening goes on where it stopped for it. */
  edited() {
    if (this.audit.chosen) this.tell(this.audit.chosen);
    if (this.resume) this.audit.sound.play();
    this.resume = false;
  }

  choose(fault) {
    const { audit } = this;
    const item = audit.sheet.faults.find((one) => one.fault === fault)?.item;
    const index = audit.call.items.findIndex((one) => one.id === item);
    audit.chosen = fault;
    if (index >= 0) audit.here = index;
    audit.render();
  }

  next() {
    const { faults } = this.audit.sheet;
    if (!faults.length) return this.audit.tell("player.no_faults");
    const { fault } =
      faults[(faults.findIndex((one) => one.fault === this.audit.chosen) + 1) % faults.length];
    this.choose(fault);
    this.play(fault);
  }

  play(id) {
    const fault = this.audit.sheet.faults.find((one) => one.fault === id);
    if (fault) this.audit.sound.playSpan(fault.start_s, Math.max(fault.end_s, fault.start_s + 0.3));
  }

  remove(id) {
    const { audit } = this;
    const fault = audit.sheet.faults.find((one) => one.fault === id);
    if (!fault) return;
    const item = audit.call.items.find((one) => one.id === fault.item);
    audit.act({ kind: "fault_removed", fault: id });
    // Whether the item is open again is Python's to say, a moment later.
    audit.tellState(() => {
      const gone = audit.say("player.fault_gone", { item: item?.name ?? fault.item });
      const known = item && !audit.outbox.of(audit.call.call_id).length;
      return known ? [gone, stateOf(item, audit.sheet, audit.say)].join(audit.say("player.also")) : gone;
    });
  }

  change(id, changes) {
    this.keep();
    const fault = this.audit.sheet.faults.find((one) => one.fault === id);
    if (!fault) return;
    this.audit.act({ kind: "fault", ...fault, ...changes });
    this.tell(id);
  }

  /** Move an end and let it be heard; several moves in a row are one event. */
  nudge(fault, end, by) {
    const { audit } = this;
    const bounds =
      end === "start_s" ? [0, fault.end_s - LEAST_S] : [fault.start_s + LEAST_S, audit.wave.durationS];
    const at = round(Math.min(bounds[1], Math.max(bounds[0], fault[end] + by)));
    clearTimeout(this.moving?.timer);
    this.moving = {
      action: { kind: "fault", ...fault, [end]: at },
      timer: setTimeout(() => this.keep(), NUDGE_MS),
    };
    this.tell(fault.fault);
    audit.render();
    if (end === "start_s") audit.sound.playSpan(at, Math.min(fault.end_s, at + EDGE_S));
    else audit.sound.playSpan(Math.max(fault.start_s, at - EDGE_S), at);
  }

  /** Save an end that was just moved. */
  keep() {
    if (!this.moving) return;
    const { action, timer } = this.moving;
    clearTimeout(timer);
    this.moving = null;
    const { telling } = this.audit;
    this.audit.act(action);
    this.audit.tellState(telling); // of this fault, or of what was done since
  }

  withChosen(then) {
    const fault = this.audit.sheet.faults.find((one) => one.fault === this.audit.chosen);
    if (fault) then(fault);
    else this.audit.tell("player.no_fault_chosen", { key: this.audit.cap("fault_next") });
  }
}
