/** A part that moves by itself waits while a question or a menu in it is open; its newest state is put in afterwards. */
const BUSY = "dialog[open], details.rs-menu[open]";
const held = new Map();

document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const { target, fragment } = detail;
  if (!target.querySelector(BUSY)) return void held.delete(target);
  detail.shouldSwap = false;
  held.set(target, fragment);
});

function putIn() {
  for (const [part, news] of held) {
    if (part.querySelector(BUSY)) continue;
    held.delete(part);
    part.replaceWith(news);
  }
}
for (const closing of ["close", "toggle"]) document.addEventListener(closing, putIn, true);
