// Whoever has the database: answers requests one after the other.

import { made } from "./error.js";
import { Engine } from "./wasm.js";

/**
 * @typedef {{ask: "call", of: [caller: string, operation: string, request: string]}
 *   | {ask: "changes", of: [after: number, limit: number]}
 *   | {ask: "export", of: []}
 *   | {ask: "import", of: [bytes: Uint8Array]}} Question
 *
 * @typedef {Question & {id: number, again?: boolean}} Request `again`: it was handed to an owner before, who is gone
 *
 * @typedef {{id: number, answer?: unknown, error?: string}} Reply `error` is JSON text
 */

export class Owner {
  #engine;
  #folder;
  #language;

  /**
   * @param {import("../pkg/crm.js").Folder} [folder] where the file is; without, the database is in memory
   * @param {string} language of errors outside of calls
   * @throws {string} an error as JSON text
   */
  constructor(folder, language) {
    this.#folder = folder;
    this.#language = language;
    this.#engine = new Engine(folder && "crm.db", language);
  }

  /** False after a trap: the memory can no longer be trusted, and nothing is answered any more. */
  get isSound() {
    return this.#engine !== undefined;
  }

  /**
   * @param {Request} request
   * @returns {Reply}
   */
  answer({ id, ask, of, again }) {
    try {
      return { id, answer: this.#carryOut(ask, of, again) };
    } catch (fault) {
      if (typeof fault === "string") return { id, error: fault };
      this.#engine = undefined;
      console.error(fault);
      const language = (ask === "call" && JSON.parse(of[0]).language) || this.#language;
      return { id, error: JSON.stringify(made("panic", language)) };
    }
  }

  #carryOut(ask, of, again) {
    const engine = this.#engine;
    switch (ask) {
      case "call":
        return again ? engine.callAgain(...of) : engine.call(...of);
      case "changes":
        return engine.changes(...of);
      case "export":
        return engine.export();
      case "import":
        if (again) throw engine.unknownOutcome();
        return engine.import(...of);
    }
  }

  /** Whether anything has changed since this was last asked. */
  takeChanged() {
    return this.#engine?.takeChanged() ?? false;
  }

  /** Closes the file and lets others take it. */
  close() {
    this.#engine?.free();
    this.#engine = undefined;
    this.#folder?.release();
  }
}
