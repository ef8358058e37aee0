// Passkeys: <button data-passkey="#form" hidden> is shown where the browser can; pressing it asks the browser for a key, puts
// the answer into the form's `credential` and sends it. The form says with `data-make` what is asked for ("create" or "get") and
// where the options are: in a script element (`data-options="#id"`) or at an address (`data-options-at`).
(() => {
  const able = window.isSecureContext && window.PublicKeyCredential && navigator.credentials?.create;
  if (!able) return;
  for (const part of document.querySelectorAll("[data-passkey], [data-passkey-part]")) part.hidden = false;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function decoded({ publicKey }) {
    const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
    const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
    if (publicKey.user) options.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
    if (publicKey.excludeCredentials) options.excludeCredentials = known(publicKey.excludeCredentials);
    if (publicKey.allowCredentials) options.allowCredentials = known(publicKey.allowCredentials);
    for (const name of Object.keys(options)) if (options[name] === null) delete options[name];
    return { publicKey: options };
  }

  function encoded(key) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[name]) response[name] = words(key.response[name]);
    }
    if (key.response.getTransports) response.transports = key.response.getTransports();
    return { id: key.id, rawId: words(key.rawId), type: key.type, response, clientExtensionResults: key.getClientExtensionResults() };
  }

  async function options(form) {
    if (form.dataset.options) return JSON.parse(document.querySelector(form.dataset.options).textContent);
    const answer = await fetch(form.dataset.optionsAt, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status === 429 ? "Too many tries. Wait a few minutes, then try again." : "The studio did not answer.");
    return answer.json();
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-passkey]");
    const form = button && document.querySelector(button.dataset.passkey);
    if (!form || button.getAttribute("aria-busy") === "true") return;
    if (!form.reportValidity()) return;
    const said = document.querySelector("[data-passkey-said]");
    said.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      const key = await navigator.credentials[form.dataset.make](decoded(await options(form)));
      form.elements.credential.value = JSON.stringify(encoded(key));
      form.submit();
    } catch (trouble) {
      said.textContent = trouble.name === "InvalidStateError"
        ? "This device has a passkey for you already."
        : trouble instanceof DOMException || trouble instanceof TypeError ? "No passkey was used. Try again, or choose another way." : trouble.message;
      said.hidden = false;
      button.removeAttribute("aria-busy");
    }
  });
})();
