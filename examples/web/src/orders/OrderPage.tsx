import type { Id, Session } from "crm-engine";
import { useState, type ReactNode } from "react";
import { usePageTitle } from "../app/router";
import { PageHead } from "../app/Shell";
import { Button, Link } from "../design/Button";
import { useNotice } from "../design/Notices";
import { ReasonDialog } from "../design/ReasonDialog";
import { Card, Facts, Figure, Refusal, Waiting } from "../design/Surface";
import { labelOf, useKind } from "../engine/kinds";
import { useAction, useAnswer, useSeat } from "../engine/session";
import { Lines, type DocumentLine } from "../quotes/Lines";
import { Totals } from "../quotes/QuotePage";
import { RecordReceipt } from "../receipts/RecordReceipt";
import { Amount, Moment, State, Title } from "../records/Value";
import { useTexts } from "../texts";
import { Plan } from "./Plan";

export function OrderPage({ id }: { id: Id }) {
  const texts = useTexts();
  const kind = useKind("order");
  const { person } = useSeat();
  const say = useNotice();
  const { run, busy, refusal: refused, dismiss } = useAction();
  const [isRejecting, setRejecting] = useState(false);
  const [isReceiving, setReceiving] = useState(false);
  const { answer, refusal } = useAnswer((session) => session.record.get({ kind: "order", id }), [id]);
  const { answer: tracking } = useAnswer((session) => session.order.tracking({ order: id }), [id]);
  const order = answer?.record;
  const tracked = tracking?.orders[0];
  usePageTitle(order?.number ?? undefined, texts.product);

  const back = { href: "/orders", label: texts.nav.orders };
  if (!order)
    return (
      <>
        <PageHead title={texts.nav.orders} back={back} />
        {refusal ? (
          <Refusal refusal={refusal} />
        ) : (
          <Card>
            <Waiting rows={6} />
          </Card>
        )}
      </>
    );

  const { outcome } = texts.order;
  const { version } = order;
  const act = async (of: (session: Session, order: Id) => Promise<unknown>, told: string) =>
    (await run((session) => of(session, id))) !== undefined && say(told);
  const isInEffect = order.state === "approved" || order.state === "fulfilled";
  const actions = (
    <>
      {order.state === "draft" && (
        <Button
          look="main"
          isPending={busy}
          onPress={() => act((session, order) => session.order.submit({ order, version }), outcome.submitted)}
        >
          {texts.order.submit}
        </Button>
      )}
      {order.state === "submitted" && (
        <>
          {order.submitter === person.id && (
            <Button onPress={() => act((session, order) => session.order.withdraw({ order }), outcome.withdrawn)}>
              {texts.order.withdraw}
            </Button>
          )}
          <Button look="danger" onPress={() => setRejecting(true)}>
            {texts.order.reject}
          </Button>
          <Button
            look="main"
            isPending={busy}
            onPress={() => act((session, order) => session.order.approve({ order, version }), outcome.approved)}
          >
            {texts.order.approve}
          </Button>
        </>
      )}
      {isInEffect && (
        <Button onPress={() => setReceiving(true)} icon="receive">
          {texts.receipt.add}
        </Button>
      )}
    </>
  );
  const who = (employee: Id, at: string | null | undefined): ReactNode => (
    <>
      <Title kind="employee" id={employee} />
      <br />
      <span className="soft small">
        <Moment value={at} />
      </span>
    </>
  );

  return (
    <>
      <PageHead
        title={order.number}
        back={back}
        state={<State kind={kind} code={order.state} />}
        note={
          <>
            <Link href={`/customers/${order.customer}`}>
              <Title kind="customer" id={order.customer} />
            </Link>
            {order.quote && (
              <>
                {" "}
                · {texts.order.fromQuote}{" "}
                <Link href={`/quotes/${order.quote}`}>
                  <Title kind="quote" id={order.quote} />
                </Link>
              </>
            )}
          </>
        }
        actions={actions}
      />
      <Refusal refusal={refused} onDismiss={dismiss} />
      {tracked && (
        <dl className="figures">
          <Figure label={texts.order.ordered}>
            <Amount value={tracked.ordered} currency={tracked.currency} />
          </Figure>
          <Figure label={texts.order.delivered}>
            <Amount value={tracked.delivered} />
          </Figure>
          <Figure label={texts.order.invoiced}>
            <Amount value={tracked.invoiced} />
          </Figure>
          <Figure label={texts.order.received}>
            <Amount value={tracked.received} />
          </Figure>
          <Figure label={texts.order.open}>
            <Amount value={tracked.open} />
          </Figure>
        </dl>
      )}
      <div className="columns">
        <div className="stack">
          <Plan order={id} customer={order.customer} isApproved={isInEffect} />
          <Card title={texts.order.lines} flush>
            <Lines kind="order_line" lines={order.lines as DocumentLine[]} currency={order.currency} />
          </Card>
        </div>
        <div className="stack">
          <Card title={texts.quote.summary}>
            <Totals kind={kind} document={order} />
          </Card>
          <Card title={texts.customer.details}>
            <Facts
              facts={[
                [labelOf(kind, "owner"), <Title kind="employee" id={order.owner} />],
                [labelOf(kind, "date"), order.date],
                [labelOf(kind, "payment_term"), <Title kind="payment_term" id={order.payment_term} />],
                ...(order.submitter
                  ? [[labelOf(kind, "submitter"), who(order.submitter, order.submitted_at)] as [string, ReactNode]]
                  : []),
                ...(order.approver
                  ? [[labelOf(kind, "approver"), who(order.approver, order.approved_at)] as [string, ReactNode]]
                  : []),
              ]}
            />
          </Card>
        </div>
      </div>
      <ReasonDialog
        title={texts.order.rejectTitle}
        action={texts.order.reject}
        open={isRejecting}
        onClose={() => setRejecting(false)}
        onGive={(reason) => act((session, order) => session.order.reject({ order, reason }), outcome.rejected)}
      />
      <RecordReceipt open={isReceiving} onClose={() => setReceiving(false)} customer={order.customer} order={id} />
    </>
  );
}
