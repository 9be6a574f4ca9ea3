// What a worker does for its page: answers requests itself where it has the database, else hands them to the worker that has.
// docs/concepts/web.md tells the rules.

import { made } from "./error.js";
import { Owner } from "./owner.js";
import { Folder, init } from "./wasm.js";

/** How long a folder is waited for that a worker before has not let go yet, in milliseconds. */
const PATIENCE = 5000;

/**
 * Serves one page. Its first message is `{open: options}`, the others are `{request}` and `{close: true}`; it gets `{opened}` or
 * `{failed}`, then `{reply}`, `{changed}`, `{trapped, handed}`, `{closed}`. `handed`: requests without a reply that an owner before
 * was given.
 *
 * @param {{postMessage(message: object): void, onmessage: ((event: {data: any}) => void) | null}} page
 */
export function serve(page) {
  page.onmessage = ({ data: { open } }) => {
    const seat = new Seat(page, open);
    page.onmessage = ({ data }) => (data.close ? seat.leave() : seat.ask(data.request));
    seat.take();
  };
}

/** A page's place at a database: as its owner, or as the guest of another. */
class Seat {
  #page;
  #options;
  /** By which others know it; pages that are not secure have no `randomUUID`. */
  #name = crypto.getRandomValues(new Uint32Array(4)).join("-");
  /** Requests of the page without a reply, in their order. `to`: the owner that one was handed to. */
  #waiting = new Map();
  /** @type {Owner | undefined} where this worker has the database */
  #owner;
  /** @type {string | undefined} the name of the owner elsewhere */
  #host;
  /** @type {string | undefined} why nothing is answered any more: an error's JSON text */
  #failure;
  #wasOpened = false;
  #isLeaving = false;

  /** @type {BroadcastChannel | undefined} where owners and guests find each other, and hear of changes */
  #square;
  /** @type {BroadcastChannel | undefined} from this guest to its owner */
  #line;
  /** @type {Map<string, BroadcastChannel>} from this owner to its guests */
  #guests = new Map();
  #letGo = () => {};

  constructor(page, options) {
    this.#page = page;
    this.#options = options;
  }

