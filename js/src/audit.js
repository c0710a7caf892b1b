// The audit of one call after another: what is open, what is on show, and how actions are kept.

import { h, round, speaker } from "./dom.js";
import { Dialogs } from "./dialogs.js";
import { Faults } from "./faults.js";
import { Header, Transport } from "./header.js";
import { Items } from "./items.js";
import { Judging } from "./judging.js";
import { Keyboard } from "./keyboard.js";
import { keyCap } from "./keys.js";
import { Link } from "./link.js";
import { Listening } from "./listening.js";
import { marksOf } from "./marks.js";
import { Outbox, store, stored } from "./outbox.js";
import { Queue } from "./queue.js";
import { changesOf, correctedTurns, withActions } from "./sheet.js";
import { Sound } from "./sound.js";
import { Transcript } from "./transcript.js";
import { Wave } from "./wave.js";

/** What can be done to a call that could not be opened. */
const WITHOUT_TURNS = ["skip", "comment", "undo", "redo"];
/** What was refused less long ago has hardly been read yet, so that another call does not take it away. */
const READ_MS = 5_000;
const NO_SHEET = { verdicts: {}, faults: [], texts: {}, roles: {}, comment: "", revision: 0 };

export class Audit {
  constructor(model) {
    this.say = speaker(model.get("words"));
    this.options = model.get("options");
    const place = model.get("place");
    this.placeKey = `qa-audit|${place}|here`;
    this.link = new Link(model, this.say);
    this.outbox = new Outbox(this.link, place, {
      saved: (callId, answer, action) => this.#saved(callId, answer, action),
      refused: (callId, _action, error) => this.#refused(callId, error),
      changed: () => this.render(),
    });
    this.call = null;
    this.base = NO_SHEET;
    this.machine = null;
    this.here = 0;
    this.chosen = null;
    this.refusal = null;
    this.#build();
  }

