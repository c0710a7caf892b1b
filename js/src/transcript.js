// The words: who says what when; the playing turn, faults and evidence marked in them.

import { clock, h, keepVisible, widthOf } from "./dom.js";
import { timeOfCharacter, turnAt } from "./words.js";

const LOW_CONFIDENCE = 0.5;

export class Transcript {
  /** `on.playAt(seconds)`, `on.text(turn, text)`, `on.role(turn)`. */
  constructor(say, on) {
    this.say = say;
    this.on = on;
    this.box = h("div", {
      class: "qa-turns",
      role: "list",
      "aria-label": say("player.transcript"),
      tabIndex: -1,
    });
    this.box.addEventListener("click", (event) => this.#clicked(event));
    const who = ["agent", "customer", "system", "unknown"].map((role) => say(`role.${role}`));
    this.box.style.setProperty("--qa-who", `${widthOf(who) + 0.6}em`);
    this.turns = [];
    this.rows = [];
    this.playing = -1;
  }

  /** `marks`: `[{turn, from, to, kind: "fault"|"hit", label}]`, `from` and `to` counting characters. */
  show(turns, marks) {
    this.turns = turns;
    const ofTurn = Map.groupBy ? Map.groupBy(marks, (one) => one.turn) : grouped(marks);
    const looks = turns.map(
      (turn) => `${turn.role} ${turn.corrected} ${turn.text} ${JSON.stringify(ofTurn.get(turn.n) ?? "")}`,
    );
    if (this.editing) return;
    const known = this.looks ?? [];
    const rows = turns.map((turn, n) =>
      known[n] === looks[n] && this.rows[n] ? this.rows[n] : this.#row(turn, ofTurn.get(turn.n) ?? []),
    );
    if (rows.length === this.rows.length) {
      rows.forEach((row, n) => row !== this.rows[n] && this.rows[n].replaceWith(row));
    } else {
      this.box.replaceChildren(
        ...(rows.length ? rows : [h("p", { class: "qa-empty" }, this.say("player.no_words"))]),
      );
    }
    this.rows = rows;
    this.looks = looks;
    const playing = this.playing;
    this.playing = -1;
    this.#highlight(playing, false);
  }

  /** A new call: nothing of the one before stays. */
  clear() {
    this.editing = null;
    this.rows = [];
    this.looks = [];
    this.playing = -1;
    this.box.replaceChildren();
    this.box.scrollTop = 0;
  }

  showTime(seconds, follow = true) {
    this.#highlight(turnAt(this.turns, seconds), follow);
  }

  #highlight(index, follow) {
    if (index === this.playing) return;
    this.rows[this.playing]?.classList.remove("qa-playing");
    this.rows[this.playing]?.removeAttribute("aria-current");
    this.playing = index;
    const row = this.rows[index];
    if (!row) return;
    row.classList.add("qa-playing");
    row.setAttribute("aria-current", "true");
    if (follow && !this.editing) keepVisible(this.box, row);
  }

  /** Put the words of a turn into a field; Enter keeps them, Esc doesn't. */
  edit(index, done) {
    const turn = this.turns[index];
    const row = this.rows[index];
    if (!turn || !row) return;
    const field = h("textarea", {
      class: "qa-edit",
      rows: 2,
      value: turn.text,
      "aria-label": this.say("player.correct_text"),
    });
    const words = row.querySelector(".qa-words");
    const finish = (keep) => {
      if (this.editing !== field) return;
      this.editing = null;
      field.replaceWith(words);
      const text = field.value.replace(/\s+/g, " ").trim();
      if (keep && text !== turn.text) this.on.text(turn.n, text);
      done();
    };
    field.addEventListener("qa-done", () => finish(true));
    field.addEventListener("qa-cancel", () => finish(false));
    field.addEventListener("blur", () => finish(true));
    this.editing = field;
    words.replaceWith(field);
    keepVisible(this.box, row);
    field.focus();
  }

  #row(turn, marks) {
    const doubtful = turn.confidence != null && turn.confidence < LOW_CONFIDENCE && !turn.corrected;
    const notes = [
      doubtful && h("span", { class: "qa-note qa-doubt-note" }, this.say("player.doubtful")),
      turn.corrected && h("span", { class: "qa-note" }, this.say("player.corrected")),
    ];
    return h(
      "div",
      {
        class: `qa-turn qa-${turn.role}${doubtful ? " qa-doubtful" : ""}`,
        role: "listitem",
        "data-n": turn.n,
      },
      h("span", { class: "qa-time" }, clock(turn.start_s)),
      h("span", { class: "qa-who" }, this.say(`role.${turn.role}`)),
      h("p", { class: "qa-words" }, ...this.#marked(turn.text, marks), ...notes),
    );
  }

  /** The text cut where marks begin and end; each piece knows at which character it starts. */
  #marked(text, marks) {
    const cuts = [...new Set([0, text.length, ...marks.flatMap((one) => [one.from, one.to])])].sort(
      (a, b) => a - b,
    );
    const nodes = [];
    cuts.slice(0, -1).forEach((from, n) => {
      const over = marks.filter((one) => one.from <= from && one.to > from);
      const fault = over.some((one) => one.kind === "fault");
      for (const one of over.filter((mark) => mark.from === from)) {
        nodes.push(h("span", { class: `qa-flag qa-flag-${one.kind}` }, one.label));
      }
      const look = over.length ? `qa-mark qa-mark-${fault ? "fault" : "hit"}` : "qa-plain";
      nodes.push(h("span", { class: look, "data-from": from }, text.slice(from, cuts[n + 1])));
    });
    return nodes;
  }

  #clicked(event) {
    const row = event.target.closest(".qa-turn");
    if (!row || event.target.closest(".qa-edit")) return;
    const turn = this.turns[this.rows.indexOf(row)];
    if (turn) this.on.playAt(timeOfCharacter(turn, characterAt(event)));
  }
}

function characterAt(event) {
  let node;
  let offset;
  if (document.caretPositionFromPoint) {
    const caret = document.caretPositionFromPoint(event.clientX, event.clientY);
    node = caret?.offsetNode;
    offset = caret?.offset;
  } else {
    const range = document.caretRangeFromPoint?.(event.clientX, event.clientY);
    node = range?.startContainer;
    offset = range?.startOffset;
  }
  const piece = node?.parentElement?.closest("[data-from]");
  if (!piece) return null;
  // A caret stands between characters: the right half of one gives the place behind it.
  if (offset > 0) {
    const before = document.createRange();
    before.setStart(node, offset - 1);
    before.setEnd(node, offset);
    const box = before.getBoundingClientRect();
    if (event.clientX >= box.left && event.clientX < box.right && event.clientY <= box.bottom) offset -= 1;
  }
  return Number(piece.dataset.from) + offset;
}

function grouped(marks) {
  const found = new Map();
  for (const one of marks) found.set(one.turn, [...(found.get(one.turn) ?? []), one]);
  return found;
}
