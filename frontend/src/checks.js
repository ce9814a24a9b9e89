/** What a field lacks is said below it, in the language of the page; the browser's own bubbles speak the browser's. */
document.addEventListener("invalid", (event) => {
  event.preventDefault();
  const { target: field } = event;
  const { missing = document.body.dataset.missing } = field.dataset;
  say(field, field.validity.valueMissing ? missing : document.body.dataset.unfit);
  if (field.form?.querySelector(":is(input, select, textarea):invalid") === field) field.focus();
}, true);

function say(field, words) {
  unsay(field);
  const place = field.closest(".rs-field, form");
  const said = Object.assign(document.createElement("p"), { className: "invalid-feedback", id: `${field.id || field.name}-lacks`, textContent: words });
  said.setAttribute("role", "alert");
  (place.matches("form") ? field.closest("label") ?? field : place.lastElementChild).after(said);
  field.setAttribute("aria-invalid", "true");
  field.dataset.described = field.getAttribute("aria-describedby") ?? "";
  field.setAttribute("aria-describedby", `${field.dataset.described} ${said.id}`.trim());
}

function unsay(field) {
  if (field.dataset.described === undefined) return;
  document.getElementById(`${field.id || field.name}-lacks`)?.remove();
  field.removeAttribute("aria-invalid");
  field.setAttribute("aria-describedby", field.dataset.described);
  delete field.dataset.described;
}

for (const kind of ["input", "change"])
  document.addEventListener(kind, ({ target: field }) => {
    if (field.dataset.described !== undefined && field.validity.valid) unsay(field);
  });

// What the server said about one answer came alone: its field has to know.
document.addEventListener("htmx:afterSwap", () => {
  for (const said of document.querySelectorAll(".rs-says")) {
    const field = said.closest(".rs-field").querySelector("[name]");
    const error = said.querySelector("[id]");
    for (const name of ["aria-invalid", "aria-errormessage"]) field.removeAttribute(name);
    if (!error) continue;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", error.id);
  }
});

// A form that came back begins where the first mistake is.
if (!document.querySelector("dialog[open]")) document.querySelector("main [aria-invalid=true]")?.focus();
