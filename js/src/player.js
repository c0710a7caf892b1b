// Entry of the widget: builds the page of one player in a notebook's output, and takes it down again.

import { Audit } from "./audit.js";

export default {
  render({ model, el }) {
    const audit = new Audit(model);
    el.classList.add("qa-host");
    el.append(audit.root);
    // The drawing needs its place in the page, which anywidget's element has only after this call.
    const frame = requestAnimationFrame(() => audit.start());
    return () => {
      cancelAnimationFrame(frame);
      audit.destroy();
    };
  },
};
