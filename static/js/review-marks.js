// Pins and drawn marks: by pointer and by keyboard, in 0–1 of the picture. What is drawn stands as JSON in the note's form
// and is shown over the picture until the note is sent; then the server draws it.
(() => {
  const { keys, announce } = window.studio;
  const frame = document.querySelector("[data-markable]");
  const form = () => document.querySelector("#note-form");
  if (!frame || !form()) {
    keys.on("c", () => {
      const text = window.studio.review.openComposer();
      text?.focus();
      return Boolean(text);
    });
    return;
  }
  const svg = frame.querySelector("[data-new-marks]");
  const [, , WIDE, HIGH] = svg.getAttribute("viewBox").split(" ").map(Number);
  const input = () => form()?.querySelector("[data-marks]");
  const tool = () => form()?.querySelector("[data-tool]:checked")?.value ?? "pin";
  const clamp = (n) => Math.round(Math.min(1, Math.max(0, n)) * 10000) / 10000;
  const read = () => { try { return JSON.parse(input()?.value || "[]"); } catch { return []; } };
  let aimed = null; // while the keyboard aims: { kind, x, y, from }

  function third(x, y) {
    const down = ["upper", "", "lower"][Math.min(2, Math.floor(y * 3))];
    const across = ["left", "", "right"][Math.min(2, Math.floor(x * 3))];
    return [down, across || (down && "middle")].filter(Boolean).join(" ") || "centre";
  }

  // --- shown over the picture ---
  const at = ([x, y]) => `${(x * WIDE).toFixed(1)} ${(y * HIGH).toFixed(1)}`;
  function path(mark) {
    if (mark.kind === "pencil") return `M${mark.points.map(at).join("L")}`;
    const [[a, b], [c, d]] = [mark.from, mark.to];
    if (mark.kind === "box") return `M${at([a, b])}L${at([c, b])}L${at([c, d])}L${at([a, d])}Z`;
    if (mark.kind === "ellipse") {
      const arc = `A${Math.max(0.1, (Math.abs(c - a) * WIDE) / 2).toFixed(1)} ${Math.max(0.1, (Math.abs(d - b) * HIGH) / 2).toFixed(1)} 0 1 0`;
      return `M${at([a, (b + d) / 2])}${arc} ${at([c, (b + d) / 2])}${arc} ${at([a, (b + d) / 2])}Z`;
    }
    const turned = Math.atan2((d - b) * HIGH, (c - a) * WIDE);
    const head = (by) => at([c - (26 * Math.cos(turned + by)) / WIDE, d - (26 * Math.sin(turned + by)) / HIGH]);
    return `M${at([a, b])}L${at([c, d])}M${head(0.5)}L${at([c, d])}L${head(-0.5)}`;
  }
  function line(d, name) {
    const one = document.createElementNS("http://www.w3.org/2000/svg", "path");
    one.setAttribute("d", d);
    if (name) one.setAttribute("class", name);
    return one;
  }
  let pin = null;
  function show(extra = null) {
    const marks = [...read(), ...(extra ? [extra] : [])];
    svg.replaceChildren(...marks.filter((one) => one.kind !== "pin").flatMap((one) => [line(path(one), "under"), line(path(one))]));
    const spot = aimed ?? marks.find((one) => one.kind === "pin");
    if (spot && !pin) {
      pin = document.createElement("button");
      pin.type = "button";
      pin.className = "pin";
      pin.dataset.new = "";
      pin.addEventListener("keydown", aim);
      pin.addEventListener("click", () => { if (!aimed) start(); });
      frame.append(pin);
    }
    if (!spot) {
      pin?.remove();
      pin = null;
    } else {
      pin.style.setProperty("--x", `${spot.x * 100}%`);
      pin.style.setProperty("--y", `${spot.y * 100}%`);
      pin.textContent = "+";
      pin.setAttribute("aria-label", `New pin, ${third(spot.x, spot.y)}. Arrow keys move it, Enter places it.`);
    }
    const where = form()?.querySelector("[data-where]");
    const placed = marks.find((one) => one.kind === "pin");
    if (where) where.textContent = placed ? `, ${third(placed.x, placed.y)}` : marks.length ? `, with ${marks.length} mark${marks.length > 1 ? "s" : ""}` : "";
    const undo = form()?.querySelector("[data-unmark]");
    if (undo) undo.disabled = !marks.length;
    frame.toggleAttribute("data-drawing", tool() !== "pin");
  }
  function keep(marks) {
    input().value = marks.length ? JSON.stringify(marks) : "";
    form().dispatchEvent(new CustomEvent("review:drawn", { bubbles: true }));
    show();
  }
  function add(mark) {
    const marks = read();
    keep(mark.kind === "pin" ? [mark, ...marks.filter((one) => one.kind !== "pin")] : [...marks, mark].slice(-20));
  }
  function write() {
    window.studio.review.openComposer()?.focus({ preventScroll: true });
  }

  // --- by pointer ---
  const point = (event) => {
    const box = frame.getBoundingClientRect();
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  };
  let drawn = null;
  let pressed = null; // where, in the window
  const still = (event) => Boolean(pressed) && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < 8;
  frame.addEventListener("pointerdown", (event) => {
    pressed = null; // a second finger is no press
    if (!event.isPrimary) return;
    drawn = null;
    if (event.button || event.target.closest(".pin") || !input()) return;
    pressed = { x: event.clientX, y: event.clientY };
    if (tool() === "pin") return;
    drawn = { from: point(event), to: point(event), points: [point(event)] };
    event.preventDefault();
    frame.setPointerCapture(event.pointerId);
  });
  const shape = () => (tool() === "pencil" ? { kind: "pencil", points: drawn.points } : { kind: tool(), from: drawn.from, to: drawn.to });
  frame.addEventListener("pointermove", (event) => {
    if (!drawn) return;
    drawn.to = point(event);
    const last = drawn.points[drawn.points.length - 1];
    if (drawn.points.length < 600 && Math.hypot(drawn.to[0] - last[0], drawn.to[1] - last[1]) > 0.004) drawn.points.push(drawn.to);
    show(shape());
  });
  frame.addEventListener("pointerup", (event) => {
    if (!drawn) return;
    const made = shape();
    drawn = null;
    if (still(event) || (made.points?.length ?? 2) < 2) return show();
    add(made);
    write();
  });
  // A pin is set by the click, which is the last that a touch sends: set any sooner, it would lie under the finger and take
  // the rest of the touch, and the focus with it.
  frame.addEventListener("click", (event) => {
    if (tool() !== "pin" || event.target.closest(".pin") || !input() || !still(event)) return;
    const [x, y] = point(event);
    pressed = null;
    add({ kind: "pin", x, y });
    write();
  });
  frame.addEventListener("pointercancel", () => { drawn = pressed = null; show(); });
  frame.addEventListener("dragstart", (event) => event.preventDefault());

  // --- by keyboard: C aims, arrows move, Enter places; an arrow, a box and an ellipse take two Enters ---
  function start() {
    const old = read().find((one) => one.kind === "pin");
    const kind = tool() === "pencil" ? "pin" : tool();
    aimed = { kind, x: old?.x ?? 0.5, y: old?.y ?? 0.5, from: null };
    window.studio.review.openComposer();
    show();
    pin.focus();
    announce(`${kind === "pin" ? "Pin" : `First corner of the ${kind}`}, ${third(aimed.x, aimed.y)}. Arrow keys move it, Enter places it, Escape leaves it out.`);
    return true;
  }
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function aim(event) {
    if (!aimed) return;
    const step = STEPS[event.key];
    if (step) {
      const by = event.shiftKey ? 0.1 : 0.02;
      aimed.x = clamp(aimed.x + step[0] * by);
      aimed.y = clamp(aimed.y + step[1] * by);
      show(aimed.from ? { kind: aimed.kind, from: aimed.from, to: [aimed.x, aimed.y] } : null);
      announce(third(aimed.x, aimed.y));
    } else if (event.key === "Enter" || event.key === " ") {
      place();
    } else if (event.key === "Escape") {
      aimed = null;
      show();
      write();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
  function place() {
    const { kind, x, y, from } = aimed;
    if (kind !== "pin" && !from) {
      aimed.from = [x, y];
      announce(`Now the other corner.`);
      return;
    }
    aimed = null;
    add(kind === "pin" ? { kind, x, y } : { kind, from, to: [x, y] });
    announce(`Placed, ${third(x, y)}. Write the note.`);
    write();
  }
  keys.on("c", start);

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-unmark]")) keep(read().slice(0, -1));
  });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-tool]")) show(); });
  document.addEventListener("review:dropped", () => keep([]));
  document.addEventListener("review-changed", () => { aimed = null; show(); });
  document.addEventListener("review:restored", () => show());
  show();
})();
