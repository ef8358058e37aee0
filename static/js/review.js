// The review page: keys, pins and their notes, the sheet of a phone, swiping, and news from others. Placing pins and
// drawing is in review-marks.js, keeping what is typed in review-drafts.js.
(() => {
  const { keys, toast } = window.studio;
  const page = document.querySelector("[data-review]");
  const film = document.querySelector("#film");
  const form = () => document.querySelector("#note-form");
  const narrow = matchMedia("(width < 48rem)");

  // --- which panel ---
  const go = (name) => {
    const link = document.querySelector(`[data-${name}]`);
    if (link) location.assign(link.href);
    return Boolean(link);
  };
  for (const key of ["j", "ArrowRight"]) keys.on(key, () => go("next"));
  for (const key of ["k", "ArrowLeft"]) keys.on(key, () => go("previous"));
  keys.on("v", () => go("compare"));
  keys.on("a", () => {
    const button = document.querySelector("#approve");
    button?.click();
    return Boolean(button);
  });
  const here = film.querySelector("[aria-current]");
  if (here) film.scrollLeft = here.offsetLeft - (film.clientWidth - here.clientWidth) / 2;

  // --- a pin and its note ---
  let current = "";
  function choose(code) {
    current = code;
    for (const one of document.querySelectorAll("[data-pin], [data-note]")) {
      if ((one.dataset.pin ?? one.dataset.note) === code) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
  }
  document.addEventListener("click", (event) => {
    const pin = event.target.closest("a[data-pin]");
    const note = event.target.closest("[data-note]");
    if (pin) choose(pin.dataset.pin);
    else if (note && !event.target.closest("a, button, summary, textarea, input")) choose(note.dataset.note);
  });
  keys.on("Enter", () => {
    const all = [...document.querySelectorAll("[data-note]")];
    const note = all.find((one) => one.dataset.note === current) ?? all.find((one) => !("resolved" in one.dataset)) ?? all[0];
    if (!note) return false;
    choose(note.dataset.note);
    note.scrollIntoView({ block: "nearest" });
    (note.querySelector("summary, button, a") ?? note).focus();
    return true;
  });

  // --- the sheet of a phone: the composer over the page ---
  function openComposer() {
    form()?.setAttribute("data-open", "");
    return form()?.elements.text;
  }
  function closeComposer() {
    form()?.removeAttribute("data-open");
    document.querySelector("[data-open-composer]")?.focus();
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-composer]")) openComposer()?.focus();
    if (event.target.closest("[data-close-composer]")) {
      form().dispatchEvent(new CustomEvent("review:dropped", { bubbles: true }));
      closeComposer();
    }
  });
  document.addEventListener("keydown", (event) => {
    const inside = event.target.closest?.("form.composer");
    if (!inside) return;
    if (event.key === "Escape" && form()?.hasAttribute("data-open") && narrow.matches) closeComposer();
    else if (event.key === "Escape") event.target.blur();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) inside.requestSubmit(inside.querySelector("button:not([type])"));
  });

  // Whoever asks for changes with a note half written means that note: it goes along.
  document.addEventListener("submit", (event) => {
    const verdict = event.target.closest("[data-verdict]");
    if (!verdict) return;
    for (const old of verdict.querySelectorAll("[data-along]")) old.remove();
    if (event.submitter?.value !== "changes" || !form()?.elements.text.value.trim()) return;
    for (const name of ["text", "key", "marks", "internal"]) {
      const field = form().elements[name];
      if (!field || (field.type === "checkbox" && !field.checked)) continue;
      verdict.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: field.value }));
      verdict.lastChild.dataset.along = "";
    }
  }, true);

  // --- after an answer: what was chosen stays so; a note that is missing is asked for ---
  document.addEventListener("review-changed", (event) => {
    choose(event.detail.current || current);
    if (document.querySelector("[data-needs-note]")) openComposer()?.focus();
    else if (event.detail.sent) closeComposer();
  });

  // A morph keeps what is open and what is being typed.
  const callbacks = window.Idiomorph?.defaults.callbacks;
  if (callbacks) {
    const typing = (field) => Boolean(field?.matches?.("textarea") && field.value !== field.defaultValue);
    const beside = (node) => node.matches("input[name=key], input[name=was]") && typing(node.form?.elements.text);
    callbacks.beforeAttributeUpdated = (name, node) => !(name === "open" && node.matches("details"));
    callbacks.beforeNodeMorphed = (node) => !(node.nodeType === 1 && (typing(node) || beside(node)));
  }

  // --- on a phone the verdict stands over the end of the page: that much is left free under it ---
  const verdict = document.querySelector("#verdict");
  new ResizeObserver(() => page.style.setProperty("--verdict", `${verdict.offsetHeight}px`)).observe(verdict);

  // --- swiping over the picture ---
  let from = null;
  const frame = document.querySelector("#frame");
  frame.addEventListener("pointerdown", (event) => { from = event.pointerType === "touch" && event.isPrimary ? event : null; });
  frame.addEventListener("pointerup", (event) => {
    if (!from || frame.hasAttribute("data-drawing")) return;
    const [x, y] = [event.clientX - from.clientX, event.clientY - from.clientY];
    from = null;
    if (Math.abs(x) > 60 && Math.abs(y) < 45) go(x < 0 ? "next" : "previous");
  });

  // --- news: asked every ten seconds; only when something happened are the parts fetched ---
  const EVERY = 10000;
  const revision = () => document.querySelector("#revision").dataset.revision;
  async function ask() {
    if (document.hidden || !navigator.onLine) return true;
    const answer = await fetch(`${page.dataset.news}?since=${revision()}`, { headers: { "HX-Request": "true" }, redirect: "manual" });
    if (answer.status === 200) {
      await window.htmx.ajax("GET", location.pathname + location.search, { source: "#revision", target: "#revision", swap: "none" });
      document.dispatchEvent(new CustomEvent("review:news"));
      document.dispatchEvent(new CustomEvent("review:news"));
    } else if (answer.status === 404 || answer.type === "opaqueredirect") {
      toast("This review can no longer be opened.", "error");
      return false;
    }
    return true;
  }
  async function listen() {
    const on = await ask().catch(() => true);
    if (on) setTimeout(listen, EVERY);
  }
  setTimeout(listen, EVERY);
  window.studio.review = { openComposer, choose, ask };
})();
