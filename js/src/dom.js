// Elements in one line each.

const PROPERTIES = new Set([
  "value",
  "checked",
  "disabled",
  "tabIndex",
  "textContent",
  "className",
  "hidden",
]);

/** An element with attributes, listeners (`onclick: …`) and children; what is null or false is left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(2).filter((one) => one != null && one !== false));
  return node;
}

/** Seconds as 01:02, or 1:01:02 from an hour on; with tenths if wanted. */
export function clock(seconds, tenths = false) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  const text = hours ? `${hours}:${rest}` : rest;
  return tenths ? `${text}.${Math.floor((Math.max(0, seconds) % 1) * 10)}` : text;
}

/** 32 hexadecimal digits; `crypto.randomUUID` is missing where a page is not served over HTTPS. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join(
    "",
  );
}

/** The texts of the catalogue: `say("player.saved", {time: "14:03"})`. */
export function speaker(words) {
  return (key, values = {}) =>
    (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** Scrolls `box` so that `child` is in its middle part; never any other box, as scrollIntoView does. */
export function keepVisible(box, child) {
  const outer = box.getBoundingClientRect();
  const inner = child.getBoundingClientRect();
  const margin = Math.min(60, outer.height / 4);
  if (!outer.height || (inner.top >= outer.top + margin / 2 && inner.bottom <= outer.bottom - margin)) return;
  const top =
    box.scrollTop + inner.top - outer.top - (outer.height - Math.min(inner.height, outer.height)) / 2.6;
  const far = Math.abs(top - box.scrollTop) > outer.height;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  box.scrollTo({ top, behavior: far || calm ? "auto" : "smooth" });
}

/** Room for the longest of some words, in em: a Chinese character takes one, a letter about half. */
export function widthOf(words) {
  return Math.max(
    ...words.map((word) => [...word].reduce((sum, one) => sum + (one < "\u2e80" ? 0.58 : 1), 0)),
  );
}

/** Seconds to hundredths: finer than anybody hears, short to read. */
export function round(seconds) {
  return Math.round(seconds * 100) / 100;
}
