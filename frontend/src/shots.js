/** Screenshots, one dialog each: a button `data-turn="id"` goes to another one, and so do the arrow keys. */
document.addEventListener("click", ({ target }) => {
  const turner = target.closest("[data-turn]");
  if (!turner) return;
  turner.closest("dialog").close();
  document.getElementById(turner.dataset.turn).showModal();
});

document.addEventListener("keydown", ({ key }) => {
  const place = { ArrowLeft: "previous", ArrowRight: "next" }[key];
  if (place) document.querySelector(`dialog[open] [data-turn][rel="${place}"]`)?.click();
});
