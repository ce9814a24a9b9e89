/** `<button data-dialog="id">` opens a native dialog; `data-close` inside it, or a press beside it, closes it. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    openFrom(opener);
    return;
  }
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  else if (event.target.matches("dialog[open]") && outside(event)) event.target.close();
});

/** Open what a button or link names, and give it the focus back afterwards. */
export function openFrom(opener) {
  const dialog = document.getElementById(opener.dataset.dialog);
  open(dialog);
  dialog.addEventListener("close", () => setTimeout(giveBack, 0, opener), { once: true });
}

function open(dialog) {
  for (const menu of document.querySelectorAll("details.rs-menu[open]")) menu.open = false;
  for (const field of dialog.querySelectorAll("[data-name]")) awaitName(field);
  dialog.showModal();
}

/** What opened a dialog has the focus again afterwards, or the menu that it lies in, which is folded by then. */
function giveBack(opener) {
  if (document.querySelector("dialog[open]")) return;
  const now = opener.isConnected ? opener : document.querySelector(`[data-dialog="${opener.dataset.dialog}"]`);
  const menu = now?.closest("details.rs-menu:not([open])");
  (menu?.querySelector("summary") ?? now)?.focus();
}

function outside({ target, clientX: x, clientY: y }) {
  const box = target.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}

/** A form that came back with an error opens its dialog again. */
function reopen(root) {
  for (const dialog of root.querySelectorAll("dialog[data-open]:not([open])")) open(dialog);
}
reopen(document);
document.addEventListener("htmx:load", (event) => reopen(event.target));

/** Deleting asks for the name: the button `data-needs-name` wakes when the field holds exactly that. */
function awaitName(field) {
  const named = field.value.trim() === field.dataset.name;
  for (const button of field.form.querySelectorAll("[data-needs-name]")) button.disabled = !named;
}
document.addEventListener("input", ({ target }) => {
  if (target.dataset?.name !== undefined) awaitName(target);
});
