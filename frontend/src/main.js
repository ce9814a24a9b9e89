/* Everything in one file, imported statically: htmx must know its extension before it looks at the page. */
import htmx from "htmx.org";
import "htmx-ext-sse";
import Alpine from "@alpinejs/csp";
import { components } from "./components.js";
import "./dialogs.js";
import "./checks.js";
import "./forms.js";
import "./held.js";
import "./menus.js";
import "./output.js";
import "./picks.js";
import "./shots.js";
import "./tabs.js";
import "./toasts.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  // A refusal (4xx) carries a panel with the reason: show it where the answer would have gone.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[234]..", swap: true },
    { code: "...", swap: false, error: true },
  ],
});

for (const [name, component] of Object.entries(components)) Alpine.data(name, component);
Alpine.start();
