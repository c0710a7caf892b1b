// Questions to Python's half, one answer each.

import { newId } from "./dom.js";

const PATIENCE_MS = 12_000;

/** A question that Python answered with an error, or did not answer (`code` "silent", "gone"). */
export class AskError extends Error {
  constructor({ code, text, again }) {
    super(text);
    this.code = code;
    this.again = again;
  }
}

export class Link {
  constructor(model, say) {
    this.model = model;
    this.say = say;
    this.name = newId().slice(0, 8); // two tabs on one kernel get all answers, and know theirs by it
    this.count = 0;
    this.waiting = new Map();
    this.receive = (content, buffers) => this.#receive(content, buffers);
    model.on("msg:custom", this.receive);
  }

  close() {
    this.model.off("msg:custom", this.receive);
    for (const { fail } of this.waiting.values())
      fail(new AskError({ code: "closed", text: "", again: true }));
    this.waiting.clear();
  }

  /** Ask; resolves to the answer, its bytes in `buffers`. Rejects with AskError. */
  ask(ask, values = {}, patienceMs = PATIENCE_MS) {
    const id = `${this.name}-${++this.count}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new AskError({ code: "silent", text: this.say("player.silent"), again: true }));
      }, patienceMs);
      const settle = (then) => (value) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        then(value);
      };
      this.waiting.set(id, { done: settle(resolve), fail: settle(reject) });
      try {
        this.model.send({ id, ask, ...values });
      } catch {
        // Its kernel was restarted: this player can ask nothing any more, the one that is run next can.
        this.waiting.get(id).fail(new AskError({ code: "gone", text: this.say("player.gone"), again: true }));
      }
    });
  }

  #receive(content, buffers) {
    const asked = this.waiting.get(content?.id);
    if (!asked) return;
    if (content.error) asked.fail(new AskError(content.error));
    else asked.done({ ...content, buffers: (buffers ?? []).map(bytesOf) });
  }
}

function bytesOf(view) {
  return view instanceof ArrayBuffer
    ? new Uint8Array(view)
    : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
