// Judging by keyboard. The matrix: arrows move between its cells, one key is one verdict, and the focus goes on to the next
// cell that nobody judged while the answer is on its way. The page of one cell uses the same keys.
(() => {
  const { keys, announce } = window.studio;
  const table = document.querySelector(".matrix");

  // --- the pictures: one zoom for both, each with its own point; the point is where the pointer is, or was ---
  const view = { zoom: "1", overlay: false, at: [[50, 50], [50, 50]] };
  const frames = () => [...document.querySelectorAll(".judge [data-frame]")];
  function aim(frame, n, x, y) {
    view.at[n] = [Math.max(0, Math.min(100, x)), Math.max(0, Math.min(100, y))];
    frame.style.setProperty("--x", `${view.at[n][0]}%`);
    frame.style.setProperty("--y", `${view.at[n][1]}%`);
  }
  // By keyboard both points move.
  function pan(dx, dy) {
    if (view.zoom === "1") return false;
    frames().forEach((frame, n) => aim(frame, n, view.at[n][0] + dx, view.at[n][1] + dy));
    return true;
  }
  const judge = () => document.querySelector(".judge");
  function restore() {
    const now = judge();
    if (!now) return;
    const level = now.querySelector(`[data-zoom][value="${view.zoom}"]`);
    if (level) level.checked = true;
    const overlay = now.querySelector("[data-overlay]");
    if (overlay) overlay.checked = view.overlay;
    frames().forEach((frame, n) => aim(frame, n, ...view.at[n]));
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-zoom]")) view.zoom = event.target.value;
    if (event.target.matches("[data-overlay]")) view.overlay = event.target.checked;
  });
  document.addEventListener("pointermove", (event) => {
    const frame = event.target.closest?.("[data-frame]");
    if (!frame) return;
    const box = frame.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    aim(frame, frames().indexOf(frame), x * 100, y * 100);
  });
  function zoom(by) {
    const levels = [...document.querySelectorAll(".judge [data-zoom]")];
    const at = levels.findIndex((one) => one.checked);
    const next = levels[Math.max(0, Math.min(levels.length - 1, at + by))];
    if (!next) return false;
    next.checked = true;
    view.zoom = next.value;
    return true;
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-frame]")) zoom(view.zoom === "8" ? -3 : 1);
  });
  keys.on("+", () => zoom(1));
  keys.on("=", () => zoom(1));
  keys.on("-", () => zoom(-1));
  keys.on("Shift+ArrowLeft", () => pan(-10, 0));
  keys.on("Shift+ArrowRight", () => pan(10, 0));
  keys.on("Shift+ArrowUp", () => pan(0, -10));
  keys.on("Shift+ArrowDown", () => pan(0, 10));
  keys.on("o", () => {
    const box = document.querySelector(".judge [data-overlay]");
    box?.click();
    return Boolean(box);
  });

  const verdict = table ? matrix() : one();
  keys.on("s", () => verdict("same"));
  keys.on("d", () => verdict("drifted"));
  keys.on("w", () => verdict("wrong"));
  keys.on("x", () => verdict("missing"));
  keys.on("h", () => verdict("hidden"));
  keys.on("Backspace", () => verdict(""));

  function matrix() {
    const rows = () => [...table.tBodies[0].rows].filter((row) => !row.matches(".matrix-subject"));
    const grid = rows().map((row) => [...row.cells].slice(1, -1));
    const link = (y, x) => grid[y]?.[x]?.firstElementChild ?? null;
    const all = [...table.querySelectorAll("td > .marker")];
    for (const cell of all) cell.tabIndex = -1;
    if (all.length) all[0].tabIndex = 0;
    let stop = all[0];

    const place = (cell) => {
      const td = cell.parentElement;
      const row = td.parentElement;
      return [grid.findIndex((cells) => cells[0]?.parentElement === row), td.cellIndex - 1];
    };
    const current = () => (document.activeElement?.matches?.("td > .marker") ? document.activeElement : null);

    function go(cell) {
      if (!cell) return false;
      cell.focus({ preventScroll: false });
      cell.scrollIntoView({ block: "nearest", inline: "nearest" });
      return true;
    }
    function step(dy, dx) {
      return () => {
        const from = current();
        if (!from) return false;
        let [y, x] = place(from);
        for (y += dy, x += dx; y >= 0 && y < grid.length && x >= 0 && x < grid[0].length; y += dy, x += dx) {
          if (link(y, x)) return go(link(y, x));
        }
        return true;
      };
    }
    keys.on("ArrowUp", step(-1, 0));
    keys.on("ArrowDown", step(1, 0));
    keys.on("ArrowLeft", step(0, -1));
    keys.on("ArrowRight", step(0, 1));

    const open = (cell) => cell && cell.dataset.result === "" && cell.getAttribute("aria-busy") !== "true";
    // Down a panel, then on to the next, round to the start.
    function nextOpen(from) {
      const high = grid.length;
      const count = high * (grid[0]?.length ?? 0);
      const [y, x] = from ? place(from) : [-1, 0];
      const start = x * high + y;
      for (let n = 1; n <= count; n += 1) {
        const at = (start + n + count) % count;
        const cell = link(at % high, Math.floor(at / high));
        if (cell !== from && open(cell)) return cell;
      }
      return null;
    }
    const start = () => {
      if (go(current() ?? nextOpen(null) ?? stop)) return true;
      return false;
    };
    keys.on("m", start);
    keys.on("n", () => {
      const next = nextOpen(current());
      if (!next) announce("Every marker is judged.");
      return next ? go(next) : true;
    });

    let sent = Promise.resolve();
    function say(cell, result) {
      if (!table.hasAttribute("data-judge") || !cell || cell.getAttribute("aria-busy") === "true") return false;
      cell.setAttribute("aria-busy", "true");
      const next = result ? nextOpen(cell) : null;
      const was = cell.dataset.result;
      // One after the other: each answer brings totals, and an older one must not come last. studio:refused says what was lost.
      sent = sent.then(() => window.htmx.ajax("POST", cell.getAttribute("href"), {
        source: cell, target: cell, swap: "outerHTML", values: { result, revision: cell.dataset.revision },
      })).catch(() => {});
      if (next && was === "") go(next);
      return true;
    }
    // What did not reach the studio is open again, and says so where the person looks.
    document.addEventListener("studio:refused", (event) => {
      const cell = event.target;
      if (!cell.matches?.("td > .marker")) return;
      cell.removeAttribute("aria-busy");
      const line = Object.assign(document.createElement("p"), { className: "callout", role: "alert" });
      line.dataset.tone = "bad";
      const name = cell.getAttribute("aria-label");
      line.append(Object.assign(document.createElement("a"), { href: `#${cell.id}`, textContent: name.slice(0, name.lastIndexOf(":")) }), " was not saved. Go back to it and say it again.");
      document.querySelector("#matrix-trouble").replaceChildren(line);
    });

    // The look follows the focus; one request at a time, the last one wins.
    const look = document.querySelector("#look");
    let shown = "";
    let looked = null; // the element itself: an answer puts another one of the same id in its place
    let timer = 0;
    let asked = null;
    function follow(cell, again = false) {
      if (cell === looked && cell.id === shown && !again) return;
      [shown, looked] = [cell.id, cell];
      clearTimeout(timer);
      timer = setTimeout(async () => {
        asked?.abort();
        asked = new AbortController();
        try {
          const answer = await fetch(cell.getAttribute("href"), { headers: { "HX-Request": "true" }, signal: asked.signal });
          if (!answer.ok) return;
          const html = await answer.text();
          if (shown !== cell.id) return;
          window.htmx.swap(look, html, { swapStyle: "innerHTML" });
          restore();
        } catch (error) {
          if (error.name !== "AbortError") shown = "";
        }
      }, 70);
    }
    function mark(cell) {
      for (const old of table.querySelectorAll(".focus")) old.classList.remove("focus");
      const [, x] = place(cell);
      table.tHead.rows[0].cells[x + 1].classList.add("focus");
      cell.parentElement.parentElement.cells[0].classList.add("focus");
      if (stop?.isConnected) stop.tabIndex = -1;
      stop = cell;
      cell.tabIndex = 0;
    }
    table.addEventListener("focusin", (event) => {
      if (!event.target.matches("td > .marker")) return;
      mark(event.target);
      follow(event.target);
    });
    // A click looks; Enter, or a click with a key held, opens the page of the cell. Where the look is out of sight, a tap does too.
    table.addEventListener("click", (event) => {
      const cell = event.target.closest("td > .marker");
      if (!cell || event.detail === 0 || matchMedia("(width < 64rem)").matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(cell);
    });

    const openCells = () => table.querySelectorAll('.marker[data-result=""]').length;
    const count = document.querySelector("#matrix-open");
    let left = Number.parseInt(count?.textContent, 10); // of the whole board, whatever the filter leaves here
    let seen = openCells();
    // After an answer: the cell is a new element; what is open is counted anew.
    document.addEventListener("studio:swapped", () => {
      for (const cell of table.querySelectorAll("td > .marker:not([tabindex])")) {
        cell.tabIndex = stop?.id === cell.id ? 0 : -1;
        if (stop?.id === cell.id) stop = cell;
        if (cell.id === shown) follow(cell, true);
      }
      const open = openCells();
      left += open - seen;
      seen = open;
      if (count) count.textContent = `${left} not judged`;
    });

    // The buttons beside the pictures do what the keys do, for the cell that is shown.
    look?.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-verdict-form]")) return;
      event.preventDefault();
      const cell = document.getElementById(event.target.closest("[data-judging]").dataset.judging);
      go(cell);
      say(cell, event.submitter.value);
    });
    // The link to another reference is replaced by its own answer: the focus goes back to the cell before it is lost.
    look?.addEventListener("click", (event) => {
      if (event.target.closest(".judge-strip a")) document.getElementById(shown)?.focus();
    });
    const aimed = location.hash.startsWith("#cell-") && document.getElementById(location.hash.slice(1));
    if (aimed) go(aimed);
    return (result) => say(current(), result);
  }

  // The page of one cell.
  function one() {
    return (result) => {
      const button = document.querySelector(`[data-verdict="${result}"]`);
      button?.click();
      return Boolean(button);
    };
  }
})();
