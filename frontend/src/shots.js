/** Screenshots, one dialog each: a button `data-turn="id"` goes to another one, and so do the arrow keys. The last one shown gives the focus to its own small picture. */
import { openFrom } from "./dialogs.js";

document.addEventListener("click", ({ target }) => {
  const turner = target.closest("[data-turn]");
  if (!turner) return;
  turner.closest("dialog").close();
  openFrom(document.querySelector(`[data-dialog="${turner.dataset.turn}"]`));
});

document.addEventListener("keydown", ({ key }) => {
  const place = { ArrowLeft: "previous", ArrowRight: "next" }[key];
  if (place) document.querySelector(`dialog[open] [data-turn][rel="${place}"]`)?.click();
});
