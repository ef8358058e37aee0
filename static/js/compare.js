// Compare and prompt: the surround a picture is judged against, number keys that pick, and copying what will be said.
(() => {
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-surround]")) return;
    const value = event.target.value;
    document.querySelector(".compare").style.setProperty("--surround", value === "dark" ? "" : `var(--surround-${value})`);
  });

  const keys = window.studio.keys;
  if (document.body.dataset.keysPage === "compare") {
    for (let n = 1; n < 10; n += 1) keys.on(String(n), () => document.querySelector(`[data-pick="${n}"]`)?.click());
    keys.on("v", () => {
      const all = [...document.querySelectorAll("[data-surround]")];
      const next = all[(all.findIndex((one) => one.checked) + 1) % all.length];
      next?.click();
    });
    const step = (by) => {
      const all = [...document.querySelectorAll(".take > a.picture")];
      const at = all.indexOf(document.activeElement);
      all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
    };
    looking();
    for (const [key, by] of [["j", 1], ["ArrowRight", 1], ["k", -1], ["ArrowLeft", -1]]) keys.on(key, () => step(by));
  }

  // Closer on all pictures at once, at the same point; the reference laid over; two pictures in one frame.
  function looking() {
    const compare = document.querySelector(".compare");
    const live = (name) => document.querySelector(name);
    for (const one of document.querySelectorAll("[data-live]")) one.hidden = false;

    let spot = [50, 50];
    const aim = (x, y) => {
      spot = [x, y].map((n) => Math.max(0, Math.min(100, n)));
      compare.style.setProperty("--x", `${spot[0]}%`);
      compare.style.setProperty("--y", `${spot[1]}%`);
    };
    const zoom = () => live("[data-zoom]:checked")?.value ?? "1";
    document.addEventListener("pointermove", (event) => {
      const frame = event.target.closest?.("[data-zoomed], .layers-frame");
      if (!frame || zoom() === "1") return;
      const box = frame.getBoundingClientRect();
      aim(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
    });
    const nearer = (by) => {
      const levels = [...document.querySelectorAll("[data-zoom]")];
      const next = levels[levels.findIndex((one) => one.checked) + by];
      if (next) next.checked = true;
      return levels.length > 0;
    };
    const pan = (dx, dy) => (zoom() === "1" ? false : aim(spot[0] + dx, spot[1] + dy));
    keys.on("+", () => nearer(1));
    keys.on("=", () => nearer(1));
    keys.on("-", () => nearer(-1));
    keys.on("Shift+ArrowLeft", () => pan(-10, 0));
    keys.on("Shift+ArrowRight", () => pan(10, 0));
    keys.on("Shift+ArrowUp", () => pan(0, -10));
    keys.on("Shift+ArrowDown", () => pan(0, 10));

    const button = live("[data-over]");
    const frame = live("[data-layers]");
    const over = (on) => {
      compare.toggleAttribute("data-laid-over", on);
      button?.setAttribute("aria-pressed", String(on));
    };
    button?.addEventListener("click", () => over(!compare.hasAttribute("data-laid-over")));
    keys.on("Space", () => {
      if (!button && !frame) return false;
      over(true);
    });
    document.addEventListener("keyup", (event) => { if (event.key === " " && !event.target.matches?.("button")) over(false); });
    window.addEventListener("blur", () => over(false));

    if (!frame || !frame.querySelector(".layer--over")) return;
    frame.dataset.stacked = "";
    const set = (name, value) => frame.style.setProperty(name, value);
    live("[data-wipe]")?.addEventListener("input", (event) => set("--wipe", `${event.target.value}%`));
    live("[data-strength]")?.addEventListener("input", (event) => set("--strength", event.target.value / 100));
    const turn = () => frame.toggleAttribute("data-turned");
    live("[data-turn]")?.addEventListener("click", turn);
    let beat = 0;
    live("[data-flicker]")?.addEventListener("click", (event) => {
      const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
      event.currentTarget.setAttribute("aria-pressed", String(on));
      clearInterval(beat);
      if (on) beat = setInterval(turn, 600); // under two changes a second: three would be a hazard
    });
    if (frame.dataset.layers === "wipe") {
      const range = live("[data-wipe]");
      let held = false;
      const follow = (event) => {
        const box = frame.getBoundingClientRect();
        range.value = Math.max(0, Math.min(100, ((event.clientX - box.left) / box.width) * 100));
        set("--wipe", `${range.value}%`);
      };
      frame.addEventListener("pointerdown", (event) => { held = true; frame.setPointerCapture(event.pointerId); follow(event); });
      frame.addEventListener("pointermove", (event) => { if (held) follow(event); });
      for (const end of ["pointerup", "pointercancel"]) frame.addEventListener(end, () => { held = false; });
    }
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
      document.querySelector("#announce").textContent = "Copied.";
    });
  }
})();
