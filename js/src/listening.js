// What is heard: where, how fast, which lanes; and the places on show that follow it.

import { turnAt } from "./words.js";

const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];
const REMEMBER_S = 2;

export class Listening {
  constructor(audit) {
    this.audit = audit;
    this.muted = [false, false];
    const { media } = audit.sound;
    for (const name of ["play", "pause", "ended"]) media.addEventListener(name, () => this.changed());
    media.addEventListener(
      "waiting",
      () => (audit.transport.waiting.textContent = audit.say("player.loading")),
    );
    media.addEventListener("playing", () => (audit.transport.waiting.textContent = ""));
    media.addEventListener("seeked", () => this.showTime());
    const { jump_s, long_jump_s } = audit.options;
    this.commands = {
      play: () => (audit.sound.playing ? audit.sound.pause() : audit.sound.play()),
      back: () => this.jump(-jump_s),
      forward: () => this.jump(jump_s),
      back_long: () => this.jump(-long_jump_s),
      forward_long: () => this.jump(long_jump_s),
      turn_previous: () => this.turn(-1),
      turn_next: () => this.turn(1),
      turn_again: () => this.turn(0),
      slower: () => this.rate(-1),
      faster: () => this.rate(1),
      zoom_in: () => audit.wave.zoom(1),
      zoom_out: () => audit.wave.zoom(-1),
      lanes: () => this.nextLanes(),
    };
  }

  destroy() {
    cancelAnimationFrame(this.frame);
  }

  /** The sound of a newly opened call, if it has any; `isOpen()` tells whether it still is the open one. */
  async open({ call, sound, buffers, again }, at, play, isOpen) {
    const { audit } = this;
    const duration = sound.duration_s || call.duration_s || 1;
    audit.wave.open(duration, sound.lanes ?? ["both"], sound.bins_per_s ?? 1);
    this.openLanes(sound.lanes?.length ?? 1);
    if (sound.error) {
      audit.wave.addPeaks({ first: 0, gains_db: [0], done: true }, new Uint8Array(0));
      audit.header.showAlert(sound.error, again);
      this.showTime(0);
      return;
    }
    audit.sound.setGains(sound.peaks.gains_db);
    await audit.sound.open(duration, sound.lanes, at, { ...sound.piece, data: buffers[1] });
    if (!isOpen()) return;
    if (play) audit.sound.play();
    audit.wave.addPeaks(sound.peaks, buffers[0]);
    audit.wave.showMuted(this.muted);
    this.showTime();
    audit.remember();
    audit.render();
    if (!sound.peaks.done) await this.#morePeaks(call.call_id, isOpen);
  }

  async #morePeaks(callId, isOpen) {
    try {
      for (let done = false; !done;) {
        const { peaks, buffers } = await this.audit.link.ask("peaks", { call_id: callId });
        if (!isOpen()) return;
        this.audit.wave.addPeaks(peaks, buffers[0]);
        this.audit.sound.setGains(peaks.gains_db);
        done = peaks.done;
      }
    } catch (error) {
      if (isOpen()) this.failed(error);
    }
  }

  async fetchPiece(start_s, end_s) {
    const asked = { call_id: this.audit.call.call_id, start_s, end_s };
    const { piece, buffers } = await this.audit.link.ask("sound", asked);
    return { ...piece, data: buffers[0] };
  }

  /** Say why there is no sound. */
  failed(error) {
    const text = error.name === "NotAllowedError" ? this.audit.say("player.press_play") : error.message;
    this.audit.header.showAlert(text, Boolean(error.again));
  }

  seek(seconds) {
    this.audit.sound.seek(seconds);
    this.showTime(Math.max(0, seconds));
  }

  jump(by) {
    this.seek(this.audit.sound.time + by);
  }

  playAt(seconds) {
    this.seek(seconds);
    this.audit.sound.play();
  }

  /** The turn before or after; going back late in a turn begins it anew. */
  turn(step) {
    const { turns, sound } = this.audit;
    if (!turns?.length) return;
    const now = turnAt(turns, sound.time);
    const late = step < 0 && now >= 0 && sound.time - turns[now].start_s > 1.5;
    const to = Math.min(turns.length - 1, Math.max(0, late ? now : now + step));
    this.playAt(turns[to].start_s);
  }

  rate(step) {
    const { sound } = this.audit;
    const at = RATES.indexOf(sound.rate);
    sound.setRate(RATES[Math.min(RATES.length - 1, Math.max(0, at + step))]);
    this.changed();
    this.audit.tell("player.rate", { rate: sound.rate });
  }

  /** A new call with as many lanes; those muted before stay so. */
  openLanes(count) {
    this.setMuted([...this.muted, false, false].slice(0, count));
  }

  toggle(lane) {
    this.setMuted(this.muted.map((muted, n) => (n === lane ? !muted : muted)));
  }

  nextLanes() {
    if (this.muted.length < 2) return;
    const [first, second] = this.muted;
    this.setMuted(!first && !second ? [false, true] : !first ? [true, false] : [false, false]);
  }

  setMuted(muted) {
    this.muted = muted;
    this.audit.sound.setMuted(muted);
    this.audit.wave.showMuted(muted);
  }

  changed() {
    const { sound, transport } = this.audit;
    transport.showPlaying(sound.playing, sound.rate);
    cancelAnimationFrame(this.frame);
    const step = () => {
      sound.tick();
      this.showTime();
      if (sound.playing) this.frame = requestAnimationFrame(step);
    };
    if (sound.playing) this.frame = requestAnimationFrame(step);
    else this.audit.remember();
  }

  showTime(at = this.audit.sound.time) {
    const { audit } = this;
    if (!audit.call) return;
    audit.transport.showTime(at, audit.wave.durationS);
    audit.wave.showTime(at);
    audit.transcript.showTime(at);
    if (Math.abs(at - (this.rememberedAt ?? -9)) < REMEMBER_S) return;
    this.rememberedAt = at;
    audit.remember();
  }
}
