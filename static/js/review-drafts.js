// What is typed into a note is kept in this browser until the server has it: over a lost connection, a closed tab, a reload.
// It is sent again with the same key, so that it becomes one note however often it is sent.
(() => {
  const OFFLINE = "No connection. What you type is kept here and sent when it is back.";
  const AGAIN = 5000;
  const forms = () => [...document.querySelectorAll("form[data-draft]")];
  const name = (form) => `draft:${form.dataset.draft}`;
  const load = (form) => { try { return JSON.parse(localStorage.getItem(name(form)) ?? "null"); } catch { return null; } };

  function save(form, unsent = load(form)?.unsent ?? false) {
    const { text, key, marks } = form.elements;
    try {
      if (!text.value.trim() && !marks?.value) localStorage.removeItem(name(form));
      else localStorage.setItem(name(form), JSON.stringify({ text: text.value, key: key?.value, marks: marks?.value, unsent }));
    } catch { /* no room, or storage is off: it still stands in the field */ }
  }
  function say(form, words) {
    const line = form.querySelector("[data-kept]");
    line.textContent = words;
    line.hidden = !words;
  }
  function send(form) {
    if (form.isConnected && load(form)?.unsent && navigator.onLine) form.requestSubmit(form.querySelector("button:not([type]), .send"));
  }
  const seen = new WeakSet();
  function restore(unseen = false) {
    for (const form of forms()) {
      if (unseen && seen.has(form)) continue;
      seen.add(form);
      const kept = load(form);
      const { text, key, marks } = form.elements;
      if (!kept || text.value !== text.defaultValue || kept.text === text.value) continue;
      if (text.defaultValue && !form.dataset.draft.startsWith("edit-")) continue; // the server has put something there
      text.value = kept.text;
      if (key && kept.key) key.value = kept.key;
      if (marks && kept.marks) marks.value = kept.marks;
      form.closest("details")?.setAttribute("open", "");
      if (kept.unsent) say(form, OFFLINE);
      form.dispatchEvent(new CustomEvent("review:restored", { bubbles: true }));
      setTimeout(() => send(form), 50);
    }
  }

  for (const event of ["input", "review:drawn"]) {
    document.addEventListener(event, (happened) => {
      const form = happened.target.closest("form[data-draft]");
      if (form) save(form);
    });
  }
  document.addEventListener("studio:refused", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (!form || !event.detail?.lost) return;
    save(form, true);
    say(form, OFFLINE);
    setTimeout(() => send(form), AGAIN);
  });
  window.addEventListener("online", () => forms().forEach(send));
  document.addEventListener("review-changed", (event) => {
    if (event.detail.sent) {
      localStorage.removeItem(`draft:${event.detail.sent}`);
      const form = forms().find((one) => one.dataset.draft === event.detail.sent);
      if (form && form.id !== "note-form") {
        const { text, key, was } = form.elements;
        say(form, "");
        if (key) [key.value, text.value] = [event.detail.key, ""];
        if (was) was.value = text.defaultValue = text.value; // an edit: what was sent is what stands
        form.closest("details")?.removeAttribute("open");
      }
    }
    restore();
  });
  document.addEventListener("review:news", () => restore(true)); // an answer's form goes with Done, and comes with Open again
  document.addEventListener("review:news", () => setTimeout(restore, 50)); // a note that is open again takes its answer back
  restore();
})();
