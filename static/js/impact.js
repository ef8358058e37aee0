// Panels that no longer match, by keyboard: J and K go from one to the next, X ticks it, F says that it is fine as it is and goes
// on, Shift F says so of all that are not ticked. Every key presses a control that is there to be seen.
(() => {
  const { keys, announce } = window.studio;
  const rows = () => [...document.querySelectorAll(".impact > li[data-panel]")];
  const current = () => document.activeElement?.closest?.(".impact > li[data-panel]") ?? null;
  function go(row) {
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
    return Boolean(row);
  }
  const step = (by) => () => {
    const all = rows();
    const at = all.indexOf(current());
    return go(all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]);
  };
  keys.on("j", step(1));
  keys.on("k", step(-1));
  keys.on("x", () => {
    const box = current()?.querySelector('input[type="checkbox"]:not(:disabled)');
    box?.click();
    if (box) announce(box.checked ? "Chosen" : "Not chosen");
    return Boolean(box);
  });
  keys.on("f", () => {
    const row = current();
    const button = row?.querySelector("[data-fine]");
    if (!button) return false;
    // The page comes back at the panel after this one.
    const all = rows();
    const next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
    const back = button.form.elements.next;
    if (next && back) back.value = `${back.value.split("#")[0]}#${next.id}`;
    button.click();
    return true;
  });
  keys.on("Shift+f", () => {
    const button = document.querySelector("[data-fine-others]");
    button?.click();
    return Boolean(button);
  });
  const aimed = location.hash.startsWith("#impact-") && document.getElementById(location.hash.slice(1));
  if (aimed) go(aimed);
})();
