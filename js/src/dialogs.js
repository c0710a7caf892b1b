// What lies over the player for a moment: keys, handing in, skipping, the list of calls.

import { clock, h } from "./dom.js";
import { keyCap } from "./keys.js";

const GROUPS = {
  listen: [
    "play",
    "back",
    "forward",
    "back_long",
    "forward_long",
    "turn_previous",
    "turn_next",
    "turn_again",
    "slower",
    "faster",
    "lanes",
    "zoom_out",
    "zoom_in",
  ],
  judge: [
    "item_previous",
    "item_next",
    "item_open",
    "item_pick",
    "pass",
    "fail",
    "not_applicable",
    "uncertain",
    "clear",
    "pass_rest",
    "evidence",
    "comment",
  ],
  faults: [
    "fault",
    "fault_next",
    "fault_play",
    "fault_edit",
    "severity",
    "start_earlier",
    "start_later",
    "end_earlier",
    "end_later",
    "fault_remove",
  ],
  calls: [
    "hand_in",
    "call_next",
    "call_previous",
    "calls",
    "skip",
    "undo",
    "redo",
    "retry",
    "turn_text",
    "turn_role",
    "swap_roles",
    "wide",
    "help",
  ],
};

export class Dialogs {
  /** `root` holds the dialog; it gets the focus back when the dialog closes. */
  constructor(root, say) {
    this.root = root;
    this.say = say;
    this.open = null;
  }

  /** Show a dialog; `rows` are chosen with arrows, and taken with Enter or a click; `foot` says its keys. */
  show(title, body, { rows = [], enter = null, chosen = 0, confirm = false, foot = null } = {}) {
    this.close();
    const id = `qa-dialog-${Math.random().toString(36).slice(2, 8)}`;
    const box = h(
      "div",
      { class: "qa-dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": id, tabIndex: -1 },
      h("h2", { id, class: "qa-dialog-title" }, title),
      body,
      h(
        "p",
        { class: "qa-dialog-foot" },
        foot ??
          this.say(
            rows.length ? "player.dialog_keys" : enter ? "player.dialog_enter" : "player.dialog_close",
          ),
      ),
    );
    const veil = h(
      "div",
      { class: "qa-veil", onpointerdown: (event) => event.target === veil && this.close() },
      box,
    );
    this.open = { veil, rows, enter, chosen, confirm };
    rows.forEach((row, n) =>
      row.node.addEventListener("click", () => (confirm ? this.#choose(n) : this.#take(n))),
    );
    this.root.append(veil);
    this.#mark();
    box.focus();
  }

  close() {
    if (!this.open) return;
    this.open.veil.remove();
    this.open = null;
    this.root.focus({ preventScroll: true });
  }

  /** A key pressed while a dialog is open. */
  key(name) {
    const { rows, enter, chosen, confirm } = this.open;
    if (name === "Esc" || (name === "Shift+/" && !rows.length)) return this.close();
    if (name === "Enter") {
      if (rows.length) return this.#take(chosen);
      this.close();
      return enter?.();
    }
    if (rows.length && (name === "Down" || name === "Up")) {
      const before = chosen < 0 && name === "Up" ? 0 : chosen;
      return this.#choose((before + (name === "Down" ? 1 : rows.length - 1)) % rows.length);
    }
    if (confirm && /^[1-9]$/.test(name) && Number(name) <= rows.length) this.#choose(Number(name) - 1);
  }

  #choose(n) {
    this.open.chosen = n;
    this.#mark();
  }

  #take(n) {
    const { rows } = this.open;
    if (!rows[n]) return;
    this.close();
    rows[n].take();
  }

