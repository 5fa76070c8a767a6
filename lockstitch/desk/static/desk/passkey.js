// Passkeys: the guard says what is to be signed, the browser's authenticator signs it, and the form
// carries that back. A form with `data-passkey` asks that address first, or has `data-options`.
"use strict";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const toText = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join(""))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked(options) {
  const publicKey = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) publicKey.user = { ...options.user, id: toBytes(options.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    publicKey[list] = (options[list] || []).map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return { publicKey };
}

function answered(credential) {
  const response = {};
  for (const part of [
    "clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle",
  ]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: toText(credential.rawId), type, response });
}

async function wanted(form) {
  if (form.dataset.options) return { get: JSON.parse(form.dataset.options) };
  const answer = await fetch(form.dataset.passkey, { method: "POST", body: new FormData(form) });
  return answer.json();
}

async function prove(form, said) {
  const fields = form.elements;
  for (;;) {
    const next = await wanted(form);
    if (next.refusal) {
      said.textContent = next.refusal;
      return false;
    }
    if (next.create) {
      fields.credential.value = answered(await navigator.credentials.create(asked(next.create)));
      return true;
    }
    if (next.get) {
      fields.assertion.value = answered(await navigator.credentials.get(asked(next.get)));
    }
    if (!next.again) return true;
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy")) return;
  const said = form.querySelector("[data-said]");
  said.hidden = true;
  said.textContent = "";
  form.setAttribute("aria-busy", "true");
  try {
    if (await prove(form, said)) {
      form.submit();
      return;
    }
  } catch (error) {
    said.textContent = error.name === "InvalidStateError" ? said.dataset.known : said.dataset.failed;
  }
  form.removeAttribute("aria-busy");
  if (form.elements.assertion) form.elements.assertion.value = "";
  said.hidden = false;
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.removeAttribute("aria-busy");
  }
});

if (!window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    const said = form.querySelector("[data-said]");
    said.textContent = said.dataset.none;
    said.hidden = false;
  }
}
