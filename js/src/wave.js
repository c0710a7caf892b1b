// The two lanes, the ruler and the small map of the whole call.

import WaveSurfer from "wavesurfer.js";
import RegionsPlugin from "wavesurfer.js/dist/plugins/regions.esm.js";
import TimelinePlugin from "wavesurfer.js/dist/plugins/timeline.esm.js";
import { clock, h, round } from "./dom.js";

const HEIGHT = 76; // of one lane or of two together
const THEME_MS = [0, 400, 1500];
const MAX_PX_PER_S = 150;
const USUAL_PX_PER_S = 14;
const ZOOM_STEP = 1.5;

export class Wave {
  /** `on.seek(seconds)`, `on.mute(lane)`, `on.changeFault(id, changes)`, `on.chooseFault(id)`. */
  constructor(media, say, on) {
    this.say = say;
    this.on = on;
    this.media = media;
    this.lanesBox = h("div", { class: "qa-lanes" });
    this.view = h("div", { class: "qa-wave" });
    this.map = h("canvas", { class: "qa-map", height: 44 });
    this.mapHere = h("div", { class: "qa-map-here" });
    this.mapView = h("div", { class: "qa-map-view" });
    this.mapBox = h(
      "div",
      { class: "qa-map-box", "aria-hidden": "true", onpointerdown: (event) => this.#seekInMap(event) },
      this.map,
      this.mapView,
      this.mapHere,
    );
    this.root = h(
      "div",
      { class: "qa-sound" },
      this.lanesBox,
      h("div", { class: "qa-waves" }, this.view, this.mapBox),
    );
    this.regions = RegionsPlugin.create();
    this.faults = new Map();
    this.peaks = [];
    this.gains = [];
    this.durationS = 1;
  }

  /** To be called once the root is in the page: the drawing needs its width and colours. */
  attach() {
    const colour = this.#colours();
    this.surfer = WaveSurfer.create({
      container: this.view,
      media: this.media,
      height: HEIGHT / 2,
      cursorColor: colour.here,
      cursorWidth: 2,
      interact: false,
      autoScroll: true,
      autoCenter: true,
      splitChannels: this.#channelColours(),
      plugins: [
        this.regions,
        TimelinePlugin.create({
          height: 15,
          secondaryLabelOpacity: 1,
          formatTimeCallback: (seconds) => clock(seconds),
          style: { fontSize: "10px", lineHeight: "15px" },
        }),
      ],
    });
    this.surfer.getWrapper().addEventListener("click", (event) => {
      const box = this.surfer.getWrapper().getBoundingClientRect();
      this.on.seek(((event.clientX - box.left) / box.width) * this.durationS);
    });
    this.surfer.on("scroll", (start, end) => this.#showView(start, end));
    this.surfer.on("redraw", () => this.#showView());
    this.regions.on("region-updated", (region) =>
      this.on.changeFault(region.id, { start_s: round(region.start), end_s: round(region.end) }),
    );
    this.regions.on("region-clicked", (region, event) => {
      event.stopPropagation();
      this.on.chooseFault(region.id);
      this.on.seek(region.start);
    });
    this.resized = new ResizeObserver(() => this.#drawMap());
    this.resized.observe(this.mapBox);
    // JupyterLab changes its theme by an attribute of the body, and its style sheet comes a little later.
    this.themed = new MutationObserver(() =>
      THEME_MS.forEach((wait) => setTimeout(() => this.#recolour(), wait)),
    );
    this.themed.observe(document.body, {
      attributes: true,
      attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"],
    });
  }

  destroy() {
    this.destroyed = true;
    this.resized?.disconnect();
    this.themed?.disconnect();
    this.surfer?.destroy();
  }

  /** A new call: empty lanes of its length, to be filled by `addPeaks`. */
  open(durationS, lanes, binsPerS) {
    this.durationS = durationS;
    this.binsPerS = binsPerS;
    this.faults.clear();
    this.faultsLook = "";
    this.regions.clearRegions();
    const bins = Math.max(1, Math.ceil(durationS * binsPerS));
    this.raw = lanes.map(() => new Uint8Array(bins));
    this.peaks = lanes.map(() => new Float32Array(bins));
    this.gains = lanes.map(() => 0);
    this.loaded = false;
    this.zoomed = durationS * USUAL_PX_PER_S > this.view.clientWidth ? USUAL_PX_PER_S : 0;
    this.#showLanes(lanes);
    Object.assign(this.surfer.options, {
      minPxPerSec: this.zoomed,
      height: this.#laneHeight(),
      splitChannels: this.#channelColours(),
    });
  }

  /** The next bins of every lane, one lane after the other in `data`. */
  addPeaks({ first, gains_db, done }, data) {
    const each = data.length / this.raw.length;
    this.raw.forEach((lane, n) => {
      const part = data.subarray(n * each, (n + 1) * each);
      lane.set(part.subarray(0, Math.max(0, lane.length - first)), first);
    });
    this.gains = gains_db;
    // Drawing costs more than reading: while more is to come, not after each stretch.
    const now = performance.now();
    if (this.loaded && !done && now - this.drawnAt < 700) return;
    this.drawnAt = now;
    this.#draw();
  }

  #draw() {
    this.peaks.forEach((lane, n) => {
      const factor = 10 ** (this.gains[n] / 20) / 255 / 0.6;
      for (let bin = 0; bin < lane.length; bin++) lane[bin] = Math.min(1, this.raw[n][bin] * factor);
    });
    if (this.loaded) {
      this.surfer.setOptions({}); // draws again from the same arrays
    } else {
      this.loaded = true;
      this.surfer.load(this.media.currentSrc || this.media.src || "", this.peaks, this.durationS);
    }
    this.#drawMap();
  }

  zoom(direction) {
    const fit = this.view.clientWidth / this.durationS;
    const now = Math.max(this.zoomed, fit);
    const next = Math.min(MAX_PX_PER_S, direction > 0 ? now * ZOOM_STEP : now / ZOOM_STEP);
    this.zoomed = next <= fit ? 0 : next;
    if (this.loaded) this.surfer.zoom(this.zoomed);
  }

  showTime(seconds) {
    this.mapHere.style.left = `${(seconds / this.durationS) * 100}%`;
  }

  showMuted(muted) {
    this.lanesBox.querySelectorAll("button").forEach((button, lane) => {
      button.setAttribute("aria-pressed", String(muted[lane]));
      button.querySelector(".qa-mute").textContent = this.say(
        muted[lane] ? "player.lane_muted" : "player.lane_heard",
      );
    });
  }

  /** Marked stretches: `[{fault, start_s, end_s, label, chosen}]`. */
  showFaults(faults) {
    const look = JSON.stringify(faults);
    if (look === this.faultsLook) return;
    this.faultsLook = look;
    const wanted = new Map(faults.map((fault) => [fault.fault, fault]));
    for (const [id, region] of this.faults) {
      if (!wanted.has(id)) {
        region.remove();
        this.faults.delete(id);
      }
    }
    for (const fault of faults) {
      const place = { start: fault.start_s, end: Math.max(fault.end_s, fault.start_s + 0.05) };
      const region = this.faults.get(fault.fault);
      if (!region) {
        this.faults.set(
          fault.fault,
          this.regions.addRegion({ id: fault.fault, ...place, color: "transparent", content: fault.label }),
        );
      } else if (region.start !== place.start || region.end !== place.end) {
        region.setOptions(place);
      }
      const { element } = this.faults.get(fault.fault);
      if (element) Object.assign(element.style, this.#regionLook(fault.chosen));
      this.faults.get(fault.fault).setOptions({ content: fault.label });
    }
    this.marked = faults;
    this.#drawMap();
  }

  #regionLook(chosen) {
    return {
      backgroundColor: `color-mix(in srgb, var(--qa-fault) ${chosen ? 20 : 10}%, transparent)`,
      borderLeft: "2px solid var(--qa-fault)",
      borderRight: `2px ${chosen ? "solid" : "dashed"} var(--qa-fault)`,
      color: "var(--qa-fault)",
      fontSize: "11px",
      overflow: "visible",
      whiteSpace: "nowrap",
    };
  }

  #showLanes(lanes) {
    this.lanesBox.replaceChildren(
      ...lanes.map((role, lane) =>
        h(
          "button",
          {
            class: `qa-lane qa-${role}`,
            tabIndex: -1,
            "aria-pressed": "false",
            title: this.say("player.mute_lane"),
            onclick: () => this.on.mute(lane),
          },
          h("span", { class: "qa-lane-name" }, this.say(`player.lane_${role}`)),
          h("span", { class: "qa-mute" }, this.say("player.lane_heard")),
        ),
      ),
    );
    this.lanesBox.style.height = `${HEIGHT}px`;
    this.roles = lanes;
  }

  #laneHeight() {
    return HEIGHT / this.roles.length;
  }

  #showView(start, end) {
    if (start === undefined) {
      const wrapper = this.surfer.getWrapper().clientWidth || 1;
      start = (this.surfer.getScroll() / wrapper) * this.durationS;
      end = ((this.surfer.getScroll() + this.surfer.getWidth()) / wrapper) * this.durationS;
    }
    const left = Math.max(0, start / this.durationS);
    this.mapView.style.left = `${left * 100}%`;
    this.mapView.style.width = `${Math.min(1 - left, (end - start) / this.durationS) * 100}%`;
  }

  #seekInMap(event) {
    const box = this.mapBox.getBoundingClientRect();
    this.on.seek(((event.clientX - box.left) / box.width) * this.durationS);
  }

  #drawMap() {
    const width = this.mapBox.clientWidth * devicePixelRatio;
    if (!width || !this.peaks.length) return;
    this.map.width = width;
    const context = this.map.getContext("2d");
    const middle = this.map.height / 2;
    const colour = this.#colours();
    this.peaks.slice(0, 2).forEach((lane, n) => {
      context.fillStyle = colour[this.roles[n]] ?? colour.both;
      for (let x = 0; x < width; x++) {
        const from = Math.floor((x / width) * lane.length);
        const to = Math.max(from + 1, Math.floor(((x + 1) / width) * lane.length));
        let high = 0;
        for (let i = from; i < to; i++) high = Math.max(high, lane[i]);
        const tall = high * middle;
        if (this.peaks.length === 1) context.fillRect(x, middle - tall, 1, 2 * tall);
        else context.fillRect(x, n ? middle : middle - tall, 1, tall);
      }
    });
    context.fillStyle = colour.fault;
    for (const fault of this.marked ?? []) {
      const left = (fault.start_s / this.durationS) * width;
      context.fillRect(left, 0, Math.max(3, ((fault.end_s - fault.start_s) / this.durationS) * width), 5);
    }
  }

  #recolour() {
    if (!this.surfer || this.destroyed) return;
    this.surfer.setOptions({ splitChannels: this.#channelColours(), cursorColor: this.#colours().here });
    this.#drawMap();
  }

  #channelColours() {
    const colour = this.#colours();
    return (this.roles ?? ["agent", "customer"]).map((role) => ({
      waveColor: `color-mix(in srgb, ${colour[role] ?? colour.both} 55%, ${colour.ground})`,
      progressColor: colour[role] ?? colour.both,
    }));
  }

  #colours() {
    const look = getComputedStyle(this.root);
    const read = (name) => look.getPropertyValue(name).trim() || "#888";
    return {
      agent: read("--qa-agent"),
      customer: read("--qa-customer"),
      both: read("--qa-both"),
      fault: read("--qa-fault"),
      here: read("--qa-here"),
      ground: read("--qa-ground"),
    };
  }
}
