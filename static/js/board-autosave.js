// Fields of a panel save themselves: after 0.8 s without a key, or at once when left. Each field has one request on its
// way at most; what it held when it was opened goes along, so that only a change of the same field is a conflict. What
// could not be sent stays in this tab's storage, is shown again, and is sent when the connection is back.
(() => {
  const WAIT = 800;
  const OFFLINE = "No connection. What you type is kept here and sent when it is back.";
  const busy = new WeakMap(); // field → whether its request is under way
  const timers = new WeakMap();
  const fields = () => [...document.querySelectorAll("#panel-form [data-autosave]")];
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

  async function send(field) {
    clearTimeout(timers.get(field));
    timers.delete(field);
    if (busy.get(field) || !field.form) return;
    const sent = field.value;
    if (sent === before(field)) { sessionStorage.removeItem(key(field)); return; }
    const { form } = field;
    const state = place(field);
    busy.set(field, true);
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
    const field = event.target.closest("#panel-form [data-autosave]");
    if (!field) return;
    sessionStorage.setItem(key(field), JSON.stringify({ typed: field.value, was: before(field) }));
    if (place(field)?.querySelector('[data-state="conflict"]')) return; // first say whose text stays
    later(field);
  });
  document.addEventListener("change", (event) => {
    const field = event.target.closest("#panel-form [data-autosave]");
    if (field && !place(field)?.querySelector('[data-state="conflict"]')) send(field);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "panel-form") return;
    event.preventDefault();
    flush();
  });

  // Two people, one field: the text that stays is chosen by whoever was second.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]");
    const notice = button?.closest('[data-state="conflict"]');
    const field = notice?.closest(".field").querySelector("[data-autosave]");
    if (!field) return;
    const theirs = notice.querySelector("[data-theirs]").textContent;
    field.form.elements.revision.value = notice.dataset.revision;
    if (button.dataset.keep === "theirs") field.value = theirs;
    settle(field, theirs);
    place(field).replaceChildren();
    if (button.dataset.keep === "mine") send(field);
    field.focus();
  });

  function flush() {
    for (const field of fields()) if (timers.has(field)) send(field);
  }

  // What this tab still holds of a panel comes back into its fields, and is sent.
  function restore() {
    for (const field of fields()) {
      const kept = sessionStorage.getItem(key(field));
      if (!kept || busy.get(field) || timers.has(field)) continue;
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
