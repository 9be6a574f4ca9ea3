import type { Changes, Language, Session as AnySession, SessionOptions } from "./types.js";

export * from "./types.js";

/** Where data is: in a file of the origin, or in memory and gone with the page. */
export type Persistence = "opfs" | "memory";

export interface OpenOptions {
  /** The database's name within the origin; `"crm"` by default. */
  name?: string;
  /** Where data must be. Left out: in a file where the browser has them, else in memory; `crm.persistence` says which. */
  persistence?: Persistence;
  /** The language of errors outside of sessions; `"en"` by default. */
  language?: Language;
  /** Where the module comes from; the file of this package by default. */
  wasm?: string | URL | BufferSource | WebAssembly.Module;
  /** Makes the worker, which runs `crm-engine/worker`; for bundlers and policies that want their own. */
  worker?: () => Worker;
}

/** Opens a database in a worker of its own, shared with the other tabs of the origin. */
export function open(options?: OpenOptions): Promise<Crm>;

/** A session whose calls answer later. */
export type Session = AnySession<true>;

/** An open database. */
export interface Crm {
  /** `"opfs"`: data is kept in a file. `"memory"`: it is gone with the page. */
  readonly persistence: Persistence;
  /** Who works on it. */
  session(options?: SessionOptions): Session;
  /** What has changed above a change set, at most `limit` sets; 0 for everything. */
  changes(after?: number, limit?: number): Promise<Changes>;
  /** Calls `listener` after something has changed, in this tab or another. Gives what ends that. */
  onChange(listener: () => void): () => void;
  /** The database as the bytes of a SQLite file. */
  export(): Promise<Uint8Array<ArrayBuffer>>;
  /** Puts the content of a database file in the place of everything. Rejects with the database as it was. */
  import(bytes: Uint8Array | ArrayBuffer): Promise<void>;
  /** Closes it, behind what was asked before; later calls reject with `handle.invalid`. Another tab takes over. */
  close(): Promise<void>;
}
