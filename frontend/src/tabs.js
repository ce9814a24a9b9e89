/** A strip of tabs that is wider than its place shows the one that is open. */
for (const tab of document.querySelectorAll(".rs-tabs > [aria-current]")) {
  const strip = tab.parentElement;
  strip.scrollLeft = tab.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
}
