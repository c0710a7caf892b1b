// The sound of the open call: pieces from Python appended to a MediaSource, so that an hour plays at once, at any
// speed with its pitch kept; then one gain for each lane, so that both are heard alike and either can be muted.

const TYPE = 'audio/webm; codecs="opus"';
const FIRST_S = 2.5;
const PIECE_S = 6;
const AHEAD_S = 16;
const BEHIND_S = 180;
const APART = 0.3; // lanes a little to the left and right: easier to tell apart in headphones

export class Sound {
  /** `fetchPiece(start_s, end_s)` resolves to `{start_s, end_s, offset_s, data}`; `failed(error)`. */
  constructor(fetchPiece, failed) {
    this.fetchPiece = fetchPiece;
    this.failed = failed;
    this.media = new Audio();
    this.media.preservesPitch = true;
    this.media.addEventListener("seeking", () => this.#fill());
    this.media.addEventListener("timeupdate", () => this.#fill());
    this.media.addEventListener("ratechange", () => this.#fill());
    this.run = 0;
    this.rate = 1;
    this.gains = [1, 1];
    this.muted = [false, false];
    this.source = null;
    this.buffer = null;
    this.available = false;
    this.stopAt = null;
  }

  get time() {
    return this.media.currentTime;
  }

  get playing() {
    return !this.media.paused;
  }

  /** Change over to another call; the first piece plays as soon as it is appended. */
  async open(durationS, lanes, at, piece) {
    this.close();
    const run = this.run;
    this.durationS = durationS;
    this.lanes = lanes.length;
    const source = new MediaSource();
    const url = URL.createObjectURL(source);
    const opened = new Promise((resolve) => source.addEventListener("sourceopen", resolve, { once: true }));
    this.media.src = url;
    this.media.defaultPlaybackRate = this.rate;
    this.media.playbackRate = this.rate;
    await opened;
    if (run !== this.run) return;
    source.duration = durationS;
    this.source = source;
    this.buffer = source.addSourceBuffer(TYPE);
    this.available = true;
    this.#wire();
    if (piece.data.length) await this.#append(piece);
    if (run !== this.run) return;
    if (at > 0) this.media.currentTime = Math.min(at, durationS);
    this.#fill();
  }

  /** Nothing is played any more. */
  close() {
    this.run++;
    this.filling = false;
    this.stopAt = null;
    this.available = false;
    this.media.pause();
    if (this.source) {
      URL.revokeObjectURL(this.media.src);
      this.media.removeAttribute("src");
      this.media.load();
    }
    this.source = this.buffer = null;
  }

  /** Closed for good. */
  destroy() {
    this.close();
    this.context?.close();
    this.context = null;
  }

  async play() {
    if (!this.available) return;
    this.#wire();
    this.context?.resume();
    if (this.time >= this.durationS - 0.05) this.seek(0);
    try {
      await this.media.play();
    } catch (error) {
      if (error.name !== "AbortError") this.failed(error);
    }
  }

  pause() {
    this.stopAt = null;
    this.media.pause();
  }

  seek(seconds) {
    this.stopAt = null;
    if (this.available) this.media.currentTime = Math.min(Math.max(0, seconds), this.durationS);
  }

  /** Play from `start` and pause at `end`. */
  playSpan(start, end) {
    this.seek(start);
    this.stopAt = end;
    return this.play();
  }

  /** To be called while it plays: pauses at the end of a span. */
  tick() {
    if (this.stopAt !== null && this.time >= this.stopAt) this.pause();
  }

  setRate(rate) {
    this.rate = rate;
    this.media.defaultPlaybackRate = rate;
    this.media.playbackRate = rate;
  }

  setGains(gainsDb) {
    this.gains = gainsDb.map((db) => 10 ** (db / 20));
    this.#setLevels();
  }

  setMuted(muted) {
    this.muted = muted;
    this.#setLevels();
  }

  #setLevels() {
    this.levels?.forEach((node, lane) => {
      const level = this.muted[lane] ? 0 : (this.gains[lane] ?? 1);
      node.gain.setTargetAtTime(level, this.context.currentTime, 0.03);
    });
  }

  /** Gains behind the media element; made once a person has pressed something, as browsers want it. */
  #wire() {
    if (!this.context) {
      if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
      this.context = new AudioContext({ latencyHint: "interactive" });
      this.element = this.context.createMediaElementSource(this.media);
      this.limiter = new DynamicsCompressorNode(this.context, {
        threshold: -6,
        knee: 3,
        ratio: 20,
        attack: 0.002,
        release: 0.1,
      });
      this.limiter.connect(this.context.destination);
      this.wiredLanes = 0;
    }
    if (this.wiredLanes === this.lanes) return;
    this.element.disconnect();
    this.levels?.forEach((node) => node.disconnect());
    this.levels = Array.from({ length: this.lanes }, () => this.context.createGain());
    if (this.lanes === 1) {
      this.element.connect(this.levels[0]).connect(this.limiter);
    } else {
      const splitter = this.context.createChannelSplitter(2);
      this.element.connect(splitter);
      this.levels.forEach((node, lane) => {
        const panner = new StereoPannerNode(this.context, { pan: lane ? APART : -APART });
        splitter.connect(node, lane);
        node.connect(panner).connect(this.limiter);
      });
    }
    this.wiredLanes = this.lanes;
    this.#setLevels();
  }

  /** Fetch what is about to be played, one piece at a time. */
  async #fill() {
    if (this.filling || !this.available) return;
    this.filling = true;
    const run = this.run;
    try {
      for (let next = this.#missing(); next && run === this.run; next = this.#missing()) {
        const piece = await this.fetchPiece(...next);
        if (run !== this.run) return;
        if (!piece.data.length) break; // the file breaks off here
        await this.#append(piece);
      }
    } catch (error) {
      if (run === this.run) this.failed(error);
    } finally {
      if (run === this.run) this.filling = false;
    }
  }

