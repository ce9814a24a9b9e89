/** Small help for forms; all of them work without it. */

// A form goes out once: its button shows that it is on its way.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  submitter?.setAttribute("aria-busy", "true");
});

// Coming back with the browser's arrow finds the form ready again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

// `data-count` names the element that says how much of the maximum is used.
document.addEventListener("input", ({ target }) => {
  const counter = target.dataset?.count && document.getElementById(target.dataset.count);
  if (counter) counter.textContent = `${target.value.length} / ${target.maxLength}`;
});

// Filters with `data-send` go out as soon as they change.
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-send], form[data-send] :is(select, input[type=radio], input[type=checkbox])")) target.form.requestSubmit();
});

// `data-copy` puts its text on the clipboard and says so.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("rs-copied");
  setTimeout(() => button.classList.remove("rs-copied"), 1500);
});

// "/" goes to the search field, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  const field = document.querySelector("input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
});

// A form marked `data-unsaved` lets nobody leave without asking while it holds what was never sent.
const unsaved = new Set();
document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-unsaved]");
  if (form) unsaved.add(form);
});
document.addEventListener("submit", ({ target }) => unsaved.delete(target));
window.addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});
