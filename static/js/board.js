// The board: one tab stop, a panel chosen and shown in the inspector, scenes that fold, several panels ticked at once.
// Order and autosave have files of their own; keys are in board-keys.js.
(() => {
  const shell = document.querySelector(".shell--board");
  const scenes = document.querySelector("#scenes");
  const wide = matchMedia("(width >= 64rem)");
  const cards = () => [...scenes.querySelectorAll(".panels:not([hidden]) > .panel-card:not([hidden])")];
  const current = () => scenes.querySelector(".panel-card:has(> .open[aria-current])");
  const open = (card) => card.querySelector(".open");

  // One tab stop: the chosen card, else the first. Its tools are reached from it.
  function rove() {
    const stop = current() ?? cards()[0];
    for (const link of scenes.querySelectorAll(".panel-card > .open")) link.tabIndex = link.parentElement === stop ? 0 : -1;
  }

  function mark(card) {
    scenes.querySelector(".open[aria-current]")?.removeAttribute("aria-current");
    open(card).setAttribute("aria-current", "true");
    for (const link of document.querySelectorAll(".outline a[aria-current]")) link.removeAttribute("aria-current");
    document.querySelector(`#outline-${card.closest(".scene").dataset.scene} a`)?.setAttribute("aria-current", "true");
    rove();
  }

  let dimming = 0;
  function choose(card, { focus = true } = {}) {
    if (!card) return;
    mark(card);
    if (focus) {
      open(card).focus({ preventScroll: true });
      card.scrollIntoView({ block: "nearest" });
    }
    if (!wide.matches) return;
    window.studio.flush?.();
    const inspector = document.querySelector("#inspector");
    if (inspector.dataset.panel === card.dataset.panel && inspector.querySelector("#panel-form")) return;
    inspector.dataset.panel = card.dataset.panel;
    clearTimeout(dimming);
    dimming = setTimeout(() => inspector.setAttribute("aria-busy", "true"), 150);
    const done = () => { clearTimeout(dimming); inspector.removeAttribute("aria-busy"); };
    window.htmx.ajax("GET", `/panels/${card.dataset.panel}/inspector/`, { source: inspector, target: inspector, swap: "innerHTML" })
      .then(done, () => {
        done();
        if (inspector.dataset.panel === card.dataset.panel) inspector.dataset.panel = ""; // so that choosing it again asks again
      });
    shell.dataset.chosen = "";
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.button) return;
    const link = event.target.closest(".panel-card > .open");
    if (link && event.shiftKey) {
      event.preventDefault();
      tickTo(link.parentElement);
      return;
    }
    if (link && wide.matches) {
      event.preventDefault();
      choose(link.parentElement);
    }
    const step = event.target.closest("[data-step]");
    const beside = step && document.getElementById(`panel-${step.dataset.step}`);
    if (beside && wide.matches) {
      event.preventDefault();
      choose(beside, { focus: false });
      beside.scrollIntoView({ block: "nearest" });
      document.querySelector("#inspector h2")?.focus();
    }
    const dialog = event.target.closest("[data-dialog]");
    if (dialog) {
      event.preventDefault();
      show(dialog.href);
    }
  });

  const show = (url) => window.htmx.ajax("GET", url, { source: "#dialog-host", target: "#dialog-host", swap: "innerHTML" });

  // A panel that was made or moved becomes the chosen one.
  document.addEventListener("panel-chosen", (event) => {
    const card = document.getElementById(`panel-${event.detail.code}`);
    if (!card) return;
    if (!wide.matches && "chosen" in shell.dataset) { location.assign(`/panels/${event.detail.code}/`); return; }
    document.querySelector("#inspector").dataset.panel = "";
    choose(card);
  });

  // Folding, remembered for this browser and told to the server, so that a page never jumps.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fold]");
    if (!button) return;
    const folded = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!folded));
    document.getElementById(button.getAttribute("aria-controls")).hidden = folded;
    const codes = [...document.querySelectorAll('[data-fold][aria-expanded="false"]')].map((one) => one.closest(".scene").dataset.scene);
    const others = (document.cookie.match(/(?:^|; )folded=([^;]*)/)?.[1] ?? "").split(".").filter((code) => code && !document.getElementById(`scene-${code}`));
    document.cookie = `folded=${[...codes, ...others].slice(0, 200).join(".")}; path=/; max-age=31536000; samesite=lax`;
    rove();
  });

  // Parts of the inspector that stay open from panel to panel.
  document.addEventListener("toggle", (event) => {
    const name = event.target.dataset?.remember;
    if (name) localStorage.setItem(name, event.target.open ? "open" : "");
  }, true);
  function reopen() {
    for (const part of document.querySelectorAll("details[data-remember]")) {
      if (localStorage.getItem(part.dataset.remember) === "open") part.open = true;
    }
  }

  // Finding: cards that do not hold the words step aside. Enter chooses the first, Escape brings all back.
  let sought = "";
  function find() {
    for (const card of scenes.querySelectorAll(".panel-card")) {
      card.hidden = sought !== "" && !card.querySelector(".body").textContent.toLocaleLowerCase().includes(sought);
    }
    const box = document.querySelector("[data-find]");
    if (box) {
      box.hidden = false;
      if (document.activeElement !== box) box.value = sought;
    }
    rove();
  }
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-find]")) return;
    sought = event.target.value.trim().toLocaleLowerCase();
    find();
    if (sought) window.studio.announce(`${cards().length} found.`);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("[data-find]")) return;
    if (event.key === "Enter") choose(cards()[0]);
    if (event.key !== "Escape") return;
    event.target.value = sought = "";
    find();
    event.target.blur();
  });

  // Several at once: ticked boxes are the selection; the bar under the board counts them.
  const ticked = () => [...scenes.querySelectorAll(".choose input:checked")];
  let last = null;
  let kept = new Set(); // the ticked codes: new HTML from the server knows nothing of them
  function count() {
    const codes = ticked().map((box) => box.value);
    kept = new Set(codes);
    const bar = document.querySelector("#chosen-bar");
    if (!bar) return;
    scenes.toggleAttribute("data-choosing", codes.length > 0);
    bar.toggleAttribute("data-any", codes.length > 0);
    bar.querySelector("[data-chosen-count]").textContent = codes.length === 1 ? "1 panel" : `${codes.length} panels`;
    const draw = bar.querySelector('[data-bulk="draw"]');
    if (draw) draw.search = `?panels=${codes.join(",")}`;
  }
  function tick(card, on) {
    const box = card?.querySelector(".choose input");
    if (!box) return;
    box.checked = on ?? !box.checked;
    last = card;
    count();
    window.studio.announce(`${box.checked ? "Chosen" : "No longer chosen"}, ${ticked().length} in all.`);
  }
  function tickTo(card) {
    const all = cards();
    const from = all.indexOf(last ?? current() ?? card);
    const to = all.indexOf(card);
    for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) {
      const box = one.querySelector(".choose input");
      if (box) box.checked = true;
    }
    last = card;
    count();
    window.studio.announce(`${ticked().length} chosen.`);
  }
  document.addEventListener("change", (event) => {
    if (!event.target.closest(".choose")) return;
    last = event.target.closest(".panel-card");
    count();
  });
  function clear() {
    for (const box of ticked()) box.checked = false;
    count();
  }
  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-bulk]");
    if (!act) return;
    event.preventDefault();
    if (act.dataset.bulk === "clear") {
      clear();
      return;
    }
    const codes = ticked().map((box) => box.value);
    show(act.dataset.bulk === "draw" ? act.href : `${act.dataset.url}?${codes.map((code) => `panels=${code}`).join("&")}`);
  });

  // After a swap: the tab stop, the count, and what was open; a deleted card gives the focus to the next.
  let neighbours = [];
  function remember() {
    const card = document.activeElement?.closest?.(".panel-card") ?? current();
    const all = cards();
    const place = all.indexOf(card);
    if (place >= 0) neighbours = [card, ...all.slice(place + 1), ...all.slice(0, place).reverse()].map((one) => one.id);
  }
  document.addEventListener("focusin", remember);
  document.addEventListener("studio:swapped", () => {
    const shown = current() ?? document.getElementById(`panel-${document.querySelector("#inspector").dataset.panel}`);
    if (shown) mark(shown);
    else rove();
    for (const code of kept) {
      const box = document.querySelector(`#panel-${code} .choose input`);
      if (box) box.checked = true;
    }
    find();
    count();
    reopen();
    if (!neighbours.length || document.getElementById(neighbours[0])) return;
    const next = neighbours.map((id) => document.getElementById(id)).find(Boolean);
    neighbours = [];
    if (next) choose(next, { focus: !document.querySelector("dialog:modal") });
    if (next && wide.matches) return;
    const inspector = document.querySelector("#inspector"); // it shows a panel that is gone
    inspector.replaceChildren();
    inspector.dataset.panel = "";
    delete shell.dataset.chosen;
    history.replaceState(null, "", `/projects/${shell.dataset.project}/`);
  });

  // The scenes scroll inside the page, so the browser does not put them back where they were.
  const place = `place:${shell.dataset.project}`;
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") scenes.scrollTop = Number(sessionStorage.getItem(place));
  addEventListener("pagehide", () => sessionStorage.setItem(place, scenes.scrollTop));

  const chosen = current();
  if (chosen) {
    document.querySelector("#inspector").dataset.panel = chosen.dataset.panel;
    if (wide.matches) chosen.scrollIntoView({ block: "nearest" });
  }
  find();
  count();
  reopen();
  window.studio.board = { cards, current, choose, tick, show, ticked, clear };
})();
