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
    media.addEventListener("waiting", () => (audit.transport.waiting.textContent = audit.say("player.loading")));
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
