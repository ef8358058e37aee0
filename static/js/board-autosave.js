// Fields of a panel, a scene or a project save themselves: after 0.8 s without a key, or at once when left. Each
// field has one request on its way at most; what it held when it was opened goes along, so that only a change of the same
// field is a conflict. What could not be sent stays in this tab's storage, is shown again, and is sent when the
// connection is back.
(() => {
  const WAIT = 800;
  const OURS = "form[data-post] [data-autosave]";
  const OFFLINE = "No connection. What you type is kept here and sent when it is back.";
  const busy = new WeakMap(); // field → its request, while that is under way
  const timers = new WeakMap();
  const fields = () => [...document.querySelectorAll(OURS)];
  const key = (field) => `unsent:${field.form.dataset.post}:${field.name}`;
  const place = (field) => document.getElementById(`state-${field.name}`);
  const before = (field) => (field.matches("select")
    ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? ""
    : field.defaultValue);

  function say(field, words, state) {
    const line = document.createElement(state === "offline" ? "p" : "span");
    line.className = state === "offline" ? "field-error" : "hint";
    line.dataset.state = state;
    line.textContent = words;
    place(field)?.replaceChildren(line);
  }

  function settle(field, sent) {
    if (field.matches("select")) for (const option of field.options) option.defaultSelected = option.value === sent;
    else field.defaultValue = sent;
    if (field.value === sent) sessionStorage.removeItem(key(field));
  }

  function send(field) {
    clearTimeout(timers.get(field));
    timers.delete(field);
    if (busy.has(field) || !field.form) return;
    const sent = field.value;
    if (sent === before(field)) {
      sessionStorage.removeItem(key(field));
      place(field)?.querySelector('[data-state="invalid"]')?.remove();
      field.removeAttribute("aria-invalid");
      return;
    }
    busy.set(field, post(field, sent));
  }

  async function post(field, sent) {
    const { form } = field;
    const state = place(field);
    say(field, "Saving", "saving");
    let reached = true;
    try {
      await window.htmx.ajax("POST", form.dataset.post, {
        source: field.parentElement, target: state, swap: "innerHTML",
        values: { field: field.name, [field.name]: sent, [`was-${field.name}`]: before(field), revision: form.elements.revision.value },
      });
    } catch {
      reached = false;
    }
    busy.delete(field);
    const answer = state.querySelector("[data-state]");
    field.toggleAttribute("aria-invalid", false);
    if (!reached || answer?.dataset.state === "saving") {
      say(field, reached ? "This could not be saved. What you typed is kept here." : OFFLINE, "offline");
      if (!reached) setTimeout(() => { if (field.isConnected) send(field); }, 5000);
      return;
    }
    if (answer?.dataset.state === "saved") {
      form.elements.revision.value = answer.dataset.revision;
      settle(field, sent);
      if (field.value !== sent) later(field);
    } else if (answer?.dataset.state === "invalid") {
      field.setAttribute("aria-invalid", "true");
    }
  }

  function later(field) {
    clearTimeout(timers.get(field));
    timers.set(field, setTimeout(() => send(field), WAIT));
  }

  document.addEventListener("input", (event) => {
    const field = event.target.closest(OURS);
    if (!field) return;
    sessionStorage.setItem(key(field), JSON.stringify({ typed: field.value, was: before(field) }));
    if (place(field)?.querySelector('[data-state="conflict"]')) return; // first say whose text stays
    if (field.dataset.autosave !== "leaving") later(field);
  });
  document.addEventListener("change", (event) => {
    const field = event.target.closest(OURS);
    if (field && !place(field)?.querySelector('[data-state="conflict"]')) send(field);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-post]");
    if (!form) return;
    event.preventDefault();
    flush();
    if (form.closest("dialog")) leave(form);
  }, true);

  // A dialog's Save sends what is not sent yet, and closes it where nothing was refused.
  async function leave(form) {
    await Promise.all([...form.querySelectorAll(OURS)].map((field) => busy.get(field)));
    if (!form.querySelector("[data-state]:not([data-state=saved])")) window.studio.closeDialog();
  }
  document.addEventListener("close", flush, true);

  // Two people, one field: the text that stays is chosen by whoever was second.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]");
    const notice = button?.closest('[data-state="conflict"]');
    const field = notice?.closest(".field").querySelector("[data-autosave]");
    if (!field) return;
    const said = notice.querySelector("[data-theirs]");
    const theirs = said.dataset.value ?? said.textContent;
    if (field.matches("select") && ![...field.options].some((option) => option.value === theirs)) field.add(new Option(said.textContent, theirs));
    field.form.elements.revision.value = notice.dataset.revision;
    if (button.dataset.keep === "theirs") field.value = theirs;
    settle(field, theirs);
    place(field).replaceChildren();
    if (button.dataset.keep === "mine") send(field);
    field.focus();
  });

  function flush() {
    for (const field of fields()) if (timers.has(field) || field.dataset.autosave === "leaving") send(field);
  }

  // What this tab still holds of a panel comes back into its fields, and is sent.
  function restore() {
    for (const field of fields()) {
      const kept = sessionStorage.getItem(key(field));
      if (!kept || busy.has(field) || timers.has(field)) continue;
      const { typed } = JSON.parse(kept);
      if (typed === before(field)) { sessionStorage.removeItem(key(field)); continue; }
      if (field.value === before(field)) field.value = typed;
      if (!place(field)?.querySelector("[data-state]")) send(field);
    }
  }

  window.addEventListener("online", () => { for (const field of fields()) if (sessionStorage.getItem(key(field))) send(field); });
  window.addEventListener("pagehide", flush);
  document.addEventListener("studio:swapped", (event) => { if (event.target.id === "inspector" || event.target.id === "dialog-host") restore(); });
  window.studio.flush = flush;
  restore();
})();
