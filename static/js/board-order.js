// Moving panels: by drag with the handle, by Alt and arrows. The server is told the neighbour, never an index, and
// answers with the scenes as they are; until then the card stands where it was dropped, and goes back if refused.
(() => {
  const { board, keys } = window.studio;
  const scenes = document.querySelector("#scenes");

  function send(card, values) {
    return window.htmx.ajax("POST", `/panels/${card.dataset.panel}/move/`, {
      source: card, target: card, swap: "none", values: { ...values, chosen: board.current()?.dataset.panel ?? "" },
    });
  }

  function sortable() {
    for (const list of scenes.querySelectorAll("ol.panels")) {
      if (window.Sortable.get(list)) continue;
      window.Sortable.create(list, {
        group: "panels",
        handle: ".handle",
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
        ghostClass: "dragged",
        onEnd({ item, from, to, oldIndex, newIndex }) {
          if (from === to && oldIndex === newIndex) return;
          const before = item.previousElementSibling?.dataset.panel ?? "";
          const back = () => {
            from.insertBefore(item, from.children[oldIndex + (from === to && newIndex < oldIndex ? 1 : 0)] ?? null);
            window.studio.toast("The panel could not be moved. It is back where it was.", "error");
          };
          send(item, { after: before, scene: to.closest(".scene").dataset.scene }).catch(back);
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

  document.addEventListener("studio:swapped", sortable);
  sortable();
})();
