// Two versions: the wipe follows its range input, and the keys of the review page go through what changed.
(() => {
  const { keys } = window.studio;
  const follow = (range) => range.closest(".wipe").style.setProperty("--wipe", `${range.value}%`);
  document.addEventListener("input", (event) => { if (event.target.matches("[data-wipe]")) follow(event.target); });
  document.querySelectorAll("[data-wipe]").forEach(follow); // the browser may have kept another value
  const go = (selector) => {
    const link = document.querySelector(selector);
    if (link) location.assign(link.href);
    return Boolean(link);
  };
  for (const key of ["j", "ArrowRight"]) keys.on(key, () => go("[data-next]"));
  for (const key of ["k", "ArrowLeft"]) keys.on(key, () => go("[data-previous]"));
  keys.on("v", () => go("[data-back]"));
  const film = document.querySelector("#film");
  const here = film.querySelector("[aria-current]");
  if (here) film.scrollLeft = here.offsetLeft - (film.clientWidth - here.clientWidth) / 2;
})();
