/** One hashed sprite with exactly the icons that templates and tables name; a name that the set lacks stops the build. */
import { createRequire } from "node:module";

const { icons: set, aliases } = createRequire(import.meta.url)("@iconify-json/tabler/icons.json");

// A row of a state table ends in `"icon", "tone"`; everywhere else an icon is named by the tag or by a keyword.
const TAG = /\{%\s*icon\s+[^%]*?["']([a-z0-9-]+)["']/g;
const KEYWORD = /\bicon=["']([a-z0-9-]+)["']|["']icon["']:\s*["']([a-z0-9-]+)["']/g;
const ROW = /["']([a-z0-9-]+)["'],\s*["'](?:wait|work|ok|bad|halt|off|sea)["'],?\s*\)/g;

const READ = { templates: [TAG, KEYWORD], markup: [KEYWORD], states: [KEYWORD, ROW] };

export function icons(found) {
  return {
    name: "roadstead-icons",
    buildStart() {
      for (const { path } of found(...Object.keys(READ))) this.addWatchFile(path);
    },
    generateBundle() {
      const names = wanted(found);
      for (const [name, path] of names) if (!body(name)) this.error(`${path}: there is no icon "${name}" in Tabler's outline set`);
      const symbols = [...names.keys()].sort().map((name) => `<symbol id="${name}" viewBox="0 0 24 24">${plain(body(name))}</symbol>`);
      this.emitFile({
        type: "asset",
        name: "icons.svg",
        originalFileName: "src/icons.svg",
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
      });
    },
  };
}

/** Map each icon's name to a file that asks for it. */
function wanted(found) {
  const names = new Map();
  for (const [kind, patterns] of Object.entries(READ)) {
    for (const { path, text } of found(kind)) {
      for (const pattern of patterns) for (const match of text.matchAll(pattern)) names.set(match[1] ?? match[2], path);
    }
  }
  return names;
}

function body(name) {
  return (set[name] ?? set[aliases?.[name]?.parent])?.body;
}

/** Take the set's own strokes away, so that the style sheet rules weight and colour. */
function plain(markup) {
  return markup.replaceAll(/ (?:fill="none"|stroke="currentColor"|stroke-linecap="round"|stroke-linejoin="round"|stroke-width="\d+")/g, "");
}
