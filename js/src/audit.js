// The audit of one call after another: what is on show, and what each action does.

import { h, newId, speaker } from "./dom.js";
import { Dialogs } from "./dialogs.js";
import { Header, Transport } from "./header.js";
import { nextSeverity } from "./fault.js";
import { Items } from "./items.js";
import { Keys, composing, keyCap, keyName } from "./keys.js";
import { Link } from "./link.js";
import { Outbox, store, stored } from "./outbox.js";
import { correctedTurns, withActions } from "./sheet.js";
import { Sound } from "./sound.js";
import { Transcript, charactersOf, charactersWithin, turnAt } from "./transcript.js";
import { Wave } from "./wave.js";

const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];
const EDGE_S = 1.2; // heard after an end of a fault was moved
const NUDGE_MS = 500; // nudges within it are one event
const NO_SHEET = { verdicts: {}, faults: [], texts: {}, roles: {}, comment: "", revision: 0 };

export class Audit {
  constructor(model) {
    this.model = model;
    this.say = speaker(model.get("words"));
    this.options = model.get("options");
    this.keys = new Keys(this.options.keys);
    this.placeKey = `qa-audit|${model.get("place")}|here`;
    this.link = new Link(model, this.say);
    this.outbox = new Outbox(this.link, model.get("place"), {
      saved: (callId, answer) => this.#saved(callId, answer),
      refused: (callId, action, error) => this.#refused(callId, action, error),
      changed: () => this.render(),
    });
    this.queue = [];
    this.call = null;
    this.base = NO_SHEET;
    this.machine = null;
    this.here = 0;
    this.chosen = null;
    this.picking = null;
    this.nudged = null;
    this.muted = [false, false];
    this.#build();
  }

