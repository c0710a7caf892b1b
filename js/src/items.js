// The items of the rubric, the verdict on each, and the faults marked under them.

import { clock, h, keepVisible } from "./dom.js";
import { FaultCard } from "./fault.js";

export const VERDICTS = ["pass", "fail", "not_applicable", "uncertain"];
export const SIGNS = { pass: "✓", fail: "✗", not_applicable: "–", uncertain: "?" };
const FAULTLESS = ["pass", "not_applicable"];
const SHOWN_PLACES = 4;
const BADGES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789";

export class Items {
  /** `on.choose(index)`, `on.verdict(item, verdict)`, `on.evidence(place)`, and those of FaultCard. */
  constructor(say, on) {
    this.say = say;
    this.on = on;
    this.list = h("div", {
      class: "qa-items",
      role: "grid",
      "aria-label": say("player.items"),
      tabIndex: -1,
    });
    this.rows = [];
    this.cards = new Map();
  }

  /** A new call with its items. */
  open(items, keyOf) {
    this.items = items;
    this.cards.clear();
    const id = `qa-item-${Math.random().toString(36).slice(2, 8)}`;
    this.rows = items.map((item, index) => this.#row(item, index, `${id}-${index}`, keyOf));
    this.list.replaceChildren(...this.rows.map((row) => row.box));
    this.list.scrollTop = 0;
  }

  /** `machine` and `rescored` (with the corrections) are null while they are hidden. */
  show({ sheet, here, chosen, picking, machine, rescored }) {
    this.list.classList.toggle("qa-picking", picking);
    const numbers = new Map(sheet.faults.map((fault, n) => [fault.fault, n + 1]));
    this.items?.forEach((item, index) => {
      const row = this.rows[index];
      const verdict = sheet.verdicts[item.id] ?? null;
      const found = machine?.[item.id] ?? null;
      row.box.classList.toggle("qa-here", index === here);
      row.box.setAttribute("aria-selected", String(index === here));
      row.box.dataset.verdict = verdict ?? "open";
      row.chip.replaceChildren(
        // Where the buttons are on show, the pressed one has the sign.
        ...(verdict ? [h("span", { class: "qa-sign" }, `${SIGNS[verdict]} `)] : []),
        this.say(verdict ? `verdict.${verdict}` : "player.open"),
      );
      row.buttons.forEach((button, n) =>
        button.setAttribute("aria-pressed", String(VERDICTS[n] === verdict)),
      );
      this.#showMachine(row, found, sheet.first_verdicts?.[item.id] ?? verdict, rescored?.items[item.id]);
      const own = sheet.faults.filter((fault) => fault.item === item.id);
      row.box.setAttribute("aria-label", this.#spoken(item, verdict, found, own.length));
      this.#showFaults(row, own, numbers, chosen);
    });
    for (const id of [...this.cards.keys()]) if (!numbers.has(id)) this.cards.delete(id);
    const current = this.rows[here];
    if (current) {
      if (this.lastHere !== here) keepVisible(this.list, current.box);
    }
    this.lastHere = here;
  }

  /** Id of an item's element, by which a screen reader finds the current one. */
  idOf(index) {
    return this.rows[index]?.box.id ?? "";
  }

  badgeOf(index) {
    return BADGES[index] ?? "";
  }

  /** The item whose badge is that key; -1 for none. */
  itemOfKey(name) {
    const index = BADGES.indexOf(name);
    return index < (this.items?.length ?? 0) ? index : -1;
  }

  /** Go into the field for what should have been said. */
  edit(fault) {
    this.cards.get(fault)?.edit();
  }

  #row(item, index, id, keyOf) {
    const { say } = this;
    const buttons = VERDICTS.map((verdict) =>
      h(
        "button",
        {
          class: `qa-verdict qa-v-${verdict}`,
          tabIndex: -1,
          title: `${say(`verdict.${verdict}`)}（${keyOf(verdict)}）`,
          "aria-label": say(`verdict.${verdict}`),
          onclick: () => this.on.verdict(item.id, verdict),
        },
        h("span", { class: "qa-key", "aria-hidden": "true" }, keyOf(verdict)),
        SIGNS[verdict],
      ),
    );
    const chip = h("span", { class: "qa-chip" });
    const beside = h("span", { class: "qa-machine-verdict" });
    const machine = h("div", { class: "qa-machine" });
    const faults = h("div", { class: "qa-faults" });
    const box = h(
      "div",
      { class: "qa-item", role: "row", id, onclick: () => this.on.choose(index) },
      h(
        "div",
        { class: "qa-item-line", role: "gridcell" },
        h("span", { class: "qa-badge", "aria-hidden": "true" }, this.badgeOf(index)),
        h("span", { class: "qa-item-name", title: item.name }, item.name),
        item.critical && h("span", { class: "qa-critical" }, say("player.critical")),
        h("span", { class: "qa-weight" }, say("player.points", { points: item.weight })),
        h("span", { class: "qa-choices" }, ...buttons),
        beside,
        chip,
      ),
      machine,
      faults,
    );
    return { box, chip, buttons, beside, machine, faults };
  }

  /** The machine's verdict beside the own one; what speaks for it below, where the inspector is. */
  #showMachine(row, found, verdict, again) {
    if (!found) {
      row.beside.textContent = "";
      row.machine.replaceChildren();
      return;
    }
    const differs = verdict && verdict !== found.verdict;
    // Both leave the item without a fault: that is no disagreement to look into first.
    const slight = FAULTLESS.includes(verdict) && FAULTLESS.includes(found.verdict);
    const text = this.say("player.machine", {
      verdict: this.say(`verdict.${found.verdict}`),
      sign: SIGNS[found.verdict],
    });
    row.beside.textContent = differs ? `≠ ${text}` : text;
    row.beside.classList.toggle("qa-differs", Boolean(differs && !slight));
    const changed = again && again.verdict !== found.verdict;
    row.machine.replaceChildren(
      h("span", { class: row.beside.className }, row.beside.textContent),
      changed ? this.say("player.rescored", { verdict: this.say(`verdict.${again.verdict}`) }) : "",
      ...(found.evidence ?? []).slice(0, SHOWN_PLACES).map((place) => this.#place(place)),
    );
  }

  #place(place) {
    const play = (event) => {
      event.stopPropagation();
      this.on.evidence(place);
    };
    return h("button", { class: "qa-place", tabIndex: -1, onclick: play }, placeText(place));
  }

  #showFaults(row, own, numbers, chosen) {
    const cards = own.map((fault) => {
      const card = this.cards.get(fault.fault) ?? new FaultCard(this.say, this.on);
      this.cards.set(fault.fault, card);
      card.show(fault, numbers.get(fault.fault), fault.fault === chosen);
      return card.root;
    });
    const there = [...row.faults.children];
    // Moving a node takes the focus from the field in it.
    if (there.length !== cards.length || there.some((node, n) => node !== cards[n]))
      row.faults.replaceChildren(...cards);
  }

  #spoken(item, verdict, found, faults) {
    const parts = [item.name, this.say("player.points", { points: item.weight })];
    parts.push(verdict ? this.say(`verdict.${verdict}`) : this.say("player.open"));
    if (faults) parts.push(this.say("player.fault_count", { count: faults }));
    if (found)
      parts.push(this.say("player.machine", { verdict: this.say(`verdict.${found.verdict}`), sign: "" }));
    return parts.join("，");
  }
}

function placeText(place) {
  // What was said is cut, for it stands in the transcript; what was not said or measured stands only here.
  const said = place.told === place.quote;
  return `${clock(place.start_s)} ${said ? place.told.slice(0, 14) : place.told}`;
}
