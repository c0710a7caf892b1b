// The line above: which call, how far along, whether all is saved; and the line of playing below the lanes.

import { clock, h } from "./dom.js";
import { keyCap } from "./keys.js";
import { startText } from "./dialogs.js";

export class Header {
  /** `on.do(action)`. */
  constructor(say, on) {
    this.say = say;
    this.title = h("span", { class: "qa-title" });
    this.facts = h("span", { class: "qa-facts" });
    this.blind = h("span", { class: "qa-blind" });
    this.progress = h("span", { class: "qa-progress" });
    this.saved = h("span", { class: "qa-saved" });
    this.root = h(
      "div",
      { class: "qa-header" },
      this.title,
      this.facts,
      this.blind,
      h("span", { class: "qa-space" }),
      h(
        "button",
        { class: "qa-quiet", tabIndex: -1, title: say("player.calls_title"), onclick: () => on.do("calls") },
        this.progress,
      ),
      this.saved,
      h(
        "button",
        {
          class: "qa-quiet qa-help-button",
          tabIndex: -1,
          "aria-label": say("player.help_title"),
          onclick: () => on.do("help"),
        },
        "?",
      ),
    );
    this.notes = h("div", { class: "qa-notes", hidden: true });
    this.alert = h("div", { class: "qa-alert", role: "alert", hidden: true });
    this.alertText = "";
    this.on = on;
  }

  showCall(call, queue, index) {
    const { say } = this;
    const title = call?.title ?? {};
    this.title.textContent = [startText(title.start), title.agent_name || title.agent_no]
      .filter(Boolean)
      .join("　");
    this.facts.textContent = [
      title.agent_name && title.agent_no,
      title.team,
      title.direction && say(`player.direction_${title.direction}`),
      call && clock(call.duration_s),
    ]
      .filter(Boolean)
      .join(" · ");
    const done = queue.filter((one) => one.state === "handed_in" || one.state === "skipped").length;
    this.progress.textContent = queue.length
      ? say("player.progress", { n: index + 1, all: queue.length, done })
      : "";
  }

  showState({ unsaved, trouble, sheet, blind, scores }) {
    this.blind.dataset.state = sheet.handed_in_at ? "done" : sheet.skipped ? "skipped" : "blind";
    this.blind.textContent = this.#howFar(sheet, blind, scores);
    this.saved.dataset.state = trouble ? "trouble" : unsaved ? "sending" : "saved";
    this.saved.textContent = this.#howSaved(sheet, unsaved, trouble);
  }

  /** What is odd about the recording; doubts about who speaks until the inspector has put that right. */
  showNotes(call, sheet) {
    const notes = [...(call?.notes ?? []), ...(sheet.roles_swapped ? [] : (call?.role_notes ?? []))];
    this.notes.textContent = notes.length ? this.say("player.recording_notes", { notes: notes.join(" ") }) : "";
    this.notes.hidden = !notes.length;
  }

  #howFar(sheet, blind, scores) {
    const { say } = this;
    if (sheet.skipped) return say("player.skipped", { reason: say(`sampling.reason.${sheet.skipped}`) });
    if (!sheet.handed_in_at) return blind ? say("player.blind") : "";
    const told = [say("player.handed_in_at", { time: localTime(sheet.handed_in_at) })];
    if (scores)
      told.push(say("player.scores", { person: points(scores.person), machine: points(scores.machine) }));
    return told.join(" · ");
  }

  #howSaved(sheet, unsaved, trouble) {
    const { say } = this;
    if (trouble) return say("player.unsaved", { count: unsaved });
    if (unsaved) return say("player.saving");
    return sheet.saved_at
      ? say("player.saved", { time: localTime(sheet.saved_at) })
      : say("player.nothing_yet");
  }

  /** A fault that stays until it is over or closed; null for none. */
  showAlert(text, retry = false) {
    if (text === this.alertText) return;
    this.alertText = text;
    this.alert.hidden = !text;
    this.alert.replaceChildren(
      ...(text
        ? [
            h("span", { class: "qa-alert-sign", "aria-hidden": "true" }, "!"),
            h("span", { class: "qa-alert-text" }, text),
            retry &&
              h("button", { tabIndex: -1, onclick: () => this.on.do("retry") }, this.say("player.retry")),
            h(
              "button",
              { tabIndex: -1, "aria-label": this.say("player.close"), onclick: () => this.on.closeAlert() },
              "×",
            ),
          ].filter(Boolean)
        : []),
    );
  }
}

const HINTS = ["fault", "pass_rest", "hand_in", "call_next", "help", "undo"];

export class Transport {
  constructor(say, { keys, jump_s }, on) {
    this.say = say;
    const button = (action, text, look = "") =>
      h(
        "button",
        {
          class: `qa-button ${look}`,
          tabIndex: -1,
          title: `${say(`player.do_${action}`)}（${keys[action].map((name) => keyCap(name, say)).join(" / ")}）`,
          "aria-label": say(`player.do_${action}`),
          onclick: () => on.do(action),
        },
        text,
      );
    this.play = button("play", "▶", "qa-play");
    this.time = h("span", { class: "qa-clock", role: "timer" });
    this.rate = h("span", { class: "qa-rate" });
    this.waiting = h("span", { class: "qa-faint" });
    this.root = h(
      "div",
      { class: "qa-transport" },
      this.play,
      button("back", `−${jump_s}s`),
      button("forward", `+${jump_s}s`),
      this.time,
      h("span", { class: "qa-pair" }, button("slower", "−"), this.rate, button("faster", "+")),
      h(
        "span",
        { class: "qa-pair" },
        button("zoom_out", "⊖"),
        h("span", { class: "qa-faint" }, say("player.zoom")),
        button("zoom_in", "⊕"),
      ),
      button("lanes", say("player.lanes")),
      this.waiting,
      h("span", { class: "qa-space" }),
      h(
        "span",
        { class: "qa-hints", "aria-hidden": "true" },
        ...HINTS.map((action) =>
          h("span", {}, h("kbd", {}, keyCap(keys[action][0], say)), say(`player.short_${action}`)),
        ),
      ),
    );
  }

  showTime(at, duration) {
    const text = `${clock(at, true)} / ${clock(duration)}`;
    if (this.time.textContent !== text) this.time.textContent = text;
  }

  showPlaying(playing, rate) {
    this.play.textContent = playing ? "❚❚" : "▶";
    this.play.setAttribute("aria-label", this.say(playing ? "player.pause" : "player.do_play"));
    this.rate.textContent = `${rate}×`;
  }
}

function points(score) {
  return score === null ? "–" : String(Math.round(score * 10) / 10);
}

function localTime(iso) {
  const at = new Date(iso);
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}
