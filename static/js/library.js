// The library's pages: order by hand and by keyboard, colours, the view of the next upload.
(() => {
  // A list becomes sortable the moment its handle is touched, so that swapped-in lists need no second start.
  document.addEventListener(
    "pointerdown",
    (event) => {
      const list = event.target.closest("[data-sortable]");
      if (!list || !window.Sortable || window.Sortable.get(list)) return;
      window.Sortable.create(list, {
        handle: list.dataset.handle,
        draggable: "[data-move]",
        animation: 120,
        onEnd: ({ item, oldIndex, newIndex }) => {
          if (oldIndex !== newIndex) move(item, { after: item.previousElementSibling?.dataset.id ?? "" });
        },
      });
    },
    true,
  );

  function move(item, values) {
    const { move: url, target } = item.dataset;
    window.htmx.ajax("POST", url, { source: item, target, swap: "morph:outerHTML", values });
  }

  const STEPS = { ArrowLeft: "earlier", ArrowUp: "earlier", ArrowRight: "later", ArrowDown: "later" };
  document.addEventListener("keydown", (event) => {
    const step = event.altKey && !event.ctrlKey && !event.metaKey && STEPS[event.key];
    const item = step && event.target.closest("[data-sortable] [data-move]");
    if (!item || event.target.matches("select, input[type=color]")) return;
    event.preventDefault();
    item.querySelector(`button[name=step][value=${step}]:not(:disabled)`)?.click();
  });

  // Choosing a colour means wanting one.
  document.addEventListener(
    "input",
    (event) => {
      if (!event.target.matches("[data-colour]")) return;
      event.target.closest(".colour").querySelector("input[type=checkbox]").checked = true;
    },
    true,
  );

  // "Add" on a missing view: the next pictures are that view.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-preset]");
    const form = link && document.getElementById(link.dataset.for);
    if (!form) return;
    event.preventDefault();
    form.elements.view.value = link.dataset.preset;
    form.elements.detail.value = link.dataset.presetDetail;
    form.querySelector("input[type=file]").click();
  });
})();
