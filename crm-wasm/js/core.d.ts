/** Loads the module once; may be called again. */
export function init(source?: RequestInfo | URL | Response | BufferSource | WebAssembly.Module): Promise<void>;

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

/** A refusal: branch on `class` and `code`, show `message`. */
export class CrmError extends Error {
  readonly class: ErrorClass;
  readonly code: string;
  readonly details: { path?: string; [name: string]: unknown };
}

export interface SessionOptions {
  /** The employee's id; left out where nobody has signed in. */
  actor?: string;
  /** On whose behalf. */
  onBehalf?: string;
  language?: "zh-CN" | "zh-TW" | "en";
  /** Milliseconds since 1970; the system's clock by default. */
  now?: () => number;
  /** Why, for the change log. */
  reason?: string;
}

export interface Session {
  /** An object in, an object out. Throws `CrmError`. */
  call(operation: string, request?: unknown): unknown;
  /** JSON text in, JSON text out. Throws `CrmError`. */
  text(operation: string, request: string): string;
}

/** A database in memory. */
export class Crm {
  constructor();
  session(options?: SessionOptions): Session;
  close(): void;
}
