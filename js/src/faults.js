// Marking faults at the moment they are heard, and moving their ends by ear.

import { newId, round } from "./dom.js";
import { nextSeverity } from "./fault.js";
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
    audit.tell("player.fault_marked", { item: item.name });
  }

  /** What should be said is written: listening goes on where it stopped for it. */
  edited() {
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

  remove(fault) {
    this.audit.act({ kind: "fault_removed", fault });
  }

  change(id, changes) {
    this.keep();
    const fault = this.audit.sheet.faults.find((one) => one.fault === id);
    if (fault) this.audit.act({ kind: "fault", ...fault, ...changes });
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
    this.audit.act(action);
  }

  withChosen(then) {
    const fault = this.audit.sheet.faults.find((one) => one.fault === this.audit.chosen);
    if (fault) then(fault);
    else this.audit.tell("player.no_fault_chosen", { key: this.audit.cap("fault_next") });
  }
}
