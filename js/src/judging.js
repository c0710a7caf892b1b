// Verdicts on items, the comment, and corrections of what was recognised.

import { stateOf } from "./sheet.js";
import { turnAt } from "./words.js";

export class Judging {
  constructor(audit) {
    this.audit = audit;
    this.evidenceAt = 0;
    const item = (then) => () => {
      const one = audit.call?.items[audit.here];
      if (one) then(one);
    };
    const judge = (verdict) => item((one) => this.judge(one.id, verdict, true));
    this.commands = {
      item_previous: () => this.go(audit.here - 1),
      item_next: () => this.go(audit.here + 1),
      item_open: () => this.goOpen(),
      item_pick: () => audit.pick("player.pick_item", (index) => this.go(index)),
      pass: judge("pass"),
      fail: judge("fail"),
      not_applicable: judge("not_applicable"),
      uncertain: judge("uncertain"),
      clear: item((one) => this.judge(one.id, null, false)),
      pass_rest: () => this.passRest(),
      evidence: item((one) => this.evidence(one)),
      comment: () => audit.comment.focus(),
      turn_text: () => this.editTurn(),
      turn_role: () => this.turnRole(),
      swap_roles: () => {
        if (audit.act({ kind: "roles_swapped" })) audit.tell("player.swapped");
      },
      undo: () => this.undo(),
      redo: () => (audit.sheet.can_redo ? audit.act({ kind: "redo" }) : audit.tell("player.no_redo")),
    };
  }

  get openItems() {
    const { verdicts } = this.audit.sheet;
    return (this.audit.call?.items ?? []).filter((item) => !verdicts[item.id]);
  }

  go(index) {
    const { audit } = this;
    const items = audit.call?.items ?? [];
    audit.here = Math.min(Math.max(0, index), Math.max(0, items.length - 1));
    this.evidenceAt = 0;
    audit.render();
    if (items.length) this.tell(items[audit.here]);
  }

  goOpen() {
    const { items } = this.audit.call ?? { items: [] };
    const [first] = this.openItems;
    const order = items.map((_, n) => items[(this.audit.here + 1 + n) % items.length]);
    const next = order.find((item) => this.openItems.includes(item)) ?? first;
    if (next) this.go(items.indexOf(next));
    else this.audit.tell("player.none_open");
  }

  judge(id, verdict, advance) {
    const { audit } = this;
    const { items } = audit.call;
    audit.act({ kind: "verdict", item: id, verdict });
    if (advance && audit.here < items.length - 1) {
      audit.here += 1;
      this.evidenceAt = 0;
      audit.render();
    }
    this.tell(items.find((one) => one.id === id));
  }

  passRest() {
    const items = this.openItems.map((item) => item.id);
    if (!items.length) return this.audit.tell("player.none_open");
    this.audit.act({ kind: "pass_rest", items });
    this.audit.tell("player.passed_rest", { count: items.length });
  }

  /** Play the places that speak for an item's verdict, one after the other. */
  evidence(item) {
    const { audit } = this;
    const own = audit.sheet.faults.filter((fault) => fault.item === item.id);
    const places = [...own, ...(audit.machine?.[item.id]?.evidence ?? [])];
    if (!places.length) return audit.tell("player.no_evidence");
    audit.listening.playAt(Math.max(0, places[this.evidenceAt++ % places.length].start_s - 0.5));
  }

  keepComment() {
    const { audit } = this;
    const text = audit.comment.value.trim();
    if (!audit.call || text === audit.sheet.comment) return;
    audit.act({ kind: "comment", text });
  }

  editTurn() {
    const { audit } = this;
    const index = turnAt(audit.turns ?? [], audit.sound.time);
    if (index < 0) return;
    audit.sound.pause();
    audit.transcript.edit(index, () => audit.focus());
  }

  turnRole() {
    const { audit } = this;
    const turn = audit.turns?.[turnAt(audit.turns, audit.sound.time)];
    if (!turn) return;
    const role = turn.role === "agent" ? "customer" : "agent";
    const done = audit.act({ kind: "role", turns: [turn.n], role });
    if (done) audit.tell("player.turn_is_of", { role: audit.say(`player.lane_${role}`) });
  }

  undo() {
    const { audit } = this;
    const waiting = audit.outbox.of(audit.call?.call_id).length > 0;
    if (audit.sheet.can_undo || waiting || audit.faults.moving) audit.act({ kind: "undo" });
    else audit.tell("player.no_undo");
  }

  /** Say the verdict on an item, for the eye and for a screen reader. */
  tell(item) {
    const { audit } = this;
    audit.tellState(() => stateOf(item, audit.sheet, audit.say));
  }
}
