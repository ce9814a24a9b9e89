/** Tabler's built style sheet, reduced to what the pages use, before the bundle hashes it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { PurgeCSS } from "purgecss";

const FULL = createRequire(import.meta.url).resolve("@tabler/core/dist/css/tabler.min.css");

// What only the vocabulary of pages names, so that it is there before the first page that uses it.
const ALWAYS = [
  /^btn$/, /^btn-(primary|danger|lg|sm|close)$/,
  /^form-(label|control|select|hint|check|check-input|check-label|text|control-sm|select-sm)$/,
  /^(is-invalid|invalid-feedback|required|visually-hidden|visually-hidden-focusable|text-truncate|disabled|collapse)$/,
];

// Elements that Django's widgets draw, so that no template names them.
const DRAWN = ["input", "select", "option", "textarea", "label", "fieldset", "legend"];

/** Only what stands in a class attribute or as an element: a word of a sentence is no class. */
function names(text) {
  const classes = [...text.matchAll(/\bclass["']?[=:]\s*["']([^"']*)["']/g)].flatMap(([, value]) => value.match(/[\w-]+/g) ?? []);
  const elements = [...text.matchAll(/<([a-z][a-z0-9]*)/g)].map(([, name]) => name);
  return [...classes, ...elements];
}

export function tabler(found, target) {
  return {
    name: "roadstead-tabler",
    async buildStart() {
      const files = found("templates", "forms");
      for (const { path } of files) this.addWatchFile(path);
      const [{ css }] = await new PurgeCSS().purge({
        css: [{ raw: readFileSync(FULL, "utf8") }],
        content: files.map(({ text }) => ({ raw: text, extension: "html" })),
        safelist: { standard: [...ALWAYS, ...DRAWN] },
        variables: true,
        keyframes: true,
        defaultExtractor: names,
      });
      writeIfChanged(target, css.replace(/\/\*#.*?\*\//g, ""));
    },
  };
}

/** Writing the same text again would make the watcher build for ever. */
function writeIfChanged(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  let old = "";
  try {
    old = readFileSync(path, "utf8");
  } catch {
    // The first build finds no file.
  }
  if (old !== text) writeFileSync(path, text);
}
