// The markers of a take on the compare page: M goes to the first that nobody judged, arrows move, one key is one verdict.
(() => {
  const { keys } = window.studio;
  const marks = () => [...document.querySelectorAll("[data-mark]")].filter((row) => row.querySelector("button"));
  const here = () => document.activeElement?.closest?.("[data-mark]");
  const go = (row) => {
    const button = row?.querySelector('[aria-pressed="true"]') ?? row?.querySelector("button");
    button?.focus();
    row?.scrollIntoView({ block: "nearest" });
    return Boolean(button);
  };
  const step = (by) => {
    const all = marks();
    const at = all.indexOf(here());
    return at < 0 ? false : go(all[Math.max(0, Math.min(all.length - 1, at + by))]);
  };
  keys.on("m", () => go(marks().find((row) => row.dataset.result === "") ?? marks()[0]));
  keys.on("ArrowDown", () => step(1));
  keys.on("ArrowUp", () => step(-1));

  // One after the other: each answer is the whole list, and an older one must not come last.
  const waiting = [];
  let asked = "";
  function send() {
    const button = document.getElementById(waiting.shift() ?? "");
    asked = button?.id ?? "";
    button?.click();
  }
  for (const name of ["studio:swapped", "studio:refused"]) {
    document.addEventListener(name, () => { if (asked && !document.querySelector(".marks .htmx-request")) send(); });
  }

  function say(result) {
    const row = here();
    const button = row?.querySelector(`[data-verdict="${result}"]`);
    if (!button) return false;
    const all = marks();
    if (button.value) waiting.push(button.id); // an empty one would take back what stands
    if (!asked && waiting.length) send();
    go(all.slice(all.indexOf(row) + 1).find((one) => one.dataset.result === "") ?? row);
    return true;
  }
  keys.on("s", () => say("same"));
  keys.on("d", () => say("drifted"));
  keys.on("w", () => say("wrong"));
  keys.on("x", () => say("missing"));
  keys.on("h", () => say("hidden"));
})();
