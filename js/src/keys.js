// From a key press to the name of a key, as qa_audit/widgets/keys.py writes it, and to the action bound to it.

const NAMED = {
  Space: "Space",
  Enter: "Enter",
  NumpadEnter: "Enter",
  Escape: "Esc",
  Tab: "Tab",
  ArrowLeft: "Left",
  ArrowRight: "Right",
  ArrowUp: "Up",
  ArrowDown: "Down",
  Home: "Home",
  End: "End",
  PageUp: "PageUp",
  PageDown: "PageDown",
  Delete: "Delete",
  Backspace: "Backspace",
  Insert: "Insert",
  Minus: "-",
  NumpadSubtract: "-",
  Equal: "=",
  NumpadAdd: "=",
  BracketLeft: "[",
  BracketRight: "]",
  Semicolon: ";",
  Quote: "'",
  Comma: ",",
  Period: ".",
  Slash: "/",
  Backslash: "\\",
  Backquote: "`",
};

/** Actions that go on while the key is held down. */
const REPEATING = new Set([
  "back",
  "forward",
  "back_long",
  "forward_long",
  "item_previous",
  "item_next",
  "turn_previous",
  "turn_next",
  "start_earlier",
  "start_later",
  "end_earlier",
  "end_later",
  "undo",
  "redo",
  "zoom_in",
  "zoom_out",
]);
const BOUNCE_MS = 60;

/** Name of the key by where it lies, so that an input method or a layout changes nothing; "" for none. */
export function keyName(event) {
  const code = event.code ?? "";
  const plain =
    NAMED[code] ??
    (/^Key[A-Z]$/.test(code)
      ? code[3]
      : /^(Digit|Numpad)\d$/.test(code)
        ? code.at(-1)
        : /^F\d+$/.test(code)
          ? code
          : "");
  if (!plain) return "";
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${plain}`;
}

/** Whether an input method is at work on this key press. */
export function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

export class Keys {
  constructor(keys) {
    this.actions = new Map(
      Object.entries(keys).flatMap(([action, names]) => names.map((name) => [name, action])),
    );
    this.last = { name: "", at: -Infinity };
  }

  /** Whether a key press is the one before it again: held down, or a worn key that bounced. */
  again(event) {
    const { name, at } = this.last;
    this.last = { name: keyName(event), at: event.timeStamp };
    return event.repeat || (name === this.last.name && event.timeStamp - at < BOUNCE_MS);
  }

  /** Action bound to a key press; null for none, and for a press again that has no sense. */
  actionOf(event, again) {
    const action = this.actions.get(keyName(event)) ?? null;
    return { action: again && !REPEATING.has(action) ? null : action, bound: action !== null };
  }
}

const CAPS = { Left: "←", Right: "→", Up: "↑", Down: "↓", Delete: "Del", Backspace: "⌫" };

/** A key as it is shown: "Shift+Left" is "Shift ←". */
export function keyCap(name, say) {
  if (name === "Shift+/") return "?";
  if (name === "Shift+=") return "+";
  return name
    .split("+")
    .map((part) => (part === "Space" ? say("player.key_space") : (CAPS[part] ?? part)))
    .join(" ");
}
