// One marked fault (工差): where it is, how grave, what should have been said, a comment.

import { clock, h } from "./dom.js";

export const SEVERITIES = ["minor", "major", "critical"];

export class FaultCard {
  /** `on.chooseFault(id)`, `on.changeFault(id, changes)`, `on.playFault(id)`, `on.removeFault(id)`, `on.edited()`. */
  constructor(say, on) {
    this.say = say;
    this.on = on;
    this.title = h("span", { class: "qa-fault-title" });
    this.when = h("button", { class: "qa-when", tabIndex: -1, title: say("player.play_fault") });
    this.severity = h("button", { class: "qa-severity", tabIndex: -1, title: say("player.change_severity") });
    this.words = h("input", {
      class: "qa-input",
      type: "text",
      placeholder: say("player.should_say"),
      "aria-label": say("player.should_say"),
    });
    this.comment = h("input", {
      class: "qa-input",
      type: "text",
      placeholder: say("player.fault_comment"),
      "aria-label": say("player.fault_comment"),
    });
    this.remove = h(
      "button",
      {
        class: "qa-remove",
        tabIndex: -1,
        title: say("player.remove_fault"),
        "aria-label": say("player.remove_fault"),
      },
      "×",
    );
    this.root = h(
      "div",
      { class: "qa-fault", role: "group" },
      h("div", { class: "qa-fault-line" }, this.title, this.when, this.severity, this.remove),
      h("div", { class: "qa-fault-texts" }, this.words, this.comment),
    );
    this.root.addEventListener("click", (event) => {
      event.stopPropagation();
      on.chooseFault(this.fault.fault);
    });
    this.when.addEventListener("click", () => on.playFault(this.fault.fault));
    this.severity.addEventListener("click", () =>
      on.changeFault(this.fault.fault, { severity: nextSeverity(this.fault.severity) }),
    );
    this.remove.addEventListener("click", (event) => {
      event.stopPropagation();
      on.removeFault(this.fault.fault);
    });
    for (const field of [this.words, this.comment]) {
      field.addEventListener("blur", () => this.keep());
      field.addEventListener("qa-done", () => {
        this.keep();
        on.edited();
      });
      field.addEventListener("qa-cancel", () => {
        this.#fill();
        on.edited();
      });
    }
  }

  show(fault, number, chosen) {
    this.fault = fault;
    this.root.classList.toggle("qa-chosen", chosen);
    this.title.textContent = this.say("player.fault_number", { number });
    this.when.textContent = `▶ ${clock(fault.start_s, true)}–${clock(fault.end_s, true)}`;
    this.severity.textContent = this.say(`player.severity_${fault.severity}`);
    this.severity.dataset.severity = fault.severity;
    this.root.setAttribute(
      "aria-label",
      `${this.title.textContent} ${this.when.textContent} ${this.severity.textContent}`,
    );
    const typing =
      this.root.contains(document.activeElement) && this.root.querySelector(":focus")?.matches("input");
    if (!typing) this.#fill();
  }

  edit() {
    this.words.focus();
    this.words.select();
  }

  /** Save what was typed, if it differs. */
  keep() {
    const changes = { should_say: this.words.value.trim(), comment: this.comment.value.trim() };
    if (changes.should_say === this.fault.should_say && changes.comment === this.fault.comment) return;
    this.on.changeFault(this.fault.fault, changes);
  }

  #fill() {
    this.words.value = this.fault.should_say;
    this.comment.value = this.fault.comment;
  }
}

export function nextSeverity(severity) {
  return SEVERITIES[(SEVERITIES.indexOf(severity) + 1) % SEVERITIES.length];
}
