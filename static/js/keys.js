// Keys. What exists on this page stands in the table the server wrote (#key-table, the one that the `?` dialog prints);
// a page's own file says what each does: studio.keys.on("j", act), "Shift+g", "Alt+ArrowUp", "Space". An act that returns
// false leaves the key to the browser. Keys rest in fields, behind a dialog and with Ctrl or Meta; those of one character
// also when the person switched them off. On buttons and links Enter and Space stay theirs, unless data-keys-through.
(() => {
  const table = JSON.parse(document.querySelector("#key-table").textContent);
  const page = document.body.dataset.keysPage ?? "";
  const known = new Set([...table.pages.everywhere, ...(table.pages[page] ?? [])]);
  const acts = new Map();
  const OFF = "letter-keys-off";
  let letters = table.letters && !(table.guest && localStorage.getItem(OFF));

  function name(event) {
    const key = event.key === " " ? "Space" : event.key;
    if (key.length === 1 && key.toLowerCase() === key.toUpperCase()) return key; // ? / [ 1: Shift only writes them
    return `${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${key.length === 1 ? key.toLowerCase() : key}`;
  }

  const single = (key) => key.replace("Shift+", "").length === 1;

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return;
    const target = event.target;
    if (target.matches("input, textarea, select, [contenteditable]") || document.querySelector("dialog:modal, :popover-open")) return;
    const key = name(event);
    const act = acts.get(key);
    if (!act || (single(key) && !letters)) return;
    const itself = /^(Enter|Space)$/.test(key) && target.closest("button, a[href], summary");
    if (itself && !itself.matches("[data-keys-through]")) return;
    if (act(event) !== false) event.preventDefault();
  });

  // The switch in the dialog counts at once.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-letter-keys]")) return;
    letters = event.target.checked;
    if (table.guest && letters) localStorage.removeItem(OFF);
    else if (table.guest) localStorage.setItem(OFF, "1");
  });
  document.addEventListener("dialog-open", () => {
    const box = table.guest && document.querySelector("[data-letter-keys]");
    if (box) box.checked = letters;
  });

  window.studio.keys = {
    on(key, act) {
      if (known.has(key)) acts.set(key, act);
      else console.error(`${key} is not in the table of keys for “${page}”: studio/views/keys.py`);
    },
  };

  window.studio.keys.on("?", () => {
    window.htmx.ajax("GET", `${table.help}?page=${encodeURIComponent(page)}`, { target: "#dialog-host", swap: "innerHTML" });
  });
  const find = document.querySelector("[data-find]");
  if (find) window.studio.keys.on("/", () => { find.focus(); find.select(); });
})();
