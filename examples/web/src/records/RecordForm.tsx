// Fields of a kind to fill in: labels, types, options and what is required come from the engine, and so do the faults of what was
// typed, each at its field.

import type { CrmError, Session } from "crm-engine";
import { useEffect, useState } from "react";
import { ComboBox, Select, TextField, type Option } from "../design/Controls";
import { DateField } from "../design/DateField";
import { Refusal } from "../design/Surface";
import { fieldOf, titleField, usePicklist, useTitle, type Field, type Kind } from "../engine/kinds";
import { useSeat } from "../engine/session";

export type Values = Record<string, string | null>;

/** What a refusal says of these fields, by name; `rest` where it says something else. A path in a message becomes the field's label. */
function faultsOf(refusal: CrmError | undefined, fields: Field[]): { faults: Record<string, string>; rest: boolean } {
  const faults: Record<string, string> = {};
  if (!refusal) return { faults, rest: false };
  const { path, problems = path ? [{ path, message: refusal.message }] : [] } = refusal.details;
  let rest = problems.length === 0;
  for (const { path, message } of problems) {
    const field = fields.find(({ name }) => name === path.split("/").at(-1));
    if (field) faults[field.name] ??= message.replaceAll(path, field.label);
    else rest = true;
  }
  return { faults, rest };
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

export function RecordForm({
  fields,
  values,
  onChange,
  refusal,
}: {
  fields: FormField[];
  values: Values;
  onChange(values: Values): void;
  refusal?: CrmError;
}) {
  const known = fields.flatMap(({ kind, name, required, wide }) => {
    const field = fieldOf(kind, name);
    return field ? [{ field: { ...field, required: required ?? field.required }, wide }] : [];
  });
  const { faults, rest } = faultsOf(
    refusal,
    known.map(({ field }) => field),
  );
  return (
    <>
      {rest && <Refusal refusal={refusal} />}
      <div className="form-two">
        {known.map(({ field, wide }) => (
          <div key={field.name} className={wide ? "wide" : undefined}>
            <FieldControl
              field={field}
              value={values[field.name] ?? null}
              onChange={(value) => onChange({ ...values, [field.name]: value })}
              error={faults[field.name]}
            />
          </div>
        ))}
      </div>
    </>
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
      return (
        <Select
          {...common}
          value={value}
          onChange={onChange}
          options={(field.options ?? []).map(({ code, label }) => ({ id: code, label }))}
        />
      );
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
  const options = usePicklist(field.picklist)
    .filter(({ retired }) => !retired)
    .map(({ code, label }) => ({ id: code, label }));
  return <Select label={field.label} required={field.required} error={error} value={value} onChange={onChange} options={options} />;
}

/** Chooses a record of a kind by a part of its title. `note` says more of each. */
export function ReferenceControl({
  label,
  hiddenLabel,
  kind,
  filter,
  value,
  onChange,
  required,
  error,
  fields = [],
  note,
}: {
  label: string;
  hiddenLabel?: boolean;
  kind: string;
  /** Only records for which this condition holds. */
  filter?: string;
  value: string | null;
  onChange(value: string | null): void;
  required?: boolean;
  error?: string;
  /** Texts that are searched as well, and what `note` may say. */
  fields?: string[];
  note?(record: Record<string, unknown>): string;
}) {
  const { session } = useSeat();
  const title = useTitle(kind, value);
  const [text, setText] = useState("");
  const [options, setOptions] = useState<Option[]>([]);
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
    // `note` is made anew by every drawing and always says the same.
  }, [session, kind, filter, text, title, extra]);

  return (
    <ComboBox
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

async function search(
  session: Session,
  kind: string,
  text: string,
  filter: string | undefined,
  fields: string[],
): Promise<[Option, Record<string, unknown>][]> {
  const title = await titleField(session, kind);
  const sought = text.trim() && [title, ...fields].map((field) => `${field}.contains(${literal(text.trim())})`).join(" || ");
  const conditions = [filter, sought].filter(Boolean).map((one) => `(${one})`);
  const { records } = await session.record.list({
    kind,
    filter: conditions.join(" && ") || undefined,
    order: [title],
    limit: 30,
    fields: [title, ...fields],
  });
  return (records as Record<string, unknown>[]).map((record) => [
    { id: String(record["id"]), label: String(record[title] ?? "–") },
    record,
  ]);
}

/** A text as the expression language writes it. */
export const literal = (text: string) => `'${text.replace(/[\\']/g, (sign) => `\\${sign}`)}'`;
