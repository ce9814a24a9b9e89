/** The files of the Python side that name icons and classes: templates, state tables and the modules that write markup. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const KINDS = {
  templates: (path) => path.includes("/templates/") && path.endsWith(".html"),
  states: (path) => path.endsWith("/states.py"),
  markup: (path) => /^\/(core|web)\/.*\.py$/.test(path),
  forms: (path) => path.endsWith("/forms.py"),
};

/** Return a reader: `found("templates")` gives `{path, text}` of each file, looked up afresh on every build. */
export function sources(root) {
  return (...kinds) =>
    readdirSync(root, { recursive: true })
      .map((path) => `/${path.replaceAll("\\", "/")}`)
      .filter((path) => !path.includes("/tests/") && kinds.some((kind) => KINDS[kind](path)))
      .sort()
      .map((path) => ({ path: join(root, path), text: readFileSync(join(root, path), "utf8") }));
}
