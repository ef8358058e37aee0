// While pictures are drawn: the open inspector gets its new take, the page's title tells how far it is, a finished bar goes.
(() => {
  const title = document.title;
  const bar = () => document.querySelector("#batch.batch-bar");

  document.addEventListener("panels-changed", (event) => {
    const pictures = document.querySelector("#inspector-pictures");
    const code = pictures?.dataset.pictures;
    if (!code || !event.detail.codes.includes(code)) return;
    window.htmx.ajax("GET", `/panels/${code}/pictures/`, { target: "#inspector-pictures", swap: "outerHTML" });
  });

  // Whoever chooses a model or its size by name means to draw with it. Before htmx asks for the new total.
  document.addEventListener("change", (event) => {
    const named = event.target.matches("#estimate-form :is([name=model], [name=size])") && document.querySelector("#estimate-form [value=named]");
    if (named) named.checked = true;
  }, true);

  const tell = () => {
    const live = bar();
    document.title = live && !("finished" in live.dataset) ? `${live.dataset.title} ${title}` : title;
    if (live && "finished" in live.dataset && !live.dataset.going) {
      live.dataset.going = "1";
      setTimeout(() => { if (bar() === live && !live.contains(document.activeElement)) live.outerHTML = '<div id="batch" hidden></div>'; }, 10_000);
    }
  };
  new MutationObserver(tell).observe(document.querySelector("main") ?? document.body, { childList: true, subtree: true });
  tell();
})();
