// The engine in memory, synchronous: Node, tests, server rendering. Text crosses the boundary, objects never.

import { CrmError, made } from "./error.js";
import { caller, withOperations } from "./session.js";
import { Engine } from "./wasm.js";

export { CrmError, hasClass, hasCode, isCrmError } from "./error.js";
export { versions } from "./words.js";
export { init } from "./wasm.js";

/** A database in memory. Create it after `init()`. */
export class Crm {
  #engine;
  #language;

  /** @param {import("./types.js").CoreOptions} [options] */
  constructor({ language = "en" } = {}) {
    this.#language = language;
    this.#engine = this.#guard(() => new Engine(undefined, language));
  }

  /** Who works on it: each call runs with that person's rights. */
  session(options = {}) {
    const who = caller(options);
    const text = (operation, request) => {
      const engine = this.#open(options.language);
      const caller = who();
      return this.#guard(() => engine.call(caller, operation, request), options.language);
    };
    const call = (operation, request = {}) => JSON.parse(text(operation, JSON.stringify(request)));
    return withOperations({ text, call });
  }

  /** What has changed above a change set. */
  changes(after = 0, limit = 100) {
    const engine = this.#open();
    return JSON.parse(this.#guard(() => engine.changes(after, limit)));
  }

  /** The database as the bytes of a SQLite file. */
  export() {
    const engine = this.#open();
    return this.#guard(() => engine.export());
  }

  /** Puts the content of a database file in the place of everything. */
  import(bytes) {
    const engine = this.#open();
    this.#guard(() => engine.import(bytes));
  }

  /** Gives the memory back; later calls throw `handle.invalid`. */
  close() {
    this.#engine?.free();
    this.#engine = undefined;
  }

  #open(language = this.#language) {
    if (!this.#engine) throw new CrmError(made("closed", language));
    return this.#engine;
  }

  #guard(work, language = this.#language) {
    try {
      return work();
    } catch (fault) {
      if (typeof fault === "string") throw CrmError.parse(fault);
      // A trap: what is in memory can no longer be trusted.
      this.#engine = undefined;
      throw new CrmError(made("panic", language), { cause: fault });
    }
  }
}
