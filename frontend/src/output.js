/** Output blocks follow their last line, until their reader scrolls up; then they stay where the reader is. */
const held = new Map();

const atEnd = (block) => block.scrollHeight - block.scrollTop - block.clientHeight < 24;
const blocks = (root) => root.querySelectorAll(".rs-output[id]");
const toEnd = (block) => (block.scrollTop = block.scrollHeight);

for (const block of document.querySelectorAll(".rs-output")) toEnd(block);

document.addEventListener("htmx:beforeSwap", () => {
  held.clear();
  for (const block of blocks(document)) if (!atEnd(block)) held.set(block.id, block.scrollTop);
});

document.addEventListener("htmx:afterSettle", () => {
  for (const block of blocks(document)) {
    if (held.has(block.id)) block.scrollTop = held.get(block.id);
    else toEnd(block);
  }
});

// A part that is drawn anew keeps unfolded what its reader unfolded.
const unfolded = new Set();
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  unfolded.clear();
  for (const part of target.querySelectorAll?.("details[id][open]") ?? []) unfolded.add(part.id);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
});
