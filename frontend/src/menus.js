/** Menus are `<details class="rs-menu">`: a press elsewhere or Escape closes them, one is open at a time. */
const open = () => document.querySelectorAll("details.rs-menu[open]");

document.addEventListener("click", ({ target }) => {
  for (const menu of open()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
