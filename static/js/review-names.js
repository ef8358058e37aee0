// Names behind an @ in a note: those who may be called here, in a list under the field. Without it a name is typed in full.
// The field stays a text field (a <textarea> may be no combobox); it owns the list by aria-controls and aria-activedescendant.
(() => {
  const { announce } = window.studio;
  const source = document.querySelector("#callable");
  const names = source ? JSON.parse(source.textContent) : [];
  if (!names.length) return;
  const MOST = 6;
  const FIELDS = ".talk textarea[name=text]";
  const flat = (text) => text.toLowerCase().replace(/\s+/g, " ");
  const list = Object.assign(document.createElement("ul"), { id: "callable-names", className: "name-list", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Names");
  let field = null; // whose list is open
  let call = null; // { from, text }: what stands behind the @, up to the caret
  let left = -1; // where a call begins that Escape left alone
  let at = 0;
  const options = () => [...list.children];
  const isOpen = () => Boolean(field) && !list.hidden && list.isConnected;

  function called(area) {
    if (area.selectionStart !== area.selectionEnd) return null;
    const found = /(?:^|[^\p{L}\p{N}_])@([^@\n]{0,80})$/u.exec(area.value.slice(0, area.selectionStart));
    return found && { from: area.selectionStart - found[1].length - 1, text: flat(found[1]) };
  }
  function fitting(text) {
    const whole = names.filter((name) => flat(name).startsWith(text));
    const parts = names.filter((name) => !whole.includes(name) && flat(name).split(" ").some((word) => word.startsWith(text)));
    const found = [...whole, ...parts].slice(0, MOST);
    return found.length === 1 && flat(found[0]) === text ? [] : found; // typed out already
  }
  function close() {
    if (!field) return;
    field.removeAttribute("aria-activedescendant");
    field.removeAttribute("aria-controls");
    list.hidden = true;
    field = null;
  }
  function point(to) {
    at = (to + list.children.length) % list.children.length;
    options().forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
    field.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }
  function show(area, found) {
    const words = options().map((one) => one.textContent).join("\n");
    const again = isOpen() && field === area && words === found.join("\n");
    if (again) return;
    if (field && field !== area) close();
    field = area;
    list.replaceChildren(...found.map((name, n) => {
      const one = Object.assign(document.createElement("li"), { id: `callable-${n}`, textContent: name, dir: "auto" });
      one.setAttribute("role", "option");
      return one;
    }));
    area.after(list);
    list.hidden = false;
    area.setAttribute("aria-controls", list.id);
    point(0);
    announce(`${found.length === 1 ? "1 name" : `${found.length} names`}. Arrow keys choose, Enter takes one, Escape leaves it.`);
  }
  function look(area) {
    call = called(area);
    if (call?.from !== left) left = -1;
    const found = call && left < 0 ? fitting(call.text) : [];
    if (found.length) show(area, found);
    else close();
  }
  function take(name) {
    const area = field;
    close();
    area.focus();
    area.setRangeText(`@${name} `, call.from, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("focusin", (event) => {
    if (!event.target.matches(FIELDS)) return;
    event.target.setAttribute("aria-autocomplete", "list");
    event.target.setAttribute("aria-haspopup", "listbox");
  });
  document.addEventListener("input", (event) => { if (event.target.matches(FIELDS)) look(event.target); });
  document.addEventListener("selectionchange", () => {
    if (isOpen() && document.activeElement === field) look(field); // the caret went elsewhere
  });
  document.addEventListener("focusout", (event) => { if (event.target === field) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.target !== field || !isOpen() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") point(at + 1);
    else if (event.key === "ArrowUp") point(at - 1);
    else if (event.key === "Enter" && !event.shiftKey) take(list.children[at].textContent);
    else if (event.key === "Escape") {
      left = call.from;
      close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (event) => {
    const one = event.target.closest("li");
    if (one && isOpen()) take(one.textContent);
  });
})();
