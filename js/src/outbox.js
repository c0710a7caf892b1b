// What the inspector did and Python has not confirmed yet. It is kept in the browser until it is, so that a
// locked database, a restarted kernel or a closed tab loses nothing.

import { newId } from "./dom.js";

const RETRY_MS = 4_000;

export class Outbox {
  /** `on.saved(callId, answer, action)`, `on.refused(callId, action, error)`, `on.changed()`. */
  constructor(link, place, on) {
    this.link = link;
    this.prefix = `qa-audit|${place}|unsaved|`;
    this.on = on;
    this.queue = this.#stored();
    this.revisions = new Map();
    this.trouble = null;
    this.sending = false;
    this.timer = 0;
  }

  close() {
    clearTimeout(this.timer);
    this.closed = true;
  }

  /** Actions on a call that are not confirmed, oldest first. */
  of(callId) {
    return this.queue.filter((one) => one.callId === callId).map((one) => one.action);
  }

  /** The newest sheet of a call that was seen. */
  noteRevision(callId, revision) {
    this.revisions.set(callId, revision);
  }

  push(callId, action) {
    const one = { callId, action, uuid: newId(), at: Date.now() };
    this.queue.push(one);
    store(this.prefix + one.uuid, JSON.stringify(one));
    this.send();
  }

  /** Send what waits, one after the other; called again by itself after trouble that may pass. */
  async send() {
    if (this.sending || this.closed) return;
    clearTimeout(this.timer);
    this.sending = true;
    this.on.changed();
    while (this.queue.length && !this.closed) {
      const one = this.queue[0];
      try {
        const answer = await this.link.ask("act", {
          call_id: one.callId,
          action: one.action,
          uuid: one.uuid,
          revision: this.revisions.get(one.callId) ?? null,
        });
        this.#drop(one);
        this.trouble = null;
        this.noteRevision(one.callId, answer.sheet.revision);
        this.on.saved(one.callId, answer, one.action);
      } catch (error) {
        // Only what Python refuses for good is given up.
        if (error.again !== false) {
          this.trouble = error;
          this.timer = setTimeout(() => this.send(), RETRY_MS);
          break;
        }
        this.#drop(one);
        this.trouble = null;
        this.on.refused(one.callId, one.action, error);
      }
    }
    this.sending = false;
    this.on.changed();
  }

  #drop(one) {
    this.queue = this.queue.filter((other) => other !== one);
    store(this.prefix + one.uuid, null);
  }

  #stored() {
    const found = [];
    try {
      for (let n = 0; n < localStorage.length; n++) {
        const key = localStorage.key(n);
        if (key.startsWith(this.prefix)) found.push(JSON.parse(localStorage.getItem(key)));
      }
    } catch {
      // Storage is switched off: actions are kept in memory only.
    }
    return found.sort((a, b) => a.at - b.at);
  }
}

/** Keep a text under a key, or forget it (null). */
export function store(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // Storage is full or switched off; nothing depends on it but comfort.
  }
}

/** The text under a key, or null. */
export function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
