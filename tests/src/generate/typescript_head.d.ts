// Generated from the model. Do not edit: cargo run --release -p crm-tests --bin generate

/** The id of a record: a whole number, as text. */
export type Id = string;
/** A decimal, as text, so that no digit is lost: `"12.50"`. */
export type Decimal = string;
/** A number that no decimal may say, as text: a decimal, or two with a stroke between them, as `"62/6"`. */
export type Exact = string;
/** `YYYY-MM-DD`. */
export type CalendarDate = string;
/** A point in time in UTC: `2026-03-02T04:00:00Z`. */
export type Instant = string;
/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A kind of this library, or the name of one made at run time. */
export type AnyKind = keyof Kinds | (string & {});
/** A record with what every record has. */
export type Stored<Fields> = { id: Id; version: number } & Fields;
/** A line of a record with its number, which is never given twice. */
export type Line<Fields> = { line: number } & Fields;
/** A record of a kind. Fields made at run time can be declared: `declare module "crm-engine" { interface Customer { ... } }`. */
export type RecordOf<K> = K extends keyof Kinds ? Stored<Kinds[K]> : Stored<{ [field: string]: Json }>;
/** Fields of a kind by name, for making and changing a record. */
export type Values<K> = K extends keyof Kinds ? Partial<Kinds[K]> & { [field: string]: unknown } : { [field: string]: unknown };

/** The request of an operation, which may be left out where nothing in it is needed. */
export type Given<Request> = {} extends Request ? [request?: Request] : [request: Request];
/** What a call gives: at once from the engine in memory, later from a worker. */
export type Result<Async extends boolean, Answer> = Async extends true ? Promise<Answer> : Answer;