  #mark() {
    this.open.rows.forEach(({ node }, n) => {
      node.classList.toggle("qa-chosen", n === this.open.chosen);
      node.setAttribute("aria-selected", String(n === this.open.chosen));
    });
    this.open.rows[this.open.chosen]?.node.scrollIntoView?.({ block: "nearest" });
  }

  help(keys) {
    const { say } = this;
    const line = (action) =>
      h(
        "div",
        { class: "qa-help-line" },
        h("span", { class: "qa-help-keys" }, h("kbd", {}, keyCap(keys[action][0], say))),
        h("span", {}, say(`player.do_${action}`)),
      );
    const groups = Object.entries(GROUPS).map(([group, actions]) =>
      h(
        "section",
        {},
        h("h3", {}, say(`player.help_${group}`)),
        ...actions.filter((one) => keys[one]?.length).map(line),
      ),
    );
    const veto = h("p", { class: "qa-help-veto" }, say("player.veto_help", { key: keyCap(keys.severity[0], say) }));
    this.show(say("player.help_title"), h("div", { class: "qa-help" }, ...groups, veto));
  }

  /** Ask before handing in: how many of each verdict and what critical items do, or what is still open. */
  handIn(counts, open, vetoed, done) {
    const { say } = this;
    if (open.length) {
      const body = h(
        "div",
        {},
        h("p", {}, say("player.still_open", { count: open.length, items: open.join("、") })),
        h("p", { class: "qa-hint" }, say("player.pass_rest_hint")),
      );
      this.show(say("player.hand_in_not_yet"), body);
      return;
    }
    const parts = Object.entries(counts)
      .filter(([, count]) => count)
      .map(([key, count]) =>
        h(
          "span",
          { class: `qa-count qa-v-${key}` },
          say("player.count", { count, what: say(`verdict.${key}`) }),
        ),
      );
    this.show(
      say("player.hand_in_title"),
      h(
        "div",
        {},
        h("p", { class: "qa-counts" }, ...parts),
        ...vetoed.map(({ what, text }) => h("p", { class: `qa-veto qa-veto-${what}` }, text)),
        h("p", { class: "qa-hint" }, say("player.hand_in_hint")),
      ),
      { enter: done },
    );
  }

  /** Ask why a call is skipped: no reason is chosen beforehand. `warning` says what a skip means for it. */
  skip(warning, done) {
    const { say } = this;
    const rows = ["no_audio", "wrong_agent", "private_call"].map((reason, n) => ({
      node: h(
        "div",
        { class: "qa-choice", role: "option" },
        h("kbd", {}, String(n + 1)),
        say(`sampling.reason.${reason}`),
      ),
      take: () => done(reason),
    }));
    const wanted = h("span", { class: "qa-hint", role: "status" });
    const confirmed = () => {
      if (this.open.chosen < 0) wanted.textContent = say("player.skip_reason_wanted");
      else this.key("Enter");
    };
    const body = h(
      "div",
      {},
      h("p", { class: "qa-warning" }, warning),
      h("div", { role: "listbox" }, ...rows.map((row) => row.node)),
      h(
        "p",
        { class: "qa-dialog-do" },
        h("button", { class: "qa-button", tabIndex: -1, onclick: confirmed }, say("player.skip_now")),
        wanted,
      ),
    );
    const foot = say("player.dialog_choose", { last: rows.length });
    this.show(say("player.skip_title"), body, { rows, chosen: -1, confirm: true, foot });
  }

  calls(queue, here, done) {
    const rows = queue.map((one, n) => ({
      node: h(
        "div",
        { class: "qa-choice", role: "option" },
        h("span", { class: "qa-number" }, String(n + 1)),
        h("span", {}, startText(one.start)),
        h("span", {}, one.agent ?? ""),
        h("span", { class: "qa-faint" }, one.duration_s == null ? "" : clock(one.duration_s)),
        h("span", { class: `qa-state qa-state-${one.state}` }, this.say(`player.state_${one.state}`)),
      ),
      take: () => done(one.call_id),
    }));
    this.show(
      this.say("player.calls_title"),
      h("div", { role: "listbox", class: "qa-calls" }, ...rows.map((row) => row.node)),
      {
        rows,
        chosen: Math.max(0, here),
      },
    );
  }
}

/** "2026-10-21T09:15" as "10-21 09:15". */
export function startText(start) {
  return start ? start.slice(5, 16).replace("T", " ") : "";
}
