import type { Id, QuoteAnswer, QuoteState, Session } from "crm-engine";
import { useEffect, useRef, useState } from "react";
import { go, usePageTitle } from "../app/router";
import { PageHead } from "../app/Shell";
import { Button, Link } from "../design/Button";
import { useNotice } from "../design/Notices";
import { ReasonDialog } from "../design/ReasonDialog";
import { Card, Empty, Facts, Refusal, Waiting } from "../design/Surface";
import { labelOf, useKind, type Kind } from "../engine/kinds";
import { useAction, useAnswer, useSeat } from "../engine/session";
import { RecordTable, type AnyRecord } from "../records/RecordTable";
import { Amount, Moment, State, Title } from "../records/Value";
import { useTexts } from "../texts";
import { AddLine } from "./AddLine";
import { Lines, type DocumentLine } from "./Lines";

type Act = (session: Session, quote: Id) => Promise<unknown>;

export function QuotePage({ id }: { id: Id }) {
  const texts = useTexts();
  const kind = useKind("quote");
  const versionKind = useKind("quote_version");
  const { person } = useSeat();
  const say = useNotice();
  const { run, busy, refusal: refused, dismiss } = useAction();
  const [reasonFor, setReasonFor] = useState<"reject" | "decline">();
  const { answer, refusal } = useAnswer((session) => session.quote.show({ quote: id }), [id]);
  const { answer: customer } = useAnswer(
    async (session) => (answer ? (await session.record.get({ kind: "customer", id: answer.quote.customer })).record : null),
    [answer?.quote.customer],
  );
  const { answer: orders } = useAnswer(
    (session) => session.record.list({ kind: "order", filter: `quote == "${id}"`, limit: 20 }),
    [id],
  );
  usePageTitle(answer?.quote.number ?? undefined, texts.product);

  // The draft is changed only as it was read, or as the change before has left it.
  const version = answer?.versions.at(-1);
  const read = useRef<number>(undefined);
  useEffect(() => void (read.current = version?.version), [version?.version]);
  const edits = useAction();
  const lastEdit = useRef<Promise<boolean>>(undefined);
  const edit = (of: (session: Session, draft: { quote: Id; version?: number }) => Promise<QuoteAnswer>): Promise<boolean> => {
    const changed = edits.run(async (session) => {
      const { quote_version } = await of(session, { quote: id, version: read.current });
      read.current = quote_version.version;
      return true;
    });
    return (lastEdit.current = changed.then((done) => done ?? false));
  };

  const back = { href: "/quotes", label: texts.nav.quotes };
  if (!answer || !version)
    return (
      <>
        <PageHead title={texts.nav.quotes} back={back} />
        {refusal ? (
          <Refusal refusal={refusal} />
        ) : (
          <Card>
            <Waiting rows={6} />
          </Card>
        )}
      </>
    );
  const { quote, versions } = answer;
  const isDraft = version.state === "draft";
  const done = texts.quote.done;

  const act = async (of: Act, outcome: string) => (await run((session) => of(session, id))) !== undefined && say(outcome);
  // A figure that was typed last is taken first; where it is refused, nothing is submitted.
  const submit = async () => {
    const edited = lastEdit.current;
    lastEdit.current = undefined;
    const submitted = await run(async (session) =>
      (await edited) === false ? undefined : session.quote.submit({ quote: id, version: read.current }),
    );
    if (submitted) say(done.submitted);
  };
  const order = async () => {
    const made = await run((session) => session.order.from_quote({ quote: id }));
    if (!made) return;
    say(texts.order.outcome.created);
    go(`/orders/${made.order.id}`);
  };

  const isWaiting = version.state === "in_approval";
  const isMine = version.submitter === person.id;
  const actions = (
    <>
      {isDraft && (
        <Button look="main" isPending={busy} onPress={submit}>
          {texts.quote.submit}
        </Button>
      )}
      {isWaiting && (
        <>
          {isMine && (
            <Button onPress={() => act((session, quote) => session.quote.withdraw({ quote }), done.withdrawn)}>
              {texts.quote.withdraw}
            </Button>
          )}
          <Button look="danger" onPress={() => setReasonFor("reject")}>
            {texts.quote.reject}
          </Button>
          <Button
            look="main"
            isPending={busy}
            onPress={() => act((session, quote) => session.quote.approve({ quote }), done.approved)}
          >
            {texts.quote.approve}
          </Button>
        </>
      )}
      {quote.state === "approved" && (
        <>
          <Button onPress={() => act((session, quote) => session.quote.new_version({ quote }), done.revised)}>
            {texts.quote.revise}
          </Button>
          <Button look="main" isPending={busy} onPress={() => act((session, quote) => session.quote.send({ quote }), done.sent)}>
            {texts.quote.send}
          </Button>
        </>
      )}
      {(quote.state === "sent" || quote.state === "in_negotiation") && !isDraft && !isWaiting && (
        <>
          <Button onPress={() => act((session, quote) => session.quote.new_version({ quote }), done.revised)}>
            {texts.quote.revise}
          </Button>
          <Button look="danger" onPress={() => setReasonFor("decline")}>
            {texts.quote.decline}
          </Button>
          <Button
            look="main"
            isPending={busy}
            onPress={() => act((session, quote) => session.quote.accept({ quote }), done.accepted)}
          >
            {texts.quote.accept}
          </Button>
        </>
      )}
      {quote.state === "accepted" && (
        <Button look="main" isPending={busy} onPress={order}>
          {texts.quote.order}
        </Button>
      )}
    </>
  );

  return (
    <>
      <PageHead
        title={<>{quote.number}</>}
        back={back}
        state={<State kind={kind} code={quote.state} />}
        note={
          <>
            <Link href={`/customers/${quote.customer}`}>
              <Title kind="customer" id={quote.customer} />
            </Link>
            {quote.subject && <> · {quote.subject}</>}
          </>
        }
        actions={actions}
      />
      <Refusal refusal={refused} onDismiss={dismiss} />
      <Refusal refusal={edits.refusal} onDismiss={edits.dismiss} />
      {isWaiting && isMine && <p className="soft small">{texts.quote.waits}</p>}
      <Progress state={quote.state} version={version.state} />
      <div className="columns">
        <div className="stack">
          <Card
            title={texts.quote.lines}
            beside={versions.length > 1 && <span className="soft small">{texts.quote.version(version.version_no)}</span>}
            flush
          >
            {version.lines.length === 0 ? (
              <Empty>{texts.quote.noLines}</Empty>
            ) : (
              <Lines
                kind="quote_line"
                lines={version.lines as DocumentLine[]}
                currency={version.currency}
                edits={
                  isDraft
                    ? {
                        change: (line, values) => edit((session, draft) => session.quote.change_line({ ...draft, line, values })),
                        remove: (line) => edit((session, draft) => session.quote.remove_line({ ...draft, line })),
                      }
                    : undefined
                }
              />
            )}
            {isDraft && (
              <AddLine
                customer={quote.customer}
                date={quote.date}
                currency={quote.currency}
                busy={edits.busy}
                onAdd={(product, quantity) => edit((session, draft) => session.quote.add_line({ ...draft, product, quantity }))}
              />
            )}
          </Card>
          {orders && orders.records.length > 0 && (
            <Card title={texts.quote.orders} flush>
              <RecordTable
                kind="order"
                records={orders.records as unknown as AnyRecord[]}
                columns={["number", "state", "date", "total"]}
                label={texts.quote.orders}
                href={({ id }) => `/orders/${id}`}
              />
            </Card>
          )}
        </div>
        <div className="stack">
          <Card title={texts.quote.summary}>
            <Totals kind={versionKind} document={version} />
          </Card>
          <Card title={texts.customer.details}>
            <Facts
              facts={[
                [labelOf(kind, "owner"), <Title kind="employee" id={quote.owner} />],
                [labelOf(kind, "date"), quote.date],
                [labelOf(versionKind, "valid_until"), version.valid_until ?? "–"],
                [
                  labelOf(versionKind, "payment_term"),
                  <Title kind="payment_term" id={version.payment_term ?? customer?.payment_term} />,
                ],
                ...(version.submitter
                  ? [
                      [
                        labelOf(versionKind, "submitter"),
                        <>
                          <Title kind="employee" id={version.submitter} />
                          <br />
                          <span className="soft small">
                            <Moment value={version.submitted_at} />
                          </span>
                        </>,
                      ] as [string, React.ReactNode],
                    ]
                  : []),
                ...(version.approver
                  ? [
                      [
                        labelOf(versionKind, "approver"),
                        <>
                          <Title kind="employee" id={version.approver} />
                          <br />
                          <span className="soft small">
                            <Moment value={version.approved_at} />
                          </span>
                        </>,
                      ] as [string, React.ReactNode],
                    ]
                  : []),
              ]}
            />
          </Card>
        </div>
      </div>
      <ReasonDialog
        title={reasonFor === "decline" ? texts.quote.declineTitle : texts.quote.rejectTitle}
        action={reasonFor === "decline" ? texts.quote.decline : texts.quote.reject}
        open={reasonFor !== undefined}
        onClose={() => setReasonFor(undefined)}
        onGive={(reason) =>
          reasonFor === "decline"
            ? act((session, quote) => session.quote.decline({ quote, reason }), done.declined)
            : act((session, quote) => session.quote.reject({ quote, reason }), done.rejected)
        }
      />
    </>
  );
}

