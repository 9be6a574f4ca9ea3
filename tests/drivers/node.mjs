// The web package's core in Node, for the stories' runner.

import { readFile } from "node:fs/promises";
import { Crm, init } from "../../crm-wasm/js/core.js";
import { serve } from "./protocol.mjs";

await init(await readFile(new URL("../../crm-wasm/pkg/crm_wasm_bg.wasm", import.meta.url)));

let crm;

await serve({
  open(kind) {
    if (kind !== "memory") throw new Error(`no store ${kind}`);
    crm?.close();
    crm = new Crm();
  },
  call: ({ options, operation, request }) =>
    crm.session({ ...options, now: () => options.now }).text(operation, request),
});
