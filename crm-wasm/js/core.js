// The engine in memory, synchronous: Node, tests, server rendering. Text crosses the boundary, objects never.

import wasmInit, { Engine } from "../pkg/crm_wasm.js";

let ready;

/**
 * Loads the module once; may be called again. `source` is what `fetch` takes, a Response, or the bytes; left out it is the
 * file beside the module.
 */
export function init(source) {
  ready ??= wasmInit(source === undefined ? undefined : { module_or_path: source }).catch((fault) => {
    ready = undefined;
    throw fault;
  });
  return ready.then(() => undefined);
}

/** A refusal: branch on `class` and `code`, show `message`. */
export class CrmError extends Error {
  constructor(error) {
    super(error.message);
    this.name = "CrmError";
    this.class = error.class;
    this.code = error.code;
    this.details = error.details;
  }
}

/** A database. Create it after `init()`. */
export class Crm {
  #engine;

  constructor() {
    this.#engine = new Engine();
  }

  /** A session: `{actor, onBehalf, language, now, reason}`. `now()` gives milliseconds; it is the system's by default. */
  session({ actor, onBehalf, language = "en", now = Date.now, reason } = {}) {
    const text = (operation, request) => {
      if (!this.#engine) throw new CrmError({ class: "handle", code: "handle.invalid", message: "the database is closed", details: {} });
      try {
        return this.#engine.call(actor, onBehalf, language, now(), reason, operation, request);
      } catch (fault) {
        if (typeof fault === "string") throw new CrmError(JSON.parse(fault));
        // A trap: what is in memory can no longer be trusted.
        this.#engine = undefined;
        throw new CrmError({ class: "panic", code: "internal.panic", message: String(fault), details: {} });
      }
    };
    return {
      /** JSON text in, JSON text out: the bytes of every other door. */
      text,
      /** An object in, an object out. */
      call: (operation, request = {}) => JSON.parse(text(operation, JSON.stringify(request))),
    };
  }

  /** Gives the memory back; later calls throw `handle.invalid`. */
  close() {
    this.#engine?.free();
    this.#engine = undefined;
  }
}
