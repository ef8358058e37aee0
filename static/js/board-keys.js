// What the keys do on the board. Each has a control that does the same.
(() => {
  const { board, keys } = window.studio;

  // Up and down go by what is seen, whatever the number of columns.
  function row(from, down) {
    const here = from.getBoundingClientRect();
    return board.cards()
      .map((card) => ({ card, box: card.getBoundingClientRect() }))
      .filter(({ box }) => (down ? box.top > here.top + 8 : box.top < here.top - 8))
      .sort((a, b) => Math.round(Math.abs(a.box.top - here.top) - Math.abs(b.box.top - here.top))
        || Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left))[0]?.card;
  }

  function go(pick) {
    return () => {
      const from = board.current();
      const next = from ? pick(from, board.cards()) : board.cards()[0];
      if (next) board.choose(next);
    };
  }
  const next = go((from, all) => all[all.indexOf(from) + 1]);
  const previous = go((from, all) => all[all.indexOf(from) - 1]);
  keys.on("j", next);
  keys.on("ArrowRight", next);
  keys.on("k", previous);
  keys.on("ArrowLeft", previous);
  keys.on("ArrowDown", go((from) => row(from, true)));
  keys.on("ArrowUp", go((from) => row(from, false)));

  // What acts on the inspector waits until it shows the chosen panel: nothing is typed into, or drawn for, the one before.
  const code = () => board.current()?.dataset.panel;
  const shown = () => document.querySelector("#panel-form")?.dataset.post === `/panels/${code()}/field/`;
  let waiting = null;
  function when(act) {
    return () => {
      if (!code()) return false;
      if (shown()) return act();
      waiting = { code: code(), act };
      return true;
    };
  }
  document.addEventListener("studio:swapped", () => {
    if (!waiting || !shown()) return;
    const { code: wanted, act } = waiting;
    waiting = null;
    if (wanted === code()) act();
  });
  const press = (selector) => when(() => {
    const control = document.querySelector(`#inspector ${selector}`);
    control?.click();
    return Boolean(control);
  });

  keys.on("e", when(() => {
    const field = document.querySelector("#f-action");
    if (!field || field.matches(":disabled")) return false;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    return true;
  }));
  keys.on("g", when(() => {
    const button = document.querySelector("#draw-button");
    if (!button || button.disabled || button.getAttribute("aria-busy") === "true") return false;
    button.form.requestSubmit(button);
    return true;
  }));
  keys.on("Shift+g", () => {
    const link = board.current()?.closest(".scene").querySelector(".scene-tools a[href*='scene=']");
    if (!link) return false;
    link.click();
    return true;
  });
  keys.on("p", press("[data-key='p']"));
  keys.on("m", press("[data-key='m']"));
  for (let n = 1; n < 10; n += 1) keys.on(String(n), press(`[data-take="${n}"]`));

  keys.on("Enter", press("a.picture"));
  keys.on("Space", () => {
    if (!code()) return false;
    board.show(`/panels/${code()}/look/`);
    return true;
  });
  keys.on("x", () => {
    const card = board.current() ?? document.activeElement?.closest?.(".panel-card");
    if (!card?.querySelector(".choose")) return false;
    board.tick(card);
    return true;
  });

  // In the quick look the arrows go on, and Space closes it again.
  document.addEventListener("keydown", (event) => {
    const look = document.querySelector("dialog:modal [data-look]");
    if (!look || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowRight: "after", j: "after", ArrowLeft: "before", k: "before" }[event.key];
    if (step) {
      event.preventDefault();
      document.querySelector(`dialog:modal [data-look-step="${step}"]`)?.click();
    } else if (event.key === " " && !event.target.matches("a, button")) {
      event.preventDefault();
      window.studio.closeDialog();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog:modal, :popover-open")) return;
    if (event.target.closest("#inspector")) document.querySelector(".panel-card > .open[aria-current]")?.focus();
    else if (board.ticked().length) board.clear();
  });
})();
