// A stretch of sound with the browser's own controls, by a name that screen readers tell.
export default {
  render({ model, el }) {
    const audio = document.createElement("audio");
    audio.controls = true;
    audio.setAttribute("aria-label", model.get("label"));
    let address = "";
    const load = () => {
      URL.revokeObjectURL(address);
      const sound = model.get("value");
      const empty = !sound.byteLength;
      address = empty ? "" : URL.createObjectURL(new Blob([sound], { type: "audio/mpeg" }));
      audio.hidden = empty;
      if (empty) {
        audio.removeAttribute("src");
        audio.load();
        return;
      }
      audio.src = address;
      // Where the browser allows no sound before a click, the controls are there.
      if (model.get("autoplay")) audio.play().catch(() => {});
    };
    model.on("change:value", load);
    el.append(audio);
    load();
    return () => {
      model.off("change:value", load);
      audio.pause();
      URL.revokeObjectURL(address);
    };
  },
};
