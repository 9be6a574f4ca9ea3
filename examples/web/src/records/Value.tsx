// How a value is shown, by its field's type. Figures are the engine's texts; grouping their digits is the style sheet's work, so what
// is read, copied and tested is what the engine has written.

import type { Id, Instant } from "crm-engine";
import { Badge, type Tone } from "../design/Surface";
import { optionOf, usePicklist, useTitle, type Field, type Kind } from "../engine/kinds";
import { useSeat } from "../engine/session";
import "./Value.css";

/** A decimal as the engine gives it, with its currency in front where there is one. */
export function Amount({ value, currency }: { value: string | null | undefined; currency?: string | null }) {
  if (value === null || value === undefined) return <span className="soft">–</span>;
  const [, sign = "", whole = value, rest = ""] = /^(-?)(\d+)(.*)$/.exec(value) ?? [];
  const groups = whole.split(/(?=(?:\d{3})+$)/);
  return (
    <span className="amount">
      {currency && <span className="amount-currency">{currency} </span>}
      {sign}
      {groups.map((group, at) => (
        <span key={at} className={at > 0 ? "group" : undefined}>
          {group}
        </span>
      ))}
      {rest}
    </span>
  );
}

/** A moment, in the reader's own zone. */
export function Moment({ value }: { value: Instant | null | undefined }) {
  const { language } = useSeat();
  if (!value) return <span className="soft">–</span>;
  const shown = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(value));
  return <time dateTime={value}>{shown}</time>;
}

/** What a record is called that is referred to. */
export function Title({ kind, id }: { kind: string; id: Id | null | undefined }) {
  const title = useTitle(kind, id);
  return <>{id ? (title ?? "…") : "–"}</>;
}

function PicklistValue({ list, code }: { list: string; code: string }) {
  return <>{usePicklist(list).find((value) => value.code === code)?.label ?? code}</>;
}

const TONES: Record<string, Tone> = {
  draft: "plain",
  potential: "plain",
  dropped: "plain",
  void: "plain",
  voided: "plain",
  in_approval: "wait",
  submitted: "wait",
  held: "wait",
  in_negotiation: "wait",
  partly: "wait",
  approved: "calm",
  sent: "calm",
  planned: "calm",
  accepted: "good",
  fulfilled: "good",
  trading: "good",
  done: "good",
  declined: "bad",
  expired: "bad",
  cancelled: "bad",
};

/** Where something stands. */
export function State({ kind, code, field = "state" }: { kind: Kind | undefined; code: string; field?: string }) {
  return <Badge tone={TONES[code] ?? "plain"}>{optionOf(kind, field, code)}</Badge>;
}

const NUMERIC = new Set(["decimal", "money", "integer"]);
export const isNumeric = (field: Field | undefined) => field !== undefined && NUMERIC.has(field.type);

export function Value({
  kind,
  field,
  value,
  currency,
}: {
  kind: Kind | undefined;
  field: Field;
  value: unknown;
  currency?: string | null;
}) {
  if (value === null || value === undefined || value === "") return <span className="soft">–</span>;
  const text = String(value);
  switch (field.type) {
    case "money":
    case "decimal":
      return <Amount value={text} currency={field.type === "money" ? currency : undefined} />;
    case "instant":
      return <Moment value={text} />;
    case "reference":
      return <Title kind={field.to!} id={text} />;
    case "picklist":
      return <PicklistValue list={field.picklist!} code={text} />;
    case "choice":
      return field.name === "state" ? <State kind={kind} code={text} /> : <>{optionOf(kind, field.name, text)}</>;
    case "boolean":
      return <>{value ? "✓" : "–"}</>;
    default:
      return <>{text}</>;
  }
}
