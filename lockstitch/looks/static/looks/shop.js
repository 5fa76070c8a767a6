// What the pages do better with scripts on. Nothing here is needed to buy.
"use strict";

// Trusted Types: only the server's own answers, fetched from this origin by htmx, become markup.
if (window.trustedTypes && trustedTypes.createPolicy) {
  trustedTypes.createPolicy("default", { createHTML: (text) => text });
}

// A quantity or a language is taken as soon as it is chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});

// The postal code fills in the address, unless something is written there already.
document.addEventListener("input", async (event) => {
  const code = event.target.closest("[data-postcode]");
  if (!code) return;
  const digits = code.value.normalize("NFKC").replace(/[^0-9]/g, "");
  if (digits.length !== 7 || code.dataset.last === digits) return;
  code.dataset.last = digits;
  const answer = await fetch(`${code.dataset.postcode}?code=${digits}`);
  if (!answer.ok) return;
  const place = await answer.json();
  for (const [name, value] of Object.entries(place)) {
    const field = code.form.elements[name];
    if (field && (!field.value || field.dataset.filled)) {
      field.value = value;
      field.dataset.filled = "1";
    }
  }
  const street = code.form.elements.street;
  if (street && document.activeElement === code) street.focus();
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.matches("[data-once]")) form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
});

// What was just shown stands in the history at once: the frame beside this one is read anew.
if (document.querySelector("[data-revealed]")) {
  for (let n = 0; n < parent.length; n++) {
    try {
      if (parent[n].location.pathname.endsWith("/history/")) parent[n].location.reload();
    } catch {
      // a frame of another origin is not ours to read
    }
  }
}
