// The client: a database behind a worker.

import { CrmError, made } from "./error.js";
import { caller, withOperations } from "./session.js";

/**
 * Opens a database in a worker.
 *
 * @param {() => Worker} spawn
 * @param {import("./index.js").OpenOptions} [options]
 * @returns {Promise<Crm>}
 */
export async function open(spawn, { name = "crm", language = "en", persistence, wasm, worker = spawn } = {}) {
  const source = wasm instanceof URL ? wasm.href : wasm;
  return new Crm(worker, { name, language, persistence, wasm: source }).opened;
}

export class Crm {
  /** Fulfilled with this when the database can be used. */
  opened;
  #settleOpened;
  #spawn;
  #options;
  /** @type {Worker | undefined} */
  #worker;
  #persistence;
  #lastId = 0;
  /**
   * Requests without reply, in their order.
   *
   * @type {Map<number, {request: object, language?: string, resolve: Function, reject: Function}>}
   */
  #waiting = new Map();
  #listeners = new Set();
  /** @type {((language?: string) => Error) | undefined} why nothing is answered any more, told in a language */
  #ended;
  #closing;
  #settleClosed;

  constructor(spawn, options) {
    this.#spawn = spawn;
    this.#options = options;
    this.opened = new Promise((resolve, reject) => (this.#settleOpened = { resolve, reject }));
    this.#start();
  }

  /** `"opfs"`: the data is kept in a file. `"memory"`: it is gone with this object. */
  get persistence() {
    return this.#persistence;
  }

  /** Who works on it: each call runs with that person's rights. */
  session(options = {}) {
    const who = caller(options);
    const text = async (operation, request) => this.#ask(options.language, "call", who(), operation, request);
    const call = async (operation, request = {}) => JSON.parse(await text(operation, JSON.stringify(request)));
    return withOperations({ text, call });
  }

  /** What has changed above a change set. */
  async changes(after = 0, limit = 100) {
    return JSON.parse(await this.#ask(undefined, "changes", after, limit));
  }

  /** Calls `listener` after something has changed, in this page or another; gives what ends that. */
  onChange(listener) {
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** The database as the bytes of a SQLite file. */
  export() {
    return this.#ask(undefined, "export");
  }

  /** Puts the content of a database file in the place of everything. */
  async import(bytes) {
    await this.#ask(undefined, "import", bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
  }

  /** Closes it, behind what was asked before; later calls reject with `handle.invalid`. */
  close() {
    this.#closing ??= new Promise((done) => {
      if (this.#ended) return done();
      this.#settleClosed = done;
      this.#worker.postMessage({ close: true });
    });
    return this.#closing;
  }

  /** `language`: the caller's; without, the client's. */
  #ask(language, ask, ...of) {
    return new Promise((resolve, reject) => {
      const ended = this.#ended ?? (this.#closing && this.#error("closed"));
      if (ended) return reject(ended(language));
      const request = { id: ++this.#lastId, ask, of };
      this.#waiting.set(request.id, { request, language, resolve, reject });
      this.#worker.postMessage({ request });
    });
  }

  #start() {
    const worker = this.#spawn();
    worker.addEventListener("message", ({ data }) => worker === this.#worker && this.#receive(data));
    worker.addEventListener("error", (event) => worker === this.#worker && this.#crashed(event));
    this.#worker = worker;
    worker.postMessage({ open: this.#options });
  }

  #receive({ opened, failed, reply, changed, trapped, handed, closed: isClosed }) {
    if (opened) {
      this.#persistence = opened.persistence;
      this.#settleOpened.resolve(this);
    }
    if (failed) this.#end(() => CrmError.parse(failed));
    if (reply) this.#settle(reply);
    if (changed) for (const listener of [...this.#listeners]) listener();
    if (trapped) this.#replace(this.#error("panic"), (id) => handed.includes(id));
    if (isClosed) this.#end(this.#error("closed"));
  }

  /** An error of the client's own, told to each in his language. */
  #error(what, details, options) {
    return (language = this.#options.language) => new CrmError(made(what, language, details), options);
  }

  #settle({ id, answer, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(CrmError.parse(error));
  }

  /** The worker's script could not be loaded, or it has met something that it did not catch. */
  #crashed(event) {
    const fault = this.#error("failed", { what: event.message }, { cause: event.error ?? event });
    if (this.#persistence) this.#replace(fault, () => true);
    else this.#end(fault);
  }

  /**
   * A new worker in the place of one that is defect: it opens the same file, where there is one. What may have been begun stays
   * marked, whatever happens to the next.
   */
  #replace(fault, mayHaveBegun) {
    if (this.#persistence === "memory") return this.#end(fault);
    this.#worker.terminate();
    this.#start();
    for (const { request } of this.#waiting.values()) {
      request.again ||= mayHaveBegun(request.id);
      this.#worker.postMessage({ request });
    }
    if (this.#closing) this.#worker.postMessage({ close: true });
  }

  #end(fault) {
    this.#ended = fault;
    this.#worker.terminate();
    this.#settleOpened.reject(fault());
    this.opened.catch(() => {});
    for (const { language, reject } of this.#waiting.values()) reject(fault(language));
    this.#waiting.clear();
    this.#settleClosed?.();
  }
}
