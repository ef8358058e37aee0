// Moving panels and scenes: by drag with the handle, by Alt and arrows. The server is told the neighbour, never an index, and
// answers with the scenes as they are; until then the card stands where it was dropped, and goes back if refused.
(() => {
  const { board, keys } = window.studio;
  const scenes = document.querySelector("#scenes");

  // True if the server did it.
  async function tell(element, url, values) {
    let refused = false;
    const fail = () => { refused = true; };
    element.addEventListener("studio:refused", fail);
    await window.htmx.ajax("POST", url, { source: element, target: element, swap: "none", values }).catch(fail);
    element.removeEventListener("studio:refused", fail);
    return !refused;
  }

  function send(card, values) {
    return tell(card, `/panels/${card.dataset.panel}/move/`, { ...values, chosen: board.current()?.dataset.panel ?? "" });
  }

  function sortable() {
    for (const list of scenes.querySelectorAll("ol.panels")) {
      if (window.Sortable.get(list)) continue;
      window.Sortable.create(list, {
        group: "panels",
        handle: ".handle",
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
        ghostClass: "dragged",
        async onEnd({ item, from, to, oldIndex, newIndex }) {
          if (from === to && oldIndex === newIndex) return;
          const before = item.previousElementSibling?.dataset.panel ?? "";
          if (await send(item, { after: before, scene: to.closest(".scene").dataset.scene })) return;
          from.insertBefore(item, from.children[oldIndex + (from === to && newIndex < oldIndex ? 1 : 0)] ?? null);
          window.studio.toast("The panel could not be moved. It is back where it was.", "error");
        },
      });
    }
  }

  let moving = false;
  async function step(later) {
    const card = board.current() ?? document.activeElement?.closest?.(".panel-card");
    if (!card || moving) return;
    moving = true;
    try {
      await send(card, { step: later ? "later" : "earlier" });
      document.querySelector(`#${card.id} > .open`)?.focus();
    } finally {
      moving = false;
    }
  }
  keys.on("Alt+ArrowLeft", () => { step(false); });
  keys.on("Alt+ArrowRight", () => { step(true); });

  // Scenes: dragged in the outline, or with Alt, up and down from their line there, their heading or a panel of theirs.
  const line = (code) => document.getElementById(`outline-${code}`);
  const lines = () => [...document.querySelectorAll("#outline [data-scenes] > li")];

  function follow() { // the board stands in the outline's order
    for (const one of lines()) scenes.append(document.getElementById(`scene-${one.dataset.scene}`));
    for (const rest of scenes.querySelectorAll(":scope > :not(.scene)")) scenes.append(rest);
  }

  async function sendScene(code, values) {
    const done = await tell(line(code), `/scenes/${code}/move/`, values);
    if (done) follow();
    return done;
  }

  function sortableScenes() {
    const list = document.querySelector("#outline [data-scenes]");
    if (!list || window.Sortable.get(list)) return;
    window.Sortable.create(list, {
      handle: ".handle",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      ghostClass: "dragged",
      async onEnd({ item, from, oldIndex, newIndex }) {
        if (oldIndex === newIndex) return;
        if (await sendScene(item.dataset.scene, { after: item.previousElementSibling?.dataset.scene ?? "" })) return;
        from.insertBefore(item, from.children[oldIndex + (newIndex < oldIndex ? 1 : 0)] ?? null);
        window.studio.toast("The scene could not be moved. It is back where it was.", "error");
      },
    });
  }

  async function stepScene(later) {
    const focus = document.activeElement;
    const code = (focus?.closest?.("[data-scene]") ?? board.current()?.closest(".scene"))?.dataset.scene;
    if (!code || moving) return;
    moving = true;
    try {
      await sendScene(code, { step: later ? "later" : "earlier" });
      if (focus?.closest?.("#outline")) line(code).querySelector("a").focus();
      else focus?.focus?.();
      document.getElementById(`scene-${code}`).scrollIntoView({ block: "nearest" });
    } finally {
      moving = false;
    }
  }
  keys.on("Alt+ArrowUp", () => { stepScene(false); });
  keys.on("Alt+ArrowDown", () => { stepScene(true); });

  document.addEventListener("studio:swapped", () => { sortable(); sortableScenes(); });
  sortable();
  sortableScenes();
})();
