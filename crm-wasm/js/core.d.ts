import type { Changes, Language, Session as AnySession, SessionOptions, WasmSource } from "./types.js";

export * from "./types.js";

/** Loads the module once; may be called again. Left out, `source` is the file of this package. */
export function init(source?: WasmSource): Promise<void>;

export interface CoreOptions {
  /** The language of errors outside of sessions; `"en"` by default. */
  language?: Language;
}

/** A session whose calls answer at once. */
export type Session = AnySession<false>;

/** A database in memory. Make it after `init()`. */
export class Crm {
  constructor(options?: CoreOptions);
  /** Who works on it. */
  session(options?: SessionOptions): Session;
  /** What has changed above a change set, at most `limit` sets; 0 for everything. */
  changes(after?: number, limit?: number): Changes;
  /** The database as the bytes of a SQLite file. */
  export(): Uint8Array<ArrayBuffer>;
  /** Puts the content of a database file in the place of everything. Throws with the database as it was. */
  import(bytes: Uint8Array): void;
  /** Gives the memory back; later calls throw `handle.invalid`. */
  close(): void;
}
