// Copy: <button data-copy="#field"> puts the field's value or text on the clipboard and says so.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  const source = button && document.querySelector(button.dataset.copy);
  if (!source) return;
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    source.select?.(); // plain http on another machine has no clipboard of its own
    document.execCommand("copy");
  }
  document.querySelector("#announce").textContent = "Copied.";
  button.dataset.copied = "";
  setTimeout(() => delete button.dataset.copied, 2000);
});
