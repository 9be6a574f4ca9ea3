// What the engine says of its kinds: labels, types and options in the session's language. Tables and forms are drawn from it.

import type { Id, Session } from "crm-engine";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useSeat } from "./session";

export type FieldType =
  | "text"
  | "decimal"
  | "money"
  | "integer"
  | "date"
  | "instant"
  | "boolean"
  | "choice"
  | "picklist"
  | "currency"
  | "reference"
  | "lines"
  | "json";

/** One field, as `record.describe` tells it. */
export interface Field {
  name: string;
  label: string;
  type: FieldType;
  required: boolean;
  managed: boolean;
  /** Of a text: how many characters at most. */
  longest?: number;
  /** Of a choice. */
  options?: { code: string; label: string }[];
  /** Of a picklist. */
  picklist?: string;
  /** Of a reference: the kind. */
  to?: string;
}

/** One option of a picklist; a retired one is shown still, and chosen no more. */
export interface PicklistOption {
  code: string;
  label: string;
  retired: boolean;
}

export interface Kind {
  kind: string;
  label: string;
  fields: Field[];
}

/** What is remembered of one session: its language and rights are in it. */
interface Memory {
  kinds: Map<string, Promise<Kind>>;
  picklists: Map<string, Promise<PicklistOption[]>>;
  titles: Map<string, Titles>;
}

const memories = new WeakMap<Session, Memory>();

function memoryOf(session: Session): Memory {
  let memory = memories.get(session);
  if (!memory) memories.set(session, (memory = { kinds: new Map(), picklists: new Map(), titles: new Map() }));
  return memory;
}

function remember<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

export function describe(session: Session, kind: string): Promise<Kind> {
  return remember(memoryOf(session).kinds, kind, async () => {
    const { label, fields } = await session.record.describe({ kind });
    return { kind, label, fields: fields as unknown as Field[] };
  });
}

/** A kind, once it is known. The one of the session before stays meanwhile. */
export function useKind(kind: string): Kind | undefined {
  const { session } = useSeat();
  const [known, setKnown] = useState<Kind>();
  useEffect(() => {
    let isWanted = true;
    describe(session, kind).then(
      (told) => isWanted && setKnown(told),
      () => isWanted && setKnown(undefined),
    );
    return () => void (isWanted = false);
  }, [session, kind]);
  return known?.kind === kind ? known : undefined;
}

export const fieldOf = (kind: Kind | undefined, name: string) => kind?.fields.find((field) => field.name === name);

/** The label of a field; nothing while the kind is not known. */
export const labelOf = (kind: Kind | undefined, name: string) => fieldOf(kind, name)?.label ?? "";

/** The label of a choice's code. */
export const optionOf = (kind: Kind | undefined, name: string, code: string | null | undefined) =>
  fieldOf(kind, name)?.options?.find((option) => option.code === code)?.label ?? code ?? "";

/** The values of a picklist, in the session's language. */
export function usePicklist(list: string | undefined): PicklistOption[] {
  const { session, language } = useSeat();
  const [known, setKnown] = useState<PicklistOption[]>([]);
  useEffect(() => {
    if (!list) return;
    let isWanted = true;
    const name = ({ "zh-CN": "name_zh_cn", "zh-TW": "name_zh_tw", en: "name_en" } as const)[language];
    remember(memoryOf(session).picklists, list, async () => {
      const { records } = await session.record.list({
        kind: "picklist_value",
        filter: `list == '${list}'`,
        order: ["sort_order", "code"],
        limit: 1000,
      });
      return records.map((record) => ({ code: record.code, label: record[name], retired: record.retired }));
    }).then(
      (told) => isWanted && setKnown(told),
      () => isWanted && setKnown([]),
    );
    return () => void (isWanted = false);
  }, [session, language, list]);
  return known;
}

/** What a record is called: the first of these that its kind has. */
const TITLES = ["name", "number", "label", "code"];

export async function titleField(session: Session, kind: string): Promise<string> {
  const { fields } = await describe(session, kind);
  return TITLES.find((title) => fields.some(({ name }) => name === title)) ?? "id";
}

/** The titles of records of one kind. All that a page wants at once is asked for at once. */
class Titles {
  #known = new Map<Id, string>();
  #wanted = new Set<Id>();
  #listeners = new Set<() => void>();
  readonly #session: Session;
  readonly #kind: string;

  constructor(session: Session, kind: string) {
    this.#session = session;
    this.#kind = kind;
  }

  get = (id: Id): string | undefined => this.#known.get(id);

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  want(id: Id) {
    if (this.#known.has(id) || this.#wanted.has(id)) return;
    if (this.#wanted.size === 0) queueMicrotask(() => void this.#ask());
    this.#wanted.add(id);
  }

  async #ask() {
    const ids = [...this.#wanted];
    this.#wanted.clear();
    try {
      const title = await titleField(this.#session, this.#kind);
      const filter = `id in [${ids.map((id) => `"${id}"`).join(", ")}]`;
      const { records } = await this.#session.record.list({ kind: this.#kind, filter, fields: [title], limit: 1000 });
      for (const record of records) this.#known.set(record.id, String((record as Record<string, unknown>)[title] ?? "–"));
    } catch {
      // What may not be read has no title here.
    }
    for (const id of ids) if (!this.#known.has(id)) this.#known.set(id, "–");
    for (const listener of [...this.#listeners]) listener();
  }
}

/** What the record is called that a reference leads to. */
export function useTitle(kind: string, id: Id | null | undefined): string | undefined {
  const { session } = useSeat();
  const titles = remember(memoryOf(session).titles, kind, () => new Titles(session, kind));
  useEffect(() => void (id && titles.want(id)), [titles, id]);
  return useSyncExternalStore(titles.subscribe, () => (id ? titles.get(id) : undefined));
}
