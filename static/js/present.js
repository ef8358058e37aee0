// Playing: the server wrote one slide as a page and all of them as data; this moves through them in the panels' own seconds.
// A presenter's page tells the server which panel is up; a follower's page asks, and goes where the presenter is.
(() => {
  const main = document.querySelector("[data-present]");
  const slides = JSON.parse(document.querySelector("#slides").textContent);
  const part = (name) => main.querySelector(`[data-${name}]`);
  const keys = window.studio.keys;
  const following = main.dataset.follow;
  const leading = main.dataset.lead;
  const ends = [];
  slides.reduce((sum, slide) => { ends.push(sum + slide.seconds); return sum + slide.seconds; }, 0);
  const total = ends.at(-1) ?? 0;
  let at = Math.max(0, [...part("timeline").children].findIndex((mark) => mark.hasAttribute("data-now")));
  let done = 0; // seconds of this slide that have passed
  let since = 0; // when it went on playing, 0 while it rests
  let captions = true;

  const clock = (seconds) => {
    const tenths = Math.round(seconds * 10);
    return `${String(Math.floor(tenths / 600)).padStart(2, "0")}:${(tenths % 600 / 10).toFixed(1).padStart(4, "0")}`;
  };
  const start = () => (at ? ends[at - 1] : 0);
  const passed = () => (since ? done + (performance.now() - since) / 1000 : done);

  function show(element, yes) { element.hidden = !yes; }

  function caption() {
    const slide = slides[at];
    const dialogue = part("dialogue"), action = part("action");
    dialogue.textContent = slide.dialogue;
    action.textContent = slide.action;
    show(dialogue, slide.dialogue);
    show(action, slide.picture && slide.action);
    show(part("caption"), captions && (slide.dialogue || (slide.picture && slide.action)));
  }

  function draw() {
    const slide = slides[at];
    const picture = part("picture");
    show(picture, slide.picture);
    if (slide.picture) {
      picture.sizes = "100vw";
      picture.srcset = slide.picture.srcset ?? "";
      picture.src = slide.picture.src;
      picture.width = slide.picture.width;
      picture.height = slide.picture.height;
    }
    picture.alt = slide.picture ? slide.alt : "";
    part("words").textContent = slide.action || "No picture yet.";
    show(part("words"), !slide.picture);
    part("heading").textContent = slide.heading;
    caption();
    [...part("timeline").children].forEach((mark, n) => {
      mark.toggleAttribute("data-past", n < at);
      mark.toggleAttribute("data-now", n === at);
    });
    main.dataset.label = slide.label;
    const here = part("here"); // from which panel on the room would be shown it
    if (here) here.value = slide.code;
    const soon = slides[at + 1]?.picture;
    if (soon) Object.assign(new Image(), { sizes: "100vw", srcset: soon.srcset ?? "", src: soon.src });
    time();
  }

  function time() {
    const slide = slides[at];
    const now = start() + Math.min(passed(), slide.seconds);
    const line = part("timeline");
    part("where").textContent = following ? slide.label : `${slide.label} · ${clock(now)} / ${clock(total)}`;
    line.children[at].style.setProperty("--done", Math.min(100, passed() / slide.seconds * 100).toFixed(1));
    line.setAttribute("aria-valuenow", now.toFixed(1));
    line.setAttribute("aria-valuetext", `Panel ${slide.label}, ${now.toFixed(1)} of ${total.toFixed(1)} seconds`);
  }

  function go(to, { tell = true } = {}) {
    if (!slides.length) return;
    show(part("ended"), false);
    at = Math.min(slides.length - 1, Math.max(0, to));
    done = 0;
    if (since) since = performance.now();
    draw();
    if (!following) history.replaceState(null, "", `?panel=${slides[at].code}`);
    if (leading && tell) say();
  }

  function state(playing) {
    const button = part("play");
    button.setAttribute("aria-label", playing ? "Pause" : "Play");
    show(button.querySelector('[data-when="paused"]'), !playing);
    show(button.querySelector('[data-when="playing"]'), playing);
    main.dataset.state = playing ? "playing" : "paused";
  }

  function play() {
    if (!slides.length || since || following) return;
    if (!part("ended").hidden) go(0);
    since = performance.now();
    state(true);
  }

  function pause() {
    done = passed();
    since = 0;
    state(false);
  }

  function end() {
    pause();
    done = slides[at].seconds;
    time();
    show(part("ended"), true);
    main.dataset.state = "ended";
    part("replay").focus();
    window.studio.announce("The end.");
  }

  setInterval(() => {
    if (!since) return;
    while (since && passed() >= slides[at].seconds) {
      if (at === slides.length - 1) { end(); return; }
      const over = passed() - slides[at].seconds;
      go(at + 1);
      done = Math.min(over, 1); // a window that slept does not run through the board when it wakes
    }
    time();
  }, 80);

  const step = (by) => {
    if (following) return;
    if (slides.length) window.studio.announce(`Panel ${slides[Math.min(slides.length - 1, Math.max(0, at + by))].label}`);
    go(at + by);
  };
  const toggle = () => (since ? pause() : play());
  const full = async () => {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await main.requestFullscreen?.().catch(() => {});
  };
  const text = () => {
    captions = !captions;
    part("captions").setAttribute("aria-pressed", String(captions));
    if (slides.length) caption();
  };
  const leave = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else location.assign(main.dataset.back);
  };

  if (slides.length) {
    show(part("play"), !following);
    show(part("captions"), true);
  }
  show(part("full"), Boolean(main.requestFullscreen));
  part("play").addEventListener("click", () => {
    if (!since && !document.fullscreenElement && matchMedia("(width >= 48rem)").matches) full();
    toggle();
  });
  part("replay").addEventListener("click", () => { go(0); play(); part("play").focus(); });
  part("captions").addEventListener("click", text);
  part("full").addEventListener("click", full);
  document.addEventListener("fullscreenchange", () => part("full").setAttribute("aria-pressed", String(Boolean(document.fullscreenElement))));
  for (const control of main.querySelectorAll("[data-step]")) {
    const by = Number(control.dataset.step);
    control.addEventListener(control.tagName === "FORM" ? "submit" : "click", (event) => { event.preventDefault(); event.stopPropagation(); step(by); });
  }

  // The line of time: press anywhere, or arrows while it has the focus.
  part("timeline").addEventListener("click", (event) => {
    const box = part("timeline").getBoundingClientRect();
    const wanted = (event.clientX - box.left) / box.width * total;
    go(Math.max(0, ends.findIndex((end) => wanted < end)));
  });

  // Swipe: sideways by a fifth of a thumb's way.
  let from = null;
  part("frame").addEventListener("pointerdown", (event) => { if (event.isPrimary) from = [event.clientX, event.clientY]; });
  window.addEventListener("pointerup", (event) => {
    if (!from || !event.isPrimary) return;
    const [x, y] = [event.clientX - from[0], event.clientY - from[1]];
    from = null;
    if (Math.abs(x) > 40 && Math.abs(x) > 2 * Math.abs(y)) step(x < 0 ? 1 : -1);
  });
  window.addEventListener("pointercancel", () => { from = null; });

  keys.on("Space", toggle);
  for (const [key, by] of [["ArrowRight", 1], ["j", 1], ["ArrowLeft", -1], ["k", -1]]) keys.on(key, () => step(by));
  keys.on("Home", () => step(-slides.length));
  keys.on("End", () => step(slides.length));
  keys.on("c", text);
  keys.on("f", full);
  keys.on("Escape", leave);

  // The presenter's page says which panel is up, and that it is still there.
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  async function say() {
    const body = new URLSearchParams({ panel: slides[at].code });
    try {
      const answer = await fetch(leading, { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
      if (answer.status === 409) location.reload(); // somebody else presents now
    } catch { /* said again in a moment */ }
  }
  if (leading && slides.length) setInterval(say, 10000);

  // A follower's page asks where the presenter is.
  if (following) {
    let revision = main.dataset.revision;
    const ask = async () => {
      try {
        const answer = await fetch(`${following}?since=${revision}`, { headers: { Accept: "application/json" } });
        if (answer.redirected) { location.reload(); return; } // the link's door wants to be passed anew
        if (answer.status === 200) {
          const told = await answer.json();
          if (!told.live) { location.reload(); return; }
          revision = told.revision;
          const to = slides.findIndex((slide) => slide.code === told.panel);
          if (to >= 0 && to !== at) { go(to); window.studio.announce(`Panel ${slides[to].label}`); }
        } else if (answer.status >= 400) { location.reload(); return; }
      } catch { /* no connection: asked again */ }
      setTimeout(ask, 1500);
    };
    setTimeout(ask, 500);
  }

  if (slides.length) { draw(); state(false); }
  main.dataset.ready = "true";
})();
