// The package in a browser.

import { open as openBy } from "./client.js";

export { CrmError, hasClass, hasCode, isCrmError } from "./error.js";
export { versions } from "./words.js";

/** Opens a database in a worker of its own. */
export function open(options) {
  return openBy(() => new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "crm" }), options);
}
