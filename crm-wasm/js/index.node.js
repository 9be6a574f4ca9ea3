// The package in Node: the same client, on a thread. The database is in memory.

import { Worker } from "node:worker_threads";
import { open as openBy } from "./client.js";

export { CrmError, hasClass, hasCode, isCrmError } from "./error.js";
export { versions } from "./words.js";

/** Opens a database on a thread of its own. */
export function open(options) {
  return openBy(() => new NodeWorker(new Worker(new URL("./worker.node.js", import.meta.url))), options);
}

/** A thread of Node as a browser's worker. */
class NodeWorker {
  #worker;

  constructor(worker) {
    this.#worker = worker;
  }

  addEventListener(type, listener) {
    this.#worker.on(type, (data) => listener(type === "message" ? { data } : data));
  }

  postMessage(message) {
    this.#worker.postMessage(message);
  }

  terminate() {
    this.#worker.terminate();
  }
}
