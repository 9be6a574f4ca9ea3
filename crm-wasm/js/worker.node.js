// The worker of a Node program.

import { parentPort } from "node:worker_threads";
import { serve } from "./serve.js";

const page = { postMessage: (message) => parentPort.postMessage(message), onmessage: null };
serve(page);
parentPort.on("message", (data) => page.onmessage({ data }));