  #build() {
    const { say } = this;
    const on = {
      do: (action) => this.do(action),
      seek: (seconds) => this.seek(seconds),
      mute: (lane) => this.#setMuted(this.muted.map((muted, n) => (n === lane ? !muted : muted))),
      faultMoved: (fault, start_s, end_s) => this.#changeFault(fault, { start_s: round(start_s), end_s: round(end_s) }),
      faultChosen: (fault) => this.#choose(fault),
      playAt: (seconds) => this.#playAt(seconds),
      text: (turn, text) => this.act({ kind: "text", turn, text }),
      choose: (index) => this.#go(index),
      verdict: (item, verdict) => this.#judge(item, verdict, false),
      evidence: (place) => this.#playAt(place.start_s),
      chooseFault: (fault) => this.#choose(fault),
      changeFault: (fault, changes) => this.#changeFault(fault, changes),
      playFault: (fault) => this.#playFault(fault),
      removeFault: (fault) => this.act({ kind: "fault_removed", fault }),
      edited: () => this.#edited(),
    };
    this.sound = new Sound((start_s, end_s) => this.#fetchPiece(start_s, end_s), { error: (error) => this.#soundFailed(error) });
    this.header = new Header(say, on);
    this.wave = new Wave(this.sound.media, say, on);
    this.transport = new Transport(say, this.options.keys, on);
    this.transcript = new Transcript(say, on);
    this.items = new Items(say, on);
    this.comment = h("textarea", { class: "qa-comment", rows: 1, placeholder: say("player.comment"), "aria-label": say("player.comment") });
    this.comment.addEventListener("blur", () => this.#keepComment());
    this.comment.addEventListener("qa-done", () => this.#keepComment());
    this.comment.addEventListener("qa-cancel", () => (this.comment.value = this.sheet.comment));
    this.status = h("div", { class: "qa-status", role: "status", "aria-live": "polite" });
    this.focusHint = h("div", { class: "qa-focus-hint" }, say("player.focus_hint"));
    this.root = h(
      "div",
      {
        class: "qa-player",
        tabIndex: 0,
        role: "application",
        "aria-label": say("player.name"),
        "data-lm-suppress-shortcuts": "true",
        "data-jp-suppress-context-menu": "true",
      },
      this.header.root,
      this.header.alert,
      this.wave.root,
      this.transport.root,
      h("div", { class: "qa-panes" }, this.transcript.box, h("div", { class: "qa-right" }, this.items.list, this.comment)),
      h("div", { class: "qa-foot" }, this.status, this.focusHint),
    );
    this.dialogs = new Dialogs(this.root, say);
    this.root.addEventListener("keydown", (event) => this.#keydown(event));
    // A press on a button leaves the focus, and with it the keys, where they are.
    this.root.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault();
      if (!event.target.closest("input,textarea")) this.root.focus({ preventScroll: true });
    });
    for (const name of ["play", "pause", "ended"]) this.sound.media.addEventListener(name, () => this.#playingChanged());
    this.sound.media.addEventListener("waiting", () => (this.transport.waiting.textContent = say("player.loading")));
    this.sound.media.addEventListener("playing", () => (this.transport.waiting.textContent = ""));
    this.sound.media.addEventListener("seeked", () => this.#showTime());
    this.leaving = () => this.#remember();
    addEventListener("pagehide", this.leaving);
  }

  async start() {
    this.wave.attach();
    this.#playingChanged();
    this.render();
    this.outbox.send();
    try {
      this.queue = (await this.link.ask("queue")).queue;
    } catch (error) {
      this.header.showAlert(error.message, true);
      return;
    }
    if (!this.queue.length) {
      this.#tell("player.queue_empty");
      return;
    }
    const last = JSON.parse(stored(this.placeKey) ?? "null");
    const open = this.queue.filter((one) => one.state === "open" || one.state === "begun");
    const first =
      this.queue.find((one) => one.call_id === last?.call_id) ??
      open.find((one) => one.state === "begun") ?? open[0] ?? this.queue[0];
    const here = first.call_id === last?.call_id ? last : {};
    await this.openCall(first.call_id, { at: here.at_s ?? 0, item: here.item ?? 0 });
  }

  destroy() {
    this.#keepAll();
    this.#remember();
    removeEventListener("pagehide", this.leaving);
    cancelAnimationFrame(this.frame);
    this.outbox.close();
    this.link.close();
    this.sound.destroy();
    this.wave.destroy();
  }

  /** Show another call; what goes wrong with it is said, and the next one can still be opened. */
  async openCall(callId, { at = 0, item = 0, play = false } = {}) {
    this.#keepAll();
    this.sound.close();
    const run = (this.opening = {});
    let answer;
    try {
      answer = await this.link.ask("open", { call_id: callId, at_s: at });
    } catch (error) {
      if (run !== this.opening) return;
      // Without its sheet the call can't be judged; the place in the queue moves on all the same.
      this.call = { call_id: callId, turns: [], items: [], duration_s: 0, title: {}, failed: true };
      this.base = NO_SHEET;
      this.transcript.clear();
      this.items.open([], (action) => this.#cap(action));
      this.header.showAlert(error.message, true);
      this.render();
      return;
    }
    if (run !== this.opening) return;
    this.call = answer.call;
    this.base = answer.call.sheet;
    this.machine = machineOf(answer.call);
    this.outbox.revisions.set(callId, this.base.revision);
    Object.assign(this, { here: item, chosen: null, picking: null, nudged: null, evidenceAt: 0 });
    this.header.showAlert("");
    this.transcript.clear();
    this.items.open(this.call.items, (action) => this.#cap(action));
    this.comment.value = this.sheet.comment;
    this.render();
    await this.#openSound(run, answer, at, play);
    if (run === this.opening) this.#remember();
  }

  async #openSound(run, { sound, buffers }, at, play) {
    const duration = sound.duration_s || this.call.duration_s || 1;
    this.wave.open(duration, sound.lanes ?? ["both"], sound.bins_per_s ?? 1);
    if (sound.error) {
      this.wave.addPeaks({ first: 0, gains_db: [0], done: true }, new Uint8Array(0));
      this.header.showAlert(sound.error);
      this.#showTime();
      return;
    }
    this.muted = this.muted.slice(0, sound.lanes.length).concat([false, false]).slice(0, sound.lanes.length);
    this.sound.setMuted(this.muted);
    this.sound.setGains(sound.peaks.gains_db);
    await this.sound.open(duration, sound.lanes, at, { ...sound.piece, data: buffers[1] });
    if (run !== this.opening) return;
    this.wave.addPeaks(sound.peaks, buffers[0]);
    this.wave.showMuted(this.muted);
    this.#showTime();
    this.render();
    if (play) this.sound.play();
    if (!sound.peaks.done) this.#morePeaks(run);
  }

  async #morePeaks(run) {
    const callId = this.call.call_id;
    try {
      for (let done = false; !done && run === this.opening; ) {
        const answer = await this.link.ask("peaks", { call_id: callId });
        if (run !== this.opening) return;
        this.wave.addPeaks(answer.peaks, answer.buffers[0]);
        this.sound.setGains(answer.peaks.gains_db);
        done = answer.peaks.done;
      }
    } catch (error) {
      if (run === this.opening) this.#soundFailed(error);
    }
    this.render();
  }

  async #fetchPiece(start_s, end_s) {
    const { piece, buffers } = await this.link.ask("sound", { call_id: this.call.call_id, start_s, end_s });
    return { ...piece, data: buffers[0] };
  }

  #soundFailed(error) {
    const text = error.name === "NotAllowedError" ? this.say("player.press_play") : error.message;
    this.header.showAlert(text, Boolean(error.again));
  }

  /** The sheet on show: what is saved, what waits to be, and an end that is being moved. */
  get sheet() {
    const waiting = this.call ? this.outbox.of(this.call.call_id) : [];
    return withActions(this.base, this.nudged ? [...waiting, this.nudged.action] : waiting);
  }

  /** Keep an action, at once on show and soon saved. */
  act(action) {
    if (!this.call || this.call.failed) return;
    this.#keepNudge();
    this.outbox.push(this.call.call_id, action);
    this.render();
  }

  #saved(callId, answer) {
    const entry = this.queue.find((one) => one.call_id === callId);
    if (entry) entry.state = stateOf(answer.sheet);
    if (this.call?.call_id !== callId) return;
    const before = this.base;
    this.base = answer.sheet;
    if (answer.machine) this.machine = machineOf(answer);
    if (answer.turns) this.call.turns = answer.turns;
    if (!before.handed_in_at && this.base.handed_in_at) this.#handedIn();
    if (answer.rescored) this.#tell("player.rescored");
    if (!this.root.contains(document.activeElement) || document.activeElement !== this.comment) this.comment.value = this.sheet.comment;
    this.header.showAlert("");
  }

