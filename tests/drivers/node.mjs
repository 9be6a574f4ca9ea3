// The web package's core in Node, for the stories' runner.

import { Crm, init } from "../../crm-wasm/js/core.js";
import { serve } from "./protocol.mjs";

await init();

let crm;

await serve({
  open(kind) {
    if (kind !== "memory") throw new Error(`no store ${kind}`);
    crm?.close();
    crm = new Crm();
  },
  call: ({ options, operation, request }) => crm.session(options).text(operation, request),
});