  #build() {
    const { say, options } = this;
    const on = {
      do: (action) => this.keyboard.do(action),
      seek: (seconds) => this.listening.seek(seconds),
      mute: (lane) => this.listening.toggle(lane),
      playAt: (seconds) => this.listening.playAt(seconds),
      evidence: (place) => this.listening.playAt(place.start_s),
      text: (turn, text) => this.act({ kind: "text", turn, text }),
      choose: (index) => this.judging.go(index),
      verdict: (item, verdict) => this.judging.judge(item, verdict, false),
      chooseFault: (fault) => this.faults.choose(fault),
      changeFault: (fault, changes) => this.faults.change(fault, changes),
      playFault: (fault) => this.faults.play(fault),
      removeFault: (fault) => this.faults.remove(fault),
      edited: () => this.faults.edited(),
      closeAlert: () => this.closeAlert(),
    };
    this.sound = new Sound(
      (start_s, end_s) => this.listening.fetchPiece(start_s, end_s),
      (error) => this.listening.failed(error),
    );
    this.header = new Header(say, on);
    this.wave = new Wave(this.sound.media, say, on);
    this.transport = new Transport(say, options, on);
    this.transcript = new Transcript(say, on);
    this.items = new Items(say, on);
    this.comment = h("textarea", {
      class: "qa-comment",
      rows: 1,
      placeholder: `${say("player.comment")}（${this.cap("comment")}）`,
      "aria-label": say("player.comment"),
      onblur: () => this.judging.keepComment(),
      "onqa-done": () => this.judging.keepComment(),
      "onqa-cancel": () => (this.comment.value = this.sheet.comment),
    });
    this.status = h("div", { class: "qa-status", role: "status", "aria-live": "polite" });
    this.root = h(
      "div",
      {
        class: "qa-player",
        tabIndex: 0,
        role: "application",
        "aria-label": say("player.name"),
        "data-lm-suppress-shortcuts": "true",
      },
      this.header.root,
      this.header.notes,
      this.header.alert,
      this.wave.root,
      this.transport.root,
      h(
        "div",
        { class: "qa-panes" },
        this.transcript.box,
        h("div", { class: "qa-right" }, this.items.list, this.comment),
      ),
      h(
        "div",
        { class: "qa-foot" },
        this.status,
        h("div", { class: "qa-focus-hint" }, say("player.focus_hint")),
      ),
    );
    this.dialogs = new Dialogs(this.root, say);
    this.listening = new Listening(this);
    this.judging = new Judging(this);
    this.faults = new Faults(this);
    this.queue = new Queue(this);
    this.keyboard = new Keyboard(this);
    this.leaving = () => this.remember();
    addEventListener("pagehide", this.leaving);
  }

  /** To be called once the root is in the page. */
  async start() {
    this.wave.attach();
    this.listening.changed();
    this.render();
    this.focus();
    this.root.scrollIntoView({ block: "nearest" });
    this.outbox.send();
    await this.openQueue();
  }

  async openQueue() {
    try {
      this.queue.entries = (await this.link.ask("queue")).queue;
    } catch (error) {
      this.header.showAlert(error.message, true);
      return;
    }
    if (!this.queue.entries.length) {
      this.tell("player.queue_empty");
      return;
    }
    const last = JSON.parse(stored(this.placeKey) ?? "{}");
    const first = this.queue.first(last.call_id);
    const again = first.call_id === last.call_id;
    await this.openCall(first.call_id, again ? { at: last.at_s, item: last.item } : {});
  }

  destroy() {
    this.keepAll();
    this.remember();
    removeEventListener("pagehide", this.leaving);
    this.listening.destroy();
    this.outbox.close();
    this.link.close();
    this.sound.destroy();
    this.wave.destroy();
  }

  /** Show another call; what goes wrong with it is said, and the next one can still be opened. */
  async openCall(callId, { at = 0, item = 0, play = false } = {}) {
    this.keepAll();
    this.sound.close();
    const run = (this.opening = { callId });
    if (Date.now() - this.refusal?.at > READ_MS) this.refusal = null;
    this.#sayRefusal();
    let answer;
    try {
      answer = await this.link.ask("open", { call_id: callId, at_s: at });
    } catch (error) {
      if (run !== this.opening) return;
      answer = await this.#unopened(callId, error);
    }
    if (run !== this.opening) return;
    this.call = answer.call;
    this.base = answer.call.sheet ?? NO_SHEET;
    this.#noteMachine(answer.call);
    if (answer.call.sheet) this.outbox.noteRevision(callId, this.base.revision);
    Object.assign(this, { here: item, chosen: null });
    this.keyboard.picking = null;
    this.transcript.clear();
    this.items.open(this.call.items, (action) => this.cap(action));
    this.comment.value = this.sheet.comment;
    this.tellState(null);
    if (this.base.corrections_outdated) this.tell("player.corrections_outdated");
    this.render();
    await this.listening.open(answer, at, play, () => run === this.opening);
  }

  /** In place of a call that can't be opened: it can't be judged, but be skipped if its sheet is known. */
  async #unopened(callId, error) {
    const call = { call_id: callId, turns: [], items: [], duration_s: 0, sheet: null, failed: true };
    try {
      // Of a kernel that does not answer nothing more is asked.
      if (error.code !== "silent") call.sheet = (await this.link.ask("sheet", { call_id: callId })).sheet;
    } catch {
      // What kept the call from opening is said.
    }
    return { call, sound: { error: error.message }, again: true };
  }

  /** The sheet on show: what is saved, what waits to be, and an end that is being moved. */
  get sheet() {
    const waiting = this.call ? this.outbox.of(this.call.call_id) : [];
    const { moving } = this.faults;
    return withActions(this.base, moving ? [...waiting, moving.action] : waiting);
  }

  /** Keep an action, at once on show and soon saved; whether it is. */
  act(action) {
    if (!this.call) return false;
    if (!this.mayBe(action.kind)) {
      this.tell("player.not_opened", { key: this.cap("retry") });
      return false;
    }
    this.faults.keep();
    this.tellState(null); // it tells of what was done before
    this.outbox.push(this.call.call_id, action);
    this.render();
    return true;
  }

  /** Whether an action of that kind is possible on the call on show: on one that can't be opened few are. */
  mayBe(kind) {
    const { failed, sheet } = this.call;
    return !failed || Boolean(sheet && WITHOUT_TURNS.includes(kind));
  }

  #saved(callId, answer, { kind }) {
    if (answer.queue) this.queue.entries = answer.queue;
    else this.queue.noteState(callId, answer.sheet);
    if (this.call?.call_id !== callId) return;
    const before = this.base;
    this.base = answer.sheet;
    this.#noteMachine(answer);
    if (document.activeElement !== this.comment) this.comment.value = this.sheet.comment;
    if (kind === "undo" || kind === "redo") this.#taken(kind, before);
    if (!before.handed_in_at && this.base.handed_in_at) this.#handedIn();
    if (answer.queue) this.queue.skipped();
  }

  /** What the machine says, once it is shown; null before. */
  #noteMachine({ machine, rescored, scores }) {
    Object.assign(this, { machine: machine ?? null, rescored: rescored ?? null, scores: scores ?? null });
  }

  /** Say what was undone or redone: only Python knows what that was, so by what differs now. */
  #taken(kind, before) {
    const after = this.base;
    this.tellState(() => {
      const changes = changesOf(before, after, this.sheet, this.call, this.say);
      return this.say(`player.taken_${kind}`, { changes: changes.join(this.say("player.also")) });
    });
  }

  #handedIn() {
    const { items } = this.call;
    const differ = items.filter(
      (item) => this.machine?.[item.id]?.verdict !== this.base.first_verdicts[item.id],
    );
    const key = this.cap("call_next");
    if (this.machine) this.tell("player.handed_in_differences", { count: differ.length, key });
    else this.tell("player.handed_in", { key });
  }

  #refused(callId, error) {
    // Another tab went on: show what it did, so that the inspector decides on what there is now.
    const behind = error.code === "audit.behind" && this.call?.call_id === callId;
    const shown = behind
      ? this.openCall(callId, { at: this.sound.time, item: this.here })
      : Promise.resolve();
    if (this.call?.call_id === callId) this.tellState(null); // it says what is not so
    shown.then(() => {
      this.refusal = { callId, text: error.message, at: Date.now() };
      this.#sayRefusal();
    });
  }

  /** What was refused, with its call if another one is open; "" for nothing. */
  #refusalText() {
    if (!this.refusal) return "";
    const { callId, text } = this.refusal;
    const own = this.opening?.callId === callId;
    return own ? text : this.say("player.of_call", { call: this.queue.nameOf(callId), text });
  }

  #sayRefusal() {
    this.header.showAlert(this.#refusalText());
  }

  /** Close the alert on show; what was refused beneath it comes to light. */
  closeAlert() {
    if (this.header.alertText === this.#refusalText()) this.refusal = null;
    this.#sayRefusal();
  }

  /** Try again what failed: to save, to open the queue, the call or its sound. */
  retry() {
    this.outbox.send();
    if (!this.queue.entries.length) this.openQueue();
    else if (!this.sound.available)
      this.openCall(this.call.call_id, { at: this.sound.time, item: this.here });
  }

  /** Show what changed, once for all that changes in one go. */
  render() {
    if (this.renderDue) return;
    this.renderDue = true;
    queueMicrotask(() => this.renderDue && this.renderNow());
  }

  renderNow() {
    this.renderDue = false;
    const { sheet, outbox, call } = this;
    this.header.showCall(call, this.queue.entries, this.queue.at);
    this.header.showNotes(call, this.sheet);
    this.header.showState({
      unsaved: outbox.queue.length,
      trouble: outbox.trouble,
      sheet,
      blind: call?.blind,
      scores: this.scores,
    });
    if (outbox.trouble) this.header.showAlert(outbox.trouble.message, true);
    else if (this.wasTrouble?.message === this.header.alertText) this.#sayRefusal();
    this.wasTrouble = outbox.trouble;
    if (!call) return;
    if (this.chosen && !sheet.faults.some((one) => one.fault === this.chosen)) this.chosen = null;
    this.turns = correctedTurns(call.turns, sheet);
    this.transcript.show(this.turns, marksOf(this.turns, sheet.faults, call.items, this.machine));
    const { here, chosen, machine, rescored } = this;
    this.root.setAttribute("aria-activedescendant", this.items.idOf(here));
    this.items.show({ sheet, here, chosen, picking: Boolean(this.keyboard.picking), machine, rescored });
    if (this.telling) this.tellState(this.telling);
    this.wave.showFaults(
      sheet.faults.map((fault, n) => ({ ...fault, label: `✗${n + 1}`, chosen: fault.fault === chosen })),
    );
  }

  /** Ask for an item by its letter: `take(index)`, or `leave()` on Esc. */
  pick(prompt, take, leave = () => {}) {
    if (!this.call?.items.length) return;
    this.keyboard.picking = { take, leave };
    this.tell(prompt);
    this.render();
  }

  tell(key, values) {
    this.tellState(() => this.say(key, values));
  }

  /** Say what `text()` makes of the sheet on show, and say it anew as that changes; null says nothing. */
  tellState(text) {
    this.telling = text;
    const said = text?.() ?? "";
    // What is the same would be read out again by a screen reader.
    if (this.status.textContent !== said) this.status.textContent = said;
  }

  /** The first key of an action, as it is shown. */
  cap(action) {
    return keyCap(this.options.keys[action]?.[0] ?? "", this.say);
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }

  /** Nothing that was typed or moved is left behind when the call changes. */
  keepAll() {
    const typing = document.activeElement;
    if (typing?.matches?.("input,textarea") && this.root.contains(typing)) this.focus();
    this.faults.keep();
    this.judging.keepComment();
  }

  /** Keep in the browser where the inspector is. */
  remember() {
    if (!this.call || this.call.failed) return;
    const here = { call_id: this.call.call_id, at_s: round(this.sound.time), item: this.here };
    store(this.placeKey, JSON.stringify(here));
  }
}
