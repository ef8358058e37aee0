// Uploads: files dropped, pasted or chosen go one request each, two at a time, each with a tile of its own.
//
// <form data-upload-url data-target data-uploads data-accept data-most data-wrong-type data-too-big> with one
// <input type="file" name="file" multiple>. A good answer is HTML for the end of data-target (and pieces out of band);
// a refusal is a plain sentence. Without this script the same form posts all files at once.
(() => {
  const ABREAST = 2;
  const SAME_FILE = 409;
  const waiting = [];
  const tally = new Map();
  let running = 0;

  const forms = () => [...document.querySelectorAll("form[data-upload-url]")];
  const formOf = (node) => node?.closest?.("form[data-upload-url]") ?? forms()[0];
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

  document.addEventListener("change", (event) => {
    if (!event.target.matches("form[data-upload-url] input[type=file]")) return;
    take(event.target.form, event.target.files);
    event.target.value = "";
  });

  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-upload-url]")) event.preventDefault();
  });

  document.addEventListener("dragover", (event) => {
    const form = carriesFiles(event) && formOf(event.target);
    if (!form) return;
    event.preventDefault();
    form.querySelector(".dropzone")?.setAttribute("data-over", "");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) settle();
  });
  document.addEventListener("drop", (event) => {
    const form = carriesFiles(event) && formOf(event.target);
    if (!form) return;
    event.preventDefault();
    settle();
    take(form, event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files ?? [];
    const form = files.length && formOf(event.target);
    if (!form) return;
    event.preventDefault();
    take(form, files);
  });
  window.addEventListener("beforeunload", (event) => {
    if (running || waiting.length) event.preventDefault();
  });

  function settle() {
    for (const zone of document.querySelectorAll(".dropzone[data-over]")) zone.removeAttribute("data-over");
  }

  function take(form, files) {
    const fields = new FormData(form);
    fields.delete("file");
    tally.set(form, { added: 0, refused: 0 });
    for (const file of [...files]) {
      const job = { form, file, fields, url: form.dataset.uploadUrl, tile: tileFor(file) };
      document.querySelector(form.dataset.uploads).append(job.tile);
      job.tile.addEventListener("click", (event) => act(job, event.target.closest("button")?.value));
      const wrong = unfit(form, file);
      if (wrong) fail(job, `${file.name}: ${wrong}`, false);
      else waiting.push(job);
    }
    // What the pictures show was said for these; the next ones are asked anew.
    for (const field of form.querySelectorAll("select[name=view], input[name=detail]")) field.value = "";
    next();
  }

  function unfit(form, file) {
    const { accept, most, wrongType, tooBig } = form.dataset;
    if (accept && file.type && !accept.split(",").includes(file.type)) return wrongType;
    if (accept && !file.type && !/\.(png|jpe?g|webp)$/i.test(file.name)) return wrongType;
    if (most && file.size > Number(most)) return tooBig;
    return "";
  }

  function next() {
    while (running < ABREAST && waiting.length) send(waiting.shift());
  }

  function send(job) {
    running += 1;
    show(job, "Sending", 0);
    const request = new XMLHttpRequest();
    job.request = request;
    const body = new FormData();
    for (const [name, value] of job.fields) body.append(name, value);
    body.append("file", job.file, job.file.name);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) show(job, event.loaded < event.total ? "Sending" : "Reading", event.loaded / event.total);
    });
    request.addEventListener("load", () => answered(job, request));
    request.addEventListener("error", () => fail(job, "No connection. The file is kept here.", true));
    request.addEventListener("loadend", () => {
      running -= 1;
      job.request = null;
      next();
    });
    request.open("POST", job.url);
    request.setRequestHeader("HX-Request", "true");
    request.send(body);
  }

  function answered(job, request) {
    const elsewhere = request.getResponseHeader("HX-Redirect");
    if (elsewhere) {
      window.location.assign(elsewhere);
      return;
    }
    if (request.status === 200) {
      drop(job);
      window.htmx.swap(document.querySelector(job.form.dataset.target), request.responseText, { swapStyle: "beforeend" });
      count(job.form, "added");
      return;
    }
    const plain = request.getResponseHeader("Content-Type")?.startsWith("text/plain");
    const sentence = plain ? request.responseText : sentenceFor(request.status, job.file.name);
    fail(job, sentence, request.status !== SAME_FILE);
  }

  function sentenceFor(status, name) {
    if (status === 413) return `${name} is larger than the server takes.`;
    if (status === 403) return "You may not add pictures here, or the page was open too long. Load it anew.";
    if (status === 404) return "This set is gone. Load the page anew.";
    return "Something broke on our side. The file is kept here.";
  }

  // The tile of a file under way: its picture, name, progress or what went wrong, and what can be done.
  function tileFor(file) {
    const tile = document.createElement("li");
    tile.className = "reference-tile uploading";
    const picture = document.createElement("div");
    picture.className = "picture";
    if (/^image\/(png|jpeg|webp)$/.test(file.type)) {
      const image = new Image();
      image.alt = "";
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src));
      image.addEventListener("error", () => image.remove());
      picture.append(image);
    }
    const name = document.createElement("p");
    name.className = "line";
    const bold = document.createElement("b");
    bold.className = "truncate";
    bold.dir = "auto";
    bold.textContent = file.name;
    name.append(bold);
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `Uploading ${file.name}`);
    const said = document.createElement("p");
    said.className = "said small";
    said.textContent = "Waiting";
    const tools = document.createElement("div");
    tools.className = "row";
    tools.append(button("cancel", "Cancel"));
    tile.append(picture, name, bar, said, tools);
    return tile;
  }

  function button(value, label) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button--small";
    made.value = value;
    made.textContent = label;
    return made;
  }

  function show(job, words, share) {
    const bar = job.tile.querySelector("progress");
    bar.hidden = false;
    bar.value = share;
    const said = job.tile.querySelector(".said");
    said.textContent = words;
    said.removeAttribute("role");
    job.tile.removeAttribute("data-failed");
    job.tile.querySelector(".row").replaceChildren(button("cancel", "Cancel"));
  }

  function fail(job, sentence, again) {
    job.tile.dataset.failed = "";
    job.tile.querySelector("progress").hidden = true;
    const said = job.tile.querySelector(".said");
    said.setAttribute("role", "alert");
    said.textContent = sentence;
    const tools = job.tile.querySelector(".row");
    tools.replaceChildren(...(again ? [button("retry", "Try again")] : []), button("close", "Close"));
    count(job.form, "refused");
  }

  function act(job, what) {
    if (what === "retry") {
      waiting.push(job);
      show(job, "Waiting", 0);
      next();
    } else if (what === "cancel" || what === "close") {
      const at = waiting.indexOf(job);
      if (at >= 0) waiting.splice(at, 1);
      job.request?.abort();
      drop(job);
    }
  }

  function drop(job) {
    const focused = job.tile.contains(document.activeElement);
    job.tile.remove();
    if (focused) job.form.querySelector("input[type=file]")?.focus();
  }

  function count(form, kind) {
    const counts = tally.get(form);
    counts[kind] += 1;
    const said = form.querySelector("[data-upload-said]");
    if (said) said.textContent = `${counts.added} added${counts.refused ? `, ${counts.refused} not` : ""}`;
  }
})();
