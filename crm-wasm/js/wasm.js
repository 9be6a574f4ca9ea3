// The module, loaded once. The only place that knows where the file lies.

import start, { Engine, Folder } from "../pkg/crm.js";

export { Engine, Folder };

let loading;

/**
 * Loads the module; a second call waits for the first.
 *
 * @param {RequestInfo | URL | Response | BufferSource | WebAssembly.Module} [source] what `fetch` takes, a response, bytes or a
 *   compiled module; left out, the file of this package
 * @returns {Promise<void>}
 */
export function init(source) {
  loading ??= load(source).catch((fault) => {
    loading = undefined;
    throw fault;
  });
  return loading;
}

async function load(source) {
  let from = source ?? new URL("../pkg/crm.wasm", import.meta.url);
  if (from instanceof URL && from.protocol === "file:") {
    // Node's fetch reads no files; the name stands in a variable so that no bundler looks for it.
    const files = "node:fs/promises";
    from = await (await import(/* @vite-ignore */ /* webpackIgnore: true */ files)).readFile(from);
  }
  await start({ module_or_path: from });
}
