// Compare and prompt: the surround a picture is judged against, number keys that pick, and copying what will be said.
(() => {
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-surround]")) return;
    const value = event.target.value;
    document.querySelector(".compare").style.setProperty("--surround", value === "dark" ? "" : `var(--surround-${value})`);
  });

  const keys = window.studio.keys;
  if (document.body.dataset.keysPage === "compare") {
    for (let n = 1; n < 10; n += 1) keys.on(String(n), () => document.querySelector(`[data-pick="${n}"]`)?.click());
    keys.on("v", () => {
      const all = [...document.querySelectorAll("[data-surround]")];
      const next = all[(all.findIndex((one) => one.checked) + 1) % all.length];
      next?.click();
    });
    const step = (by) => {
      const all = [...document.querySelectorAll(".take > a.picture")];
      const at = all.indexOf(document.activeElement);
      all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
    };
    for (const [key, by] of [["j", 1], ["ArrowRight", 1], ["k", -1], ["ArrowLeft", -1]]) keys.on(key, () => step(by));
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
      document.querySelector("#announce").textContent = "Copied.";
    });
  }
})();
