/** Components for Alpine's CSP build: pages name them with `x-data="name"`, never with an expression. */

/** A slider, its number field and its figure hold one value. Parts are marked `data-slide` and `data-figure`. */
function slider() {
  return {
    init() {
      const inputs = this.$root.querySelectorAll("[data-slide]");
      const figure = this.$root.querySelector("[data-figure]");
      const show = (value) => {
        for (const input of inputs) if (input.value !== value) input.value = value;
        if (figure) figure.textContent = value;
      };
      for (const input of inputs) input.addEventListener("input", () => show(input.value));
      if (inputs.length) show(inputs[0].value);
    },
  };
}

/** Rows marked `data-find="words"` disappear while they lack what the field marked `data-needle` says. */
function finder() {
  return {
    init() {
      const needle = this.$root.querySelector("[data-needle]");
      const rows = this.$root.querySelectorAll("[data-find]");
      needle.addEventListener("input", () => {
        const wanted = needle.value.trim().toLowerCase();
        for (const row of rows) row.hidden = !row.dataset.find.toLowerCase().includes(wanted);
      });
    },
  };
}

/** Blocks marked `data-when="value"` are shown, and their fields sent, only while that choice is taken. */
function chosen() {
  return {
    init() {
      const show = () => {
        const value = this.$root.querySelector("input:checked, select")?.value;
        for (const block of this.$root.querySelectorAll("[data-when]")) {
          block.hidden = !block.dataset.when.split(" ").includes(value);
          for (const field of block.querySelectorAll("input, select, textarea")) field.disabled = block.hidden;
        }
      };
      this.$root.addEventListener("change", show);
      show();
    },
  };
}

export const components = { slider, finder, chosen };
