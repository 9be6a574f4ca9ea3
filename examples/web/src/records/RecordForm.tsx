// Fields of a kind to fill in: labels, types, options and what is required come from the engine, and so do the faults of what was
// typed, each at its field.

import type { CrmError, Session } from "crm-engine";
import { useEffect, useId, useState } from "react";
import { ComboBox, Select, TextField, type Option } from "../design/Controls";
import { DateField } from "../design/DateField";
import { titleField, usePicklist, useTitle, type Field, type Kind } from "../engine/kinds";
import { useSeat } from "../engine/session";

export type Values = Record<string, string | null>;

/** The messages of a refusal, by the last part of their path: the field's name. */
export function faultsOf(refusal: CrmError | undefined): Record<string, string> {
  const faults: Record<string, string> = {};
  if (!refusal) return faults;
  const { path, problems = [] } = refusal.details;
  for (const problem of problems) faults[problem.path.split("/").at(-1)!] ??= problem.message;
  if (path) faults[path.split("/").at(-1)!] ??= refusal.message;
  return faults;
}

/** What was filled in, without what was left empty. */
export const filled = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== ""));

export interface FormField {
  kind: Kind | undefined;
  name: string;
  required?: boolean;
  wide?: boolean;
}

export function RecordForm({ fields, values, onChange, refusal }: { fields: FormField[]; values: Values; onChange(values: Values): void; refusal?: CrmError }) {
  const faults = faultsOf(refusal);
  return (
    <div className="form-two">
      {fields.map(({ kind, name, required, wide }) => {
        const field = kind?.fields.find((one) => one.name === name);
        if (!field) return null;
        return (
          <div key={name} className={wide ? "wide" : undefined}>
            <FieldControl
              field={{ ...field, required: required ?? field.required }}
              value={values[name] ?? null}
              onChange={(value) => onChange({ ...values, [name]: value })}
              error={faults[name]}
            />
          </div>
        );
      })}
    </div>
  );
}

interface ControlProps {
  field: Field;
  value: string | null;
  onChange(value: string | null): void;
  error?: string;
}

function FieldControl({ field, value, onChange, error }: ControlProps) {
  const common = { label: field.label, required: field.required, error };
  switch (field.type) {
    case "choice":
      return <Select {...common} value={value} onChange={onChange} options={(field.options ?? []).map(({ code, label }) => ({ id: code, label }))} />;
    case "picklist":
      return <PicklistControl field={field} value={value} onChange={onChange} error={error} />;
    case "reference":
      return <ReferenceControl {...common} kind={field.to!} value={value} onChange={onChange} />;
    case "date":
      return <DateField {...common} value={value ?? ""} onChange={onChange} />;
    case "decimal":
    case "money":
      return <TextField {...common} numeric value={value ?? ""} onChange={onChange} />;
    default:
      return <TextField {...common} value={value ?? ""} onChange={onChange} lines={(field.longest ?? 0) > 1000 ? 3 : undefined} />;
  }
}

function PicklistControl({ field, value, onChange, error }: ControlProps) {
  const options = usePicklist(field.picklist).filter(({ retired }) => !retired).map(({ code, label }) => ({ id: code, label }));
  return <Select label={field.label} required={field.required} error={error} value={value} onChange={onChange} options={options} />;
}

/** Chooses a record of a kind by a part of its title. `note` says more of each. */
export function ReferenceControl({ label, hiddenLabel, kind, filter, value, onChange, required, error, fields = [], note }: {
  label: string;
  hiddenLabel?: boolean;
  kind: string;
  /** Only records for which this condition holds. */
  filter?: string;
  value: string | null;
  onChange(value: string | null): void;
  required?: boolean;
  error?: string;
  /** What `note` wants to know. */
  fields?: string[];
  note?(record: Record<string, unknown>): string;
}) {
  const { session } = useSeat();
  const title = useTitle(kind, value);
  const [text, setText] = useState("");
  const [options, setOptions] = useState<Option[]>([]);
  const id = useId();
  const extra = fields.join();

  useEffect(() => setText(value ? (title ?? "") : ""), [value, title]);
  useEffect(() => {
    let isWanted = true;
    const sought = text === title ? "" : text;
    search(session, kind, sought, filter, extra ? extra.split(",") : []).then(
      (found) => isWanted && setOptions(found.map(([option, record]) => ({ ...option, note: note?.(record) }))),
      () => isWanted && setOptions([]),
    );
    return () => void (isWanted = false);
    // `note` is made anew by every drawing.
    // eslint-disable-next-line
  }, [session, kind, filter, text, title, extra]);

  return (
    <ComboBox
      key={id}
      label={label}
      hiddenLabel={hiddenLabel}
      required={required}
      error={error}
      value={value}
      onChange={onChange}
      options={options}
      text={text}
      onSearch={setText}
    />
  );
}

async function search(session: Session, kind: string, text: string, filter: string | undefined, fields: string[]): Promise<[Option, Record<string, unknown>][]> {
  const title = await titleField(session, kind);
  const conditions = [filter, text.trim() && `${title}.contains(${literal(text.trim())})`].filter(Boolean).map((one) => `(${one})`);
  const { records } = await session.record.list({ kind, filter: conditions.join(" && ") || undefined, order: [title], limit: 30, fields: [title, ...fields] });
  return (records as Record<string, unknown>[]).map((record) => [{ id: String(record["id"]), label: String(record[title] ?? "–") }, record]);
}

/** A text as the expression language writes it. */
export const literal = (text: string) => `'${text.replace(/[\\']/g, (sign) => `\\${sign}`)}'`;