const SUMS = ["gross", "discount", "net", "document_discount", "freight", "other_charges", "tax"] as const;

/** The sums of a document as the engine has made them; those of nothing are left out. */
export function Totals({
  kind,
  document,
}: {
  kind: Kind | undefined;
  document: { currency: string; total: string } & Record<(typeof SUMS)[number], string>;
}) {
  const told = SUMS.filter((name) => name === "net" || name === "tax" || /[1-9]/.test(document[name])).filter(
    (name) => name !== "gross" || /[1-9]/.test(document.discount),
  );
  return (
    <dl className="totals">
      {told.map((name) => (
        <div key={name}>
          <dt>{labelOf(kind, name)}</dt>
          <dd>
            <Amount value={document[name]} />
          </dd>
        </div>
      ))}
      <div className="total">
        <dt>{labelOf(kind, "total")}</dt>
        <dd>
          <Amount value={document.total} currency={document.currency} />
        </dd>
      </div>
    </dl>
  );
}

const STEPS = ["draft", "submitted", "approved", "sent", "accepted"] as const;

function Progress({ state, version }: { state: QuoteState; version: string }) {
  const texts = useTexts().quote;
  const reached =
    version === "draft"
      ? 0
      : version === "in_approval"
        ? 1
        : state === "accepted"
          ? 4
          : state === "sent" || state === "in_negotiation"
            ? 3
            : state === "approved"
              ? 2
              : -1;
  if (reached < 0 || state === "declined" || state === "expired" || state === "void") return null;
  return (
    <ol className="progress" aria-label={texts.progress}>
      {STEPS.map((step, at) => (
        <li key={step} data-done={at <= reached} data-now={at === reached} aria-current={at === reached ? "step" : undefined}>
          {texts.steps[step]}
        </li>
      ))}
    </ol>
  );
}
