import type { Call, ErrorCode, Id, Instant, Json, Methods } from "./operations.js";

export type * from "./operations.js";

export type Language = "zh-CN" | "zh-TW" | "en";

/** What a host does about a refusal. */
export type ErrorClass =
  | "invalid"
  | "not_found"
  | "conflict"
  | "forbidden"
  | "needs_approval"
  | "busy"
  | "io"
  | "corrupt"
  | "unsupported"
  | "interrupted"
  | "handle"
  | "panic"
  | "internal";

/** One thing wrong with a request. */
export interface Problem {
  code: ErrorCode;
  message: string;
  /** JSON pointer into the request. */
  path: string;
}

/** Facts about a refusal; each code has its own beside these. */
export interface ErrorDetails {
  /** JSON pointer into the request. */
  path?: string;
  /** Everything that is wrong with the request. */
  problems?: Problem[];
  /** Whether the same call may succeed later. */
  retryable?: boolean;
  [name: string]: Json | Problem[] | undefined;
}

/** A refusal: branch on `class` and `code`, show `message`, which is in the session's language. */
export class CrmError extends Error {
  readonly class: ErrorClass;
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

/** Whether something caught is a refusal of the engine. */
export function isCrmError(error: unknown): error is CrmError;
/** Whether something caught is a refusal with one of these codes. */
export function hasCode<C extends ErrorCode>(error: unknown, ...codes: C[]): error is CrmError & { readonly code: C };
/** Whether something caught is a refusal of one of these classes. */
export function hasClass<C extends ErrorClass>(error: unknown, ...classes: C[]): error is CrmError & { readonly class: C };

/** Where the module comes from: what `fetch` takes, a response, bytes, or a compiled module. */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/** The versions of this package, known without opening a database. A file of a higher `schema` is refused with
 * `store.newer_schema`; lower ones are brought up to it. */
export const versions: {
  /** The library (semantic versioning). */
  readonly library: string;
  /** The interface: nothing is taken away or changes its meaning while it stays. */
  readonly abi: number;
  /** The table of operations: it rises when anything is added to it. */
  readonly operations: number;
  /** The form of the database files that are written. */
  readonly schema: number;
};

/** Who works on a database, in which language, by which clock. The host vouches for the actor. */
export interface SessionOptions {
  /** The employee's id; left out where nobody has signed in. */
  actor?: Id;
  /** On whose behalf. */
  onBehalf?: Id;
  /** The language of messages; `"en"` by default. */
  language?: Language;
  /** Milliseconds since 1970, or what gives them for each call; the system's clock by default. */
  now?: number | (() => number);
  /** Why, for the change log. */
  reason?: string;
  /** In which business dates are found; the enterprise's by default. A rule is a POSIX `TZ` text, for zones that the engine does not know. */
  zone?: string | { name: string; rule: string };
}

/**
 * Operations as methods, `session.order.submit(request)`, and by name. A refusal is thrown as `CrmError`.
 */
export type Session<Async extends boolean> = Methods<Async> & {
  /** Runs an operation by its name. */
  readonly call: Call<Async>;
  /** JSON text in, JSON text out: the bytes of every other door. */
  readonly text: (operation: string, request: string) => Async extends true ? Promise<string> : string;
};

/** A part of the change log. */
export interface Changes {
  changes: Change[];
  /** What to give as `after` to go on. */
  next: number;
  /** The number of the last change set there is. */
  last: number;
}

/** One change set: what one operation has changed. How, the history of a record tells. */
export interface Change {
  no: number;
  at: Instant;
  actor: Id | null;
  on_behalf: Id | null;
  operation: string;
  reason: string | null;
  records: { kind: string; id: Id; action: string }[];
}
