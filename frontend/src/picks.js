/** Rows that can be ticked, in a form marked `data-picks`: a bar says how many are, and shows the acts that one of them allows. */
const boxes = (form) => [...form.querySelectorAll("tbody input[type=checkbox]:not(:disabled)")];

function show(form) {
  const all = boxes(form);
  const picked = all.filter((box) => box.checked);
  for (const place of form.querySelectorAll("[data-picked]")) place.textContent = picked.length;
  for (const button of form.querySelectorAll("[data-act]")) button.hidden = !picked.some((box) => box.dataset.acts.split(" ").includes(button.dataset.act));
  for (const box of form.querySelectorAll("input[data-pick]")) {
    box.checked = picked.length > 0 && picked.length === all.length;
    box.indeterminate = picked.length > 0 && !box.checked;
  }
}

function showAll() {
  for (const form of document.querySelectorAll("form[data-picks]")) show(form);
}

function pick(form, checked) {
  for (const box of boxes(form)) box.checked = checked;
  show(form);
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-picks]");
  if (!form) return;
  if (target.matches("input[data-pick]")) pick(form, target.checked);
  else show(form);
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-pick]");
  if (!button) return;
  const form = button.closest("form[data-picks]");
  pick(form, button.dataset.pick === "all");
  // The bar is gone by now, and the focus would be nowhere.
  if (button.dataset.pick === "none") boxes(form)[0]?.focus();
});

// A list that is drawn anew keeps what is ticked in it.
const kept = new Set();
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  kept.clear();
  for (const box of target.querySelectorAll?.("form[data-picks] tbody input:checked") ?? []) kept.add(box.id);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of kept) {
    const box = document.getElementById(id);
    if (box) box.checked = true;
  }
  showAll();
});

// The browser's arrow brings ticked boxes back without a word.
window.addEventListener("pageshow", showAll);