  async take() {
    const { name, persistence } = this.#options;
    if (persistence === "memory" || !(await canKeep())) return this.#takeMemory("the browser has no files for it");
    const channel = `crm-engine:${name}`;
    this.#line = new BroadcastChannel(`${channel}:${this.#name}`);
    this.#line.onmessage = ({ data }) => this.#listen(data);
    this.#square = new BroadcastChannel(channel);
    this.#square.onmessage = ({ data }) => this.#hear(data);
    this.#square.postMessage({ join: this.#name });
    // Whoever has the lock has the database, until the worker ends, however it ends.
    await navigator.locks.request(channel, () => this.#takeFile());
  }

  /** @param {import("./owner.js").Request} request */
  ask(request) {
    this.#waiting.set(request.id, { request, to: undefined });
    this.#hand(request.id);
  }

  /** Ends in good order: what was asked before is answered, and guests know that the rest was not begun. */
  leave() {
    this.#isLeaving = true;
    if (this.#waiting.size > 0) return;
    this.#owner?.close();
    this.#resign();
    this.#square?.postMessage({ leave: this.#name });
    this.#page.postMessage({ closed: true });
    this.#letGo();
  }

  /** With the lock: gives a promise that holds it. */
  async #takeFile() {
    const { name, language, persistence, wasm } = this.#options;
    // Said before the module is loaded: until there is an owner, nobody asks the one before.
    this.#host = undefined;
    this.#square.postMessage({ taking: true });
    let folder;
    try {
      await init(wasm);
      folder = await takeFolder(`crm-engine/${encodeURIComponent(name)}`);
    } catch (fault) {
      // A page that was told that its data is kept is not given memory instead.
      return persistence === "opfs" || this.#wasOpened ? this.#fail(fault) : this.#takeMemory(fault);
    }
    try {
      this.#owner = new Owner(folder, language);
    } catch (fault) {
      folder.release();
      return this.#fail(fault);
    }
    this.#opened("opfs");
    this.#square.postMessage({ owner: this.#name });
    this.#handAll();
    return new Promise((letGo) => (this.#letGo = letGo));
  }

  async #takeMemory(reason) {
    const { language, persistence, wasm } = this.#options;
    this.#square?.close();
    this.#line?.close();
    this.#square = undefined;
    try {
      await init(wasm);
      if (persistence === "opfs") throw reason;
      this.#owner = new Owner(undefined, language);
    } catch (fault) {
      return this.#fail(fault);
    }
    this.#opened("memory");
    this.#handAll();
  }

  #opened(persistence) {
    if (!this.#wasOpened) this.#page.postMessage({ opened: { persistence } });
    this.#wasOpened = true;
  }

  #fail(fault) {
    this.#failure = errorText(fault, this.#options.language);
    if (!this.#wasOpened) this.#page.postMessage({ failed: this.#failure });
    this.#handAll();
  }

  /** What is said to everybody. */
  #hear({ taking, join, owner, leave, changed }) {
    if (taking) this.#host = undefined;
    if (join && this.#owner) this.#welcome(join);
    if (owner) this.#square.postMessage({ join: this.#name });
    if (leave) this.#guests.get(leave)?.close(), this.#guests.delete(leave);
    if (changed) this.#page.postMessage({ changed });
  }

  #welcome(guest) {
    let line = this.#guests.get(guest);
    if (!line) {
      line = new BroadcastChannel(`${this.#square.name}:${guest}`);
      line.onmessage = ({ data: { request } }) => request && this.#owner && line.postMessage({ reply: this.#carryOut(request) });
      this.#guests.set(guest, line);
    }
    line.postMessage({ welcome: this.#name });
  }

  /** What an owner says to this guest. */
  #listen({ welcome, reply, resigned }) {
    if (this.#owner) return;
    if (welcome && welcome !== this.#host) {
      this.#host = welcome;
      this.#opened("opfs");
      this.#handAll();
    }
    if (reply) this.#reply(reply);
    if (resigned) {
      if (resigned === this.#host) this.#host = undefined;
      for (const waiting of this.#waiting.values()) if (waiting.to === resigned) waiting.to = undefined;
    }
  }

  #handAll() {
    for (const id of [...this.#waiting.keys()]) this.#hand(id);
  }

  #hand(id) {
    const waiting = this.#waiting.get(id);
    if (this.#failure) return this.#reply({ id, error: this.#failure });
    if (this.#owner && !this.#owner.isSound) return; // for the next
    const to = this.#owner ? this.#name : this.#host;
    if (to === undefined || to === waiting.to) return;
    const { request } = waiting;
    request.again = wasHanded(waiting);
    waiting.to = to;
    if (this.#owner) this.#reply(this.#carryOut(request));
    else this.#line.postMessage({ request });
  }

  #carryOut(request) {
    const reply = this.#owner.answer(request);
    if (this.#owner.takeChanged()) {
      this.#square?.postMessage({ changed: true });
      this.#page.postMessage({ changed: true });
    }
    if (!this.#owner.isSound) {
      // Behind the reply: what else was asked was not begun, and is asked again of the next.
      queueMicrotask(() => {
        this.#resign();
        const handed = [...this.#waiting.values()].filter(wasHanded).map(({ request }) => request.id);
        this.#page.postMessage({ trapped: true, handed });
      });
    }
    return reply;
  }

  #reply(reply) {
    if (this.#waiting.delete(reply.id)) this.#page.postMessage({ reply });
    if (this.#isLeaving) this.leave();
  }

  #resign() {
    for (const line of this.#guests.values()) line.postMessage({ resigned: this.#name });
    this.#guests.clear();
    this.#owner = undefined;
  }
}

/** Whether a request without a reply was given to an owner who has not said that it was not begun. */
function wasHanded({ request, to }) {
  return request.again || to !== undefined;
}

/** Whether there are files that last, and the means to share them. */
async function canKeep() {
  try {
    return "createSyncAccessHandle" in FileSystemFileHandle.prototype && !!navigator.locks && !!(await navigator.storage.getDirectory());
  } catch {
    return false; // an older browser, a private window, an insecure page
  }
}

/** Takes a folder; the worker before may still be letting go. */
async function takeFolder(name) {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await Folder.take(name);
    } catch (fault) {
      if (performance.now() > end) throw fault;
      await new Promise((again) => setTimeout(again, 20));
    }
  }
}

/** An error's JSON text of whatever was caught: such a text, the browser's words, or why the module could not be loaded. */
function errorText(fault, language) {
  if (typeof fault !== "string") return JSON.stringify(made("failed", language, { what: String(fault) }));
  return fault.startsWith("{") ? fault : JSON.stringify(made("io", language, { what: fault }));
}
