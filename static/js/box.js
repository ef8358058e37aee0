// A box on a picture: dragged, clicked, or moved by the arrows. The four numbers of the form are its truth; without scripts
// one types them. [data-boxed] is the frame, [data-area] the box drawn in it, form[data-box] the numbers, by the same name.
(() => {
  const NAMES = ["left", "top", "width", "height"];
  const CLICKED = 6; // percent of the width: a box of that size around a click
  const LEAST = 0.5; // percent; a drag shorter than that is a click

  const round = (n) => Math.round(n * 10) / 10;
  const within = (n, low, high) => Math.max(low, Math.min(high, n));

  for (const frame of document.querySelectorAll("[data-boxed]")) {
    const form = document.querySelector(`form[data-box="${frame.dataset.boxed}"]`);
    if (form) begin(frame, form);
  }

  function begin(frame, form) {
    const area = frame.querySelector("[data-area]");
    const fields = NAMES.map((name) => form.elements[name]);
    form.querySelector("[data-box-hint]").hidden = false;

    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "boxed-handle";
    area.append(handle);

    const box = () => fields.map((field) => Number(field.value) || 0);
    function show() {
      NAMES.forEach((name, n) => area.style.setProperty(`--${name}`, `${box()[n]}%`));
      const [left, top, width, height] = box();
      handle.setAttribute("aria-label", `Box on the ${frame.dataset.boxed}: ${left} % from the left, ${top} % from the top, ${width} by ${height} %. Arrows move it, Shift and arrows change its size.`);
      frame.dispatchEvent(new CustomEvent("boxed", { bubbles: true, detail: { box: box() } }));
    }
    function put(left, top, width, height) {
      const wide = within(round(width), 0.1, 100);
      const high = within(round(height), 0.1, 100);
      const values = [within(round(left), 0, round(100 - wide)), within(round(top), 0, round(100 - high)), wide, high];
      fields.forEach((field, n) => { field.value = round(values[n]); });
      area.removeAttribute("data-measured");
      show();
    }
    form.addEventListener("input", (event) => { if (NAMES.includes(event.target.name)) show(); });

    const shape = () => frame.getBoundingClientRect();
    const spot = (event) => {
      const at = shape();
      return [within(((event.clientX - at.left) / at.width) * 100, 0, 100), within(((event.clientY - at.top) / at.height) * 100, 0, 100)];
    };
    let from = null;
    frame.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      from = spot(event);
      frame.setPointerCapture(event.pointerId);
    });
    frame.addEventListener("pointermove", (event) => {
      if (!from) return;
      const to = spot(event);
      if (Math.abs(to[0] - from[0]) < LEAST && Math.abs(to[1] - from[1]) < LEAST) return;
      put(Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
    });
    frame.addEventListener("pointerup", (event) => {
      if (!from) return;
      const to = spot(event);
      const at = shape();
      if (Math.abs(to[0] - from[0]) < LEAST && Math.abs(to[1] - from[1]) < LEAST && !("dragOnly" in form.dataset)) {
        const high = (CLICKED * at.width) / at.height;
        put(to[0] - CLICKED / 2, to[1] - high / 2, CLICKED, high);
      }
      from = null;
      handle.focus({ preventScroll: true });
    });
    frame.addEventListener("pointercancel", () => { from = null; });

    const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    handle.addEventListener("keydown", (event) => {
      const move = MOVES[event.key];
      if (!move || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      const step = event.altKey ? 0.1 : 1;
      const [left, top, width, height] = box();
      if (event.shiftKey) put(left, top, Math.min(width + move[0] * step, 100 - left), Math.min(height + move[1] * step, 100 - top));
      else put(left + move[0] * step, top + move[1] * step, width, height);
    });
    handle.addEventListener("click", (event) => { if (event.detail === 0) form.requestSubmit(); }); // Enter and Space measure
    show();
  }
})();
