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

  // A finding leads to its words, if they still stand where it found them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-from]");
    const field = link && document.getElementById("bible");
    const [from, to] = [Number(link?.dataset.from), Number(link?.dataset.to)];
    if (!field || field.value.slice(from, to) !== link.dataset.words) return;
    event.preventDefault();
    field.focus();
    field.setSelectionRange(from, to);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const lint = document.querySelector("[data-lint]");
    if (lint && event.target.closest?.("#markers")) window.htmx.trigger(lint, "markers-changed");
  });

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

  // What is typed stays in this tab's storage until it is saved: a page that is left too soon, or a lost connection,
  // loses nothing. It comes back with the revision it was typed on, so that a newer text of somebody else is a conflict.
  const WAIT = 800;
  const TEXTS = "form[data-autosave] textarea, form[data-autosave] input:not([type])";
  const stamps = new WeakMap();
  const key = (field) => `unsent:${field.form.getAttribute("action")}:${field.name}`;

  function keep(field) {
    sessionStorage.setItem(key(field), JSON.stringify({ typed: field.value, revision: field.form.elements.revision.value }));
    stamps.set(field, Date.now());
    const state = field.form.querySelector(".state .saved");
    if (state && !navigator.onLine) state.textContent = "No connection. What you type is kept here and sent when it is back.";
  }

  function settle() {
    for (const field of document.querySelectorAll(TEXTS)) {
      const saved = field.form.querySelector(".state .saved:not(:empty)");
      if (!saved || !sessionStorage.getItem(key(field))) continue;
      if (Date.now() - (stamps.get(field) ?? 0) < WAIT) keep(field);
      else sessionStorage.removeItem(key(field));
    }
  }

  function restore() {
    for (const field of document.querySelectorAll(TEXTS)) {
      const stored = sessionStorage.getItem(key(field));
      if (!stored) continue;
      sessionStorage.removeItem(key(field));
      const { typed, revision } = JSON.parse(stored);
      if (typed.trim() === field.value.trim()) continue;
      field.value = typed;
      field.form.elements.revision.value = revision;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches(TEXTS)) keep(event.target);
  });
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-forget]")?.closest("form");
    for (const field of form?.querySelectorAll("textarea, input:not([type])") ?? []) sessionStorage.removeItem(key(field));
  });
  document.addEventListener("studio:swapped", settle);
  window.addEventListener("load", restore);
})();