  #handedIn() {
    const differ = this.call.items.filter((item) => this.machine?.[item.id] && this.machine[item.id].verdict !== this.base.first_verdicts[item.id]);
    if (this.machine) this.#tell("player.handed_in_differences", { count: differ.length, key: this.#cap("call_next") });
    else this.#tell("player.handed_in", { key: this.#cap("call_next") });
  }

  #refused(callId, action, error) {
    this.header.showAlert(error.message);
    // Another tab went on: show what it did, so that the inspector decides on what there is now.
    if (error.code === "audit.behind" && this.call?.call_id === callId) this.openCall(callId, { at: this.sound.time, item: this.here });
  }

  render() {
    const { sheet, outbox } = this;
    const index = this.queue.findIndex((one) => one.call_id === this.call?.call_id);
    this.header.showCall(this.call, this.queue, index);
    this.header.showState({ unsaved: outbox.queue.length, trouble: outbox.trouble, sheet, blind: this.call?.blind && !this.machine });
    if (outbox.trouble) this.header.showAlert(outbox.trouble.message, true);
    if (!this.call) return;
    if (this.chosen && !sheet.faults.some((one) => one.fault === this.chosen)) this.chosen = null;
    this.turns = correctedTurns(this.call.turns, sheet);
    this.transcript.show(this.turns, this.#marks(sheet));
    this.items.show({ sheet, here: this.here, chosen: this.chosen, picking: Boolean(this.picking), machine: this.machine });
    this.wave.showFaults(sheet.faults.map((one, n) => ({
      id: one.fault, start_s: one.start_s, end_s: one.end_s, chosen: one.fault === this.chosen,
      label: `✗${n + 1}`,
    })));
  }

  #marks(sheet) {
    const marks = [];
    sheet.faults.forEach((fault, n) => {
      for (const turn of this.turns) {
        const span = charactersWithin(turn, fault.start_s, fault.end_s);
        if (span) marks.push({ turn: turn.n, from: span[0], to: span[1], kind: "fault", label: `✗${n + 1}` });
      }
    });
    for (const item of this.machine ? this.call.items : []) {
      const found = this.machine[item.id];
      for (const place of found?.evidence ?? []) {
        const turn = this.turns.find((one) => one.n === place.turn);
        if (!turn || place.tier === "absence" || turn.corrected) continue;
        const [from, to] = charactersOf(turn, place.quote);
        marks.push({ turn: turn.n, from, to, kind: found.verdict === "fail" ? "fault" : "hit", label: item.name });
      }
    }
    return marks;
  }

  #tell(key, values) {
    this.status.textContent = this.say(key, values);
  }

  #cap(action) {
    return keyCap(this.options.keys[action]?.[0] ?? "", this.say);
  }

  #remember() {
    if (!this.call || this.call.failed) return;
    store(this.placeKey, JSON.stringify({ call_id: this.call.call_id, at_s: round(this.sound.time), item: this.here }));
  }

  // --- keys ------------------------------------------------------------------------------------------

  #keydown(event) {
    if (composing(event)) return;
    const name = keyName(event);
    const field = event.target.closest?.("input,textarea");
    if (field) {
      // Letters belong to the text; nothing of it goes further up.
      event.stopPropagation();
      if (name !== "Enter" && name !== "Esc") return;
      event.preventDefault();
      field.dispatchEvent(new Event(name === "Enter" ? "qa-done" : "qa-cancel"));
      this.root.focus({ preventScroll: true });
      return;
    }
    if (name === "Tab" || name === "Shift+Tab") return;
    event.stopPropagation();
    if (this.dialogs.open) {
      event.preventDefault();
      if (!event.repeat) this.dialogs.key(name);
      return;
    }
    if (this.picking) {
      event.preventDefault();
      if (!event.repeat) this.#picked(name);
      return;
    }
    const { action, bound } = this.keys.actionOf(event);
    if (bound) event.preventDefault();
    if (action) this.do(action);
    else if (name === "Esc") this.header.showAlert("");
  }

  /** Do what a key or a button stands for. */
  do(action) {
    const { sound, options } = this;
    const item = this.call?.items[this.here];
    const jump = { back: -options.jump_s, forward: options.jump_s, back_long: -options.long_jump_s, forward_long: options.long_jump_s };
    if (action in jump) return this.seek(sound.time + jump[action]);
    switch (action) {
      case "play": return sound.playing ? sound.pause() : sound.play();
      case "turn_previous": return this.#turn(-1);
      case "turn_next": return this.#turn(1);
      case "turn_again": return this.#turn(0);
      case "slower": return this.#rate(-1);
      case "faster": return this.#rate(1);
      case "zoom_in": return this.wave.zoom(1);
      case "zoom_out": return this.wave.zoom(-1);
      case "lanes": return this.#nextLanes();
      case "item_previous": return this.#go(this.here - 1);
      case "item_next": return this.#go(this.here + 1);
      case "item_open": return this.#goOpen();
      case "item_pick": return this.#pick("player.pick_item", (index) => this.#go(index));
      case "pass": case "fail": case "not_applicable": case "uncertain": return item && this.#judge(item.id, action, true);
      case "clear": return item && this.#judge(item.id, null, false);
      case "pass_rest": return this.#passRest();
      case "evidence": return this.#evidence();
      case "fault": return this.#mark();
      case "fault_next": return this.#nextFault();
      case "fault_play": return this.chosen && this.#playFault(this.chosen);
      case "fault_edit": return this.chosen && this.items.edit(this.chosen);
      case "fault_remove": return this.chosen && this.act({ kind: "fault_removed", fault: this.chosen });
      case "severity": return this.#chosenFault((fault) => this.#changeFault(fault.fault, { severity: nextSeverity(fault.severity) }));
      case "start_earlier": return this.#nudge("start_s", -options.nudge_s);
      case "start_later": return this.#nudge("start_s", options.nudge_s);
      case "end_earlier": return this.#nudge("end_s", -options.nudge_s);
      case "end_later": return this.#nudge("end_s", options.nudge_s);
      case "comment": return this.comment.focus();
      case "turn_text": return this.#editTurn();
      case "turn_role": return this.#turnRole();
      case "swap_roles": return this.act({ kind: "roles_swapped" });
      case "undo": return this.#undo();
      case "redo": return this.sheet.can_redo ? this.act({ kind: "redo" }) : this.#tell("player.no_redo");
      case "hand_in": return this.#handIn();
      case "call_next": return this.#nextCall();
      case "call_previous": return this.#previousCall();
      case "skip": return this.call && this.dialogs.skip((reason) => this.#skip(reason));
      case "calls": return this.dialogs.calls(this.queue, this.queue.findIndex((one) => one.call_id === this.call?.call_id), (callId) => this.openCall(callId, { play: true }));
      case "retry": return this.#retry();
      case "wide": return document.fullscreenElement ? document.exitFullscreen() : this.root.requestFullscreen?.();
      case "help": return this.dialogs.help(options.keys);
    }
  }

  // --- listening -------------------------------------------------------------------------------------

  seek(seconds) {
    this.sound.seek(seconds);
    this.#showTime(Math.max(0, seconds));
  }

  #playAt(seconds) {
    this.seek(seconds);
    this.sound.play();
  }

  #turn(step) {
    if (!this.turns?.length) return;
    const now = turnAt(this.turns, this.sound.time);
    const late = step < 0 && now >= 0 && this.sound.time - this.turns[now].start_s > 1.5;
    const to = Math.min(this.turns.length - 1, Math.max(0, late ? now : now + step));
    this.#playAt(this.turns[to].start_s);
  }

  #rate(step) {
    const at = RATES.indexOf(this.sound.rate);
    this.sound.setRate(RATES[Math.min(RATES.length - 1, Math.max(0, at + step))]);
    this.#playingChanged();
    this.#tell("player.rate", { rate: this.sound.rate });
  }

  #nextLanes() {
    if (this.muted.length < 2) return;
    const [agent, customer] = this.muted;
    this.#setMuted(!agent && !customer ? [false, true] : !agent ? [true, false] : [false, false]);
  }

  #setMuted(muted) {
    this.muted = muted;
    this.sound.setMuted(muted);
    this.wave.showMuted(muted);
  }

  #playingChanged() {
    const { playing, rate } = this.sound;
    this.transport.showPlaying(playing, rate);
    cancelAnimationFrame(this.frame);
    const step = () => {
      this.sound.tick();
      this.#showTime();
      if (this.sound.playing) this.frame = requestAnimationFrame(step);
    };
    if (playing) this.frame = requestAnimationFrame(step);
    else this.#remember();
  }

  #showTime(at = this.sound.time) {
    if (!this.call) return;
    this.transport.showTime(at, this.wave.durationS);
    this.wave.showTime(at);
    this.transcript.showTime(at);
    if (Math.abs(at - (this.rememberedAt ?? -9)) > 2) {
      this.rememberedAt = at;
      this.#remember();
    }
  }

  // --- judging ---------------------------------------------------------------------------------------

  #go(index) {
    const last = (this.call?.items.length ?? 0) - 1;
    this.here = Math.min(Math.max(0, index), Math.max(0, last));
    this.evidenceAt = 0;
    this.render();
    const item = this.call?.items[this.here];
    if (item) this.#tellItem(item);
  }

  #tellItem(item) {
    const verdict = this.sheet.verdicts[item.id];
    this.status.textContent = `${item.name}：${verdict ? this.say(`verdict.${verdict}`) : this.say("player.open")}`;
  }

  #goOpen() {
    const { items } = this.call;
    const { verdicts } = this.sheet;
    const order = items.map((_, n) => (this.here + 1 + n) % items.length);
    const next = order.find((n) => !verdicts[items[n].id]);
    if (next === undefined) this.#tell("player.none_open");
    else this.#go(next);
  }

  #judge(item, verdict, advance) {
    this.act({ kind: "verdict", item, verdict });
    const name = this.call.items.find((one) => one.id === item).name;
    if (advance && this.here < this.call.items.length - 1) {
      this.here += 1;
      this.evidenceAt = 0;
      this.render();
    }
    this.status.textContent = `${name}：${verdict ? this.say(`verdict.${verdict}`) : this.say("player.open")}`;
  }

  #passRest() {
    const items = this.#openItems().map((item) => item.id);
    if (!items.length) return this.#tell("player.none_open");
    this.act({ kind: "pass_rest", items });
    this.#tell("player.passed_rest", { count: items.length });
  }

  #openItems() {
    const { verdicts } = this.sheet;
    return (this.call?.items ?? []).filter((item) => !verdicts[item.id]);
  }

  #evidence() {
    const item = this.call?.items[this.here];
    if (!item) return;
    const own = this.sheet.faults.filter((fault) => fault.item === item.id);
    const places = [...own, ...(this.machine?.[item.id]?.evidence ?? [])];
    if (!places.length) return this.#tell("player.no_evidence");
    this.#playAt(Math.max(0, places[this.evidenceAt++ % places.length].start_s - 0.5));
  }

  #pick(prompt, take, enter = null) {
    if (!this.call?.items.length) return;
    this.picking = { take, enter };
    this.#tell(prompt);
    this.render();
  }

  #picked(name) {
    const { take, enter } = this.picking;
    const index = name === "Enter" ? this.here : this.items.itemOfKey(name);
    if (index < 0 && name !== "Esc") return;
    this.picking = null;
    this.status.textContent = "";
    if (name === "Esc") {
      enter?.();
      this.render();
    } else take(index);
  }

  #keepComment() {
    if (!this.call || this.call.failed || this.comment.value.trim() === this.sheet.comment) return;
    this.act({ kind: "comment", text: this.comment.value.trim() });
  }

  // --- faults ----------------------------------------------------------------------------------------

  /** Mark what is heard now: from a reaction time before the key to the end of the turn. */
  #mark() {
    if (!this.call || this.call.failed) return;
    const { sound } = this;
    const resume = sound.playing;
    const now = sound.time;
    const start = Math.max(0, now - (resume ? this.options.reaction_s * sound.rate : 0));
    const turn = this.turns[turnAt(this.turns, start)];
    const turnEnd = turn && turn.end_s > start && turn.end_s - start < 12 ? turn.end_s : 0;
    const end = Math.min(this.wave.durationS, Math.max(now, turnEnd, start + 0.5));
    sound.pause();
    this.#pick(
      "player.pick_fault_item",
      (index) => this.#addFault(index, round(start), round(end), resume),
      () => resume && sound.play(),
    );
  }

  #addFault(index, start_s, end_s, resume) {
    const item = this.call.items[index];
    const fault = newId();
    this.here = index;
    this.chosen = fault;
    this.resume = resume;
    this.act({
      kind: "fault", fault, item: item.id, severity: item.critical ? "critical" : "minor",
      start_s, end_s, should_say: "", comment: "",
    });
    this.items.edit(fault);
    this.#tell("player.fault_marked", { item: item.name });
  }

  #edited() {
    if (this.resume) this.sound.play();
    this.resume = false;
  }

  #choose(fault) {
    const item = this.sheet.faults.find((one) => one.fault === fault)?.item;
    this.chosen = fault;
    const index = this.call.items.findIndex((one) => one.id === item);
    if (index >= 0) this.here = index;
    this.render();
  }

  #chosenFault(then) {
    const fault = this.sheet.faults.find((one) => one.fault === this.chosen);
    if (fault) then(fault);
    else this.#tell("player.no_fault_chosen", { key: this.#cap("fault_next") });
  }

  #changeFault(id, changes) {
    this.#keepNudge();
    const fault = this.sheet.faults.find((one) => one.fault === id);
    if (fault) this.act({ kind: "fault", ...fault, ...changes });
  }

  #nextFault() {
    const { faults } = this.sheet;
    if (!faults.length) return this.#tell("player.no_faults");
    const next = faults[(faults.findIndex((one) => one.fault === this.chosen) + 1) % faults.length];
    this.#choose(next.fault);
    this.#playFault(next.fault);
  }

  #playFault(id) {
    const fault = this.sheet.faults.find((one) => one.fault === id);
    if (fault) this.sound.playSpan(fault.start_s, Math.max(fault.end_s, fault.start_s + 0.3));
  }

  /** Move an end of the chosen fault and let it be heard; several moves in a row are one event. */
  #nudge(end, by) {
    this.#chosenFault((fault) => {
      const other = end === "start_s" ? [0, fault.end_s - 0.1] : [fault.start_s + 0.1, this.wave.durationS];
      const at = round(Math.min(other[1], Math.max(other[0], fault[end] + by)));
      clearTimeout(this.nudged?.timer);
      this.nudged = { action: { kind: "fault", ...fault, [end]: at }, timer: setTimeout(() => this.#keepNudge(), NUDGE_MS) };
      this.render();
      if (end === "start_s") this.sound.playSpan(at, Math.min(fault.end_s, at + EDGE_S));
      else this.sound.playSpan(Math.max(fault.start_s, at - EDGE_S), at);
    });
  }

  #keepNudge() {
    if (!this.nudged) return;
    const { action, timer } = this.nudged;
    clearTimeout(timer);
    this.nudged = null;
    this.act(action);
  }

  /** Nothing that was typed or moved is left behind when the call changes. */
  #keepAll() {
    if (this.root.contains(document.activeElement)) document.activeElement.blur?.();
    this.#keepNudge();
    this.#keepComment();
    this.root.focus({ preventScroll: true });
  }

  // --- words and calls -------------------------------------------------------------------------------

  #editTurn() {
    const index = turnAt(this.turns, this.sound.time);
    if (index < 0) return;
    this.sound.pause();
    this.transcript.edit(index, () => this.root.focus({ preventScroll: true }));
  }

  #turnRole() {
    const turn = this.turns[turnAt(this.turns, this.sound.time)];
    if (turn) this.act({ kind: "role", turns: [turn.n], role: turn.role === "agent" ? "customer" : "agent" });
  }

  #undo() {
    if (this.sheet.can_undo || this.outbox.of(this.call?.call_id).length || this.nudged) this.act({ kind: "undo" });
    else this.#tell("player.no_undo");
  }

  #handIn() {
    if (!this.call || this.call.failed) return;
    if (this.sheet.handed_in_at) return this.#tell("player.handed_in", { key: this.#cap("call_next") });
    const counts = {};
    for (const verdict of Object.values(this.sheet.verdicts)) counts[verdict] = (counts[verdict] ?? 0) + 1;
    this.sound.pause();
    this.dialogs.handIn(counts, this.#openItems().map((item) => item.name), () => this.act({ kind: "hand_in" }));
  }

  #skip(reason) {
    this.act({ kind: "skip", reason });
    this.#nextCall();
  }

  #nextCall() {
    const at = this.queue.findIndex((one) => one.call_id === this.call?.call_id);
    const order = this.queue.map((_, n) => this.queue[(at + 1 + n) % this.queue.length]);
    const waiting = new Set(this.outbox.queue.filter((one) => one.action.kind === "skip" || one.action.kind === "hand_in").map((one) => one.callId));
    const next = order.find((one) => (one.state === "open" || one.state === "begun") && one.call_id !== this.call?.call_id && !waiting.has(one.call_id));
    if (next) return this.openCall(next.call_id, { play: true });
    this.#tell("player.all_done");
  }

  #previousCall() {
    const at = this.queue.findIndex((one) => one.call_id === this.call?.call_id);
    if (at > 0) this.openCall(this.queue[at - 1].call_id);
  }

  #retry() {
    this.outbox.send();
    if (!this.queue.length) this.start();
    else if (this.call?.failed || !this.sound.available) this.openCall(this.call.call_id, { at: this.sound.time, item: this.here });
  }
}

/** The machine's verdicts by item; null while they are hidden. */
function machineOf(answer) {
  if (answer.machine) return answer.machine;
  const shown = (answer.items ?? []).filter((item) => item.machine);
  return shown.length ? Object.fromEntries(shown.map((item) => [item.id, item.machine])) : null;
}

function stateOf(sheet) {
  return sheet.handed_in_at ? "handed_in" : sheet.skipped ? "skipped" : sheet.revision ? "begun" : "open";
}

function round(seconds) {
  return Math.round(seconds * 100) / 100;
}
