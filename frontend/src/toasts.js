/** A toast leaves after 6 seconds, but stays while somebody points at it or has the focus in it. */
const LIFE = 6000;

function live(toast) {
  let timer = setTimeout(() => leave(toast), LIFE);
  const stay = () => clearTimeout(timer);
  const go = () => (timer = setTimeout(() => leave(toast), LIFE));
  for (const kind of ["mouseenter", "focusin"]) toast.addEventListener(kind, stay);
  for (const kind of ["mouseleave", "focusout"]) toast.addEventListener(kind, go);
  toast.querySelector("button")?.addEventListener("click", () => leave(toast));
}

function leave(toast) {
  toast.classList.add("rs-leaving");
  setTimeout(() => toast.remove(), 220);
}

for (const toast of document.querySelectorAll(".rs-toast")) live(toast);
document.addEventListener("htmx:load", ({ target }) => {
  for (const toast of target.querySelectorAll(".rs-toast")) live(toast);
});
