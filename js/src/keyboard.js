// Every key press inside the player: to a text field, a dialog, the choice of an item, or to an action.

import { Keys, composing, keyName } from "./keys.js";

export class Keyboard {
  constructor(audit) {
    this.audit = audit;
    this.keys = new Keys(audit.options.keys);
    this.picking = null;
    const { root } = audit;
    this.commands = {
      ...audit.listening.commands,
      ...audit.judging.commands,
      ...audit.faults.commands,
      ...audit.queue.commands,
      retry: () => audit.retry(),
      wide: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.()),
      help: () => audit.dialogs.help(audit.options.keys),
    };
    root.addEventListener("keydown", (event) => this.#pressed(event));
    // A press on a button leaves the focus, and with it the keys, where they are.
    root.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault();
      if (!event.target.closest("input,textarea")) audit.focus();
    });
  }

  /** Do what a key or a button stands for. */
  do(action) {
    this.commands[action]();
  }

  #pressed(event) {
    if (composing(event)) return;
    const name = keyName(event);
    const again = this.keys.again(event);
    if (name === "Tab" || name === "Shift+Tab") return;
    event.stopPropagation();
    const field = event.target.closest("input,textarea");
    if (field) this.#inField(event, field, name);
    else if (this.audit.dialogs.open || this.picking) this.#chosen(event, name);
    else this.#action(event, name, again);
  }

  /** Letters belong to the text; Enter keeps it, Esc doesn't. */
  #inField(event, field, name) {
    if (name !== "Enter" && name !== "Esc") return;
    event.preventDefault();
    field.dispatchEvent(new Event(name === "Enter" ? "qa-done" : "qa-cancel"));
    this.audit.focus();
  }

  #chosen(event, name) {
    event.preventDefault();
    if (event.repeat && name !== "Up" && name !== "Down") return;
    if (this.audit.dialogs.open) this.audit.dialogs.key(name);
    else this.#picked(name);
  }

  #picked(name) {
    const { take, leave } = this.picking;
    const index = name === "Enter" ? this.audit.here : this.audit.items.itemOfKey(name);
    if (index < 0 && name !== "Esc") return;
    this.picking = null;
    this.audit.tellState(null);
    if (name === "Esc") leave();
    else take(index);
    this.audit.render();
  }

  #action(event, name, again) {
    const { action, bound } = this.keys.actionOf(event, again);
    // All is saved already: the browser need not offer to save the page.
    if (bound || name === "Ctrl+S") event.preventDefault();
    if (action) this.do(action);
    else if (name === "Esc") this.audit.closeAlert();
  }
}
