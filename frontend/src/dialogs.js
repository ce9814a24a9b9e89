/** `<button data-dialog="id">` opens a native dialog; `data-close` inside it, or a press beside it, closes it. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog)?.showModal();
    return;
  }
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  else if (event.target.matches("dialog[open]") && outside(event)) event.target.close();
});

function outside({ target, clientX: x, clientY: y }) {
  const box = target.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}

/** A form that came back with an error opens its dialog again. */
function reopen(root) {
  for (const dialog of root.querySelectorAll("dialog[data-open]:not([open])")) dialog.showModal();
}
reopen(document);
document.addEventListener("htmx:load", (event) => reopen(event.target));

/** Deleting asks for the name: the button `data-needs-name` wakes when the field holds exactly that. */
document.addEventListener("input", ({ target }) => {
  const wanted = target.dataset?.name;
  if (wanted === undefined) return;
  for (const button of target.form.querySelectorAll("[data-needs-name]")) button.disabled = target.value.trim() !== wanted;
});
