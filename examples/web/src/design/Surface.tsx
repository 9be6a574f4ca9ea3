// The places where things stand: cards, figures, states of being empty, busy and refused.

import type { CrmError } from "crm-engine";
import type { ReactNode } from "react";
import { useTexts } from "../texts";
import { IconButton } from "./Button";
import { Icon } from "./Icon";
import "./Surface.css";

export function Card({
  title,
  beside,
  children,
  flush,
}: {
  title?: ReactNode;
  beside?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}) {
  return (
    <section className={`card ${flush ? "flush" : ""}`}>
      {title !== undefined && (
        <header className="card-head">
          <h2>{title}</h2>
          {beside}
        </header>
      )}
      <div className="card-body">{children}</div>
    </section>
  );
}

/** Names and values, one below the other. */
export function Facts({ facts }: { facts: [label: ReactNode, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {facts.map(([label, value], at) => (
        <div key={at}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Figure({ label, children, note, tone }: { label: string; children: ReactNode; note?: ReactNode; tone?: "bad" }) {
  return (
    <div className={`figure ${tone ?? ""}`}>
      <dt>{label}</dt>
      <dd className="figure-value">{children}</dd>
      {note && <dd className="figure-note">{note}</dd>}
    </div>
  );
}

export type Tone = "good" | "wait" | "bad" | "calm" | "plain";

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}

export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}

/** Where something is being read: grey bars of about its shape. */
export function Waiting({ rows = 4 }: { rows?: number }) {
  const texts = useTexts();
  return (
    <div className="waiting" role="status">
      <span className="visually-hidden">{texts.list.loading}</span>
      {Array.from({ length: rows }, (_, at) => (
        <span key={at} style={{ width: `${92 - ((at * 23) % 45)}%` }} />
      ))}
    </div>
  );
}

/** Why the engine has refused, in its own words. */
export function Refusal({ refusal, onDismiss }: { refusal: CrmError | undefined; onDismiss?: () => void }) {
  const texts = useTexts();
  if (!refusal) return null;
  const problems = refusal.details.problems ?? [];
  return (
    <div className="refusal" role="alert">
      <Icon name="alert" />
      <div>
        <strong>{texts.refusal.title}</strong>
        <p>{refusal.message}</p>
        {problems.length > 1 && (
          <ul>
            {problems.map((problem) => (
              <li key={problem.path}>{problem.message}</li>
            ))}
          </ul>
        )}
      </div>
      {onDismiss && <IconButton icon="close" label={texts.refusal.dismiss} size={16} onPress={onDismiss} />}
    </div>
  );
}
