import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { icons } from "./plugins/icons.mjs";
import { sources } from "./plugins/sources.mjs";
import { tabler } from "./plugins/tabler.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const found = sources(here("../src/roadstead"));

/** The mark of the browser's tab: no style sheet names it, so it is put into the bundle by hand. */
function favicon(path) {
  return {
    name: "roadstead-favicon",
    generateBundle() {
      this.emitFile({ type: "asset", name: "mark.svg", originalFileName: "src/mark.svg", source: readFileSync(path, "utf8") });
    },
  };
}

export default defineConfig({
  root: here("."),
  // Addresses inside CSS stay relative, so that the prefix of static files is Django's business alone.
  base: "./",
  publicDir: false,
  plugins: [tabler(found, here("node_modules/.cache/roadstead/tabler.css")), icons(found), favicon(here("src/mark.svg"))],
  css: { transformer: "lightningcss" },
  build: {
    outDir: here("../src/roadstead/web/static/dist"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: false,
    // All three know light-dark() and nesting, so the style sheet stays as written.
    target: ["chrome123", "safari17.5", "firefox120"],
    cssMinify: "lightningcss",
    rolldownOptions: {
      input: { main: here("src/main.js"), style: here("src/main.css") },
      // htmx carries an eval that `allowEval: false` never reaches.
      onwarn: (warning, warn) => warning.code === "EVAL" || warn(warning),
    },
  },
});