  /** Start and end of what to fetch next; null when enough is there. */
  #missing() {
    const at = this.time;
    const until = this.#bufferedUntil(at);
    if (until === null) return [at, Math.min(at + FIRST_S, this.durationS)];
    if (until >= this.durationS - 0.03 || until - at >= AHEAD_S * Math.max(1, this.rate)) return null;
    return [until, Math.min(until + PIECE_S, this.durationS)];
  }

  #bufferedUntil(at) {
    const { buffered } = this.media;
    for (let n = 0; n < buffered.length; n++) {
      if (buffered.start(n) <= at + 0.03 && at < buffered.end(n) + 0.03) return buffered.end(n);
    }
    return null;
  }

  async #append({ start_s, end_s, offset_s, data }) {
    const { buffer, source } = this;
    const last = end_s >= this.durationS - 0.03;
    buffer.appendWindowStart = 0;
    buffer.appendWindowEnd = Infinity;
    buffer.timestampOffset = offset_s;
    buffer.appendWindowStart = start_s;
    buffer.appendWindowEnd = last ? Infinity : end_s;
    await settled(buffer, () => buffer.appendBuffer(data));
    if (buffer !== this.buffer) return;
    if (this.time > BEHIND_S) await settled(buffer, () => buffer.remove(0, this.time - BEHIND_S));
    if (buffer === this.buffer && last && source.readyState === "open") source.endOfStream();
  }
}

function settled(buffer, work) {
  return new Promise((resolve, reject) => {
    const done = () => {
      buffer.removeEventListener("updateend", done);
      buffer.removeEventListener("error", failed);
      resolve();
    };
    const failed = () => {
      buffer.removeEventListener("updateend", done);
      reject(new Error("SourceBuffer"));
    };
    buffer.addEventListener("updateend", done);
    buffer.addEventListener("error", failed);
    work();
  });
}
