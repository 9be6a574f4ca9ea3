import type { Id } from "crm-engine";
import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { go, usePageTitle } from "../app/router";
import { PageHead } from "../app/Shell";
import { Button } from "../design/Button";
import { Card, Empty, Facts, Figure, Refusal, Waiting } from "../design/Surface";
import { fieldOf, labelOf, useKind } from "../engine/kinds";
import { useAnswer } from "../engine/session";
import { NewQuote } from "../quotes/NewQuote";
import { RecordReceipt } from "../receipts/RecordReceipt";
import { RecordTable, type AnyRecord } from "../records/RecordTable";
import { Amount, State, Value } from "../records/Value";
import { useTexts } from "../texts";
import "./CustomerPage.css";
import { Statement } from "./Statement";

export function CustomerPage({ id, part = "overview" }: { id: Id; part?: string }) {
  const texts = useTexts();
  const kind = useKind("customer");
  const [asks, setAsks] = useState<"quote" | "receipt">();
  const { answer, refusal } = useAnswer((session) => session.record.get({ kind: "customer", id }), [id]);
  const customer = answer?.record;
  usePageTitle(customer?.name, texts.product);

  if (refusal && !customer)
    return (
      <>
        <PageHead title={texts.nav.customers} back={{ href: "/customers", label: texts.nav.customers }} />
        <Refusal refusal={refusal} />
      </>
    );
  return (
    <>
      <PageHead
        title={customer?.name ?? "…"}
        back={{ href: "/customers", label: texts.nav.customers }}
        state={customer && <State kind={kind} code={customer.state} />}
        note={customer && [customer.number, customer.city, customer.country].filter(Boolean).join(" · ")}
        actions={
          <>
            <Button icon="receive" onPress={() => setAsks("receipt")}>
              {texts.receipt.add}
            </Button>
            <Button look="main" icon="plus" onPress={() => setAsks("quote")}>
              {texts.quote.add}
            </Button>
          </>
        }
      />
      <Tabs
        selectedKey={part}
        onSelectionChange={(key) => go(key === "overview" ? `/customers/${id}` : `/customers/${id}/${key}`)}
        className="tabs"
      >
        <TabList aria-label={customer?.name ?? texts.nav.customers} className="tab-list">
          <Tab id="overview" className="tab">
            {texts.customer.overview}
          </Tab>
          <Tab id="statement" className="tab">
            {texts.customer.statement}
          </Tab>
        </TabList>
        <TabPanel id="overview" className="stack">
          {customer && <Overview id={id} customer={customer as unknown as AnyRecord} />}
        </TabPanel>
        <TabPanel id="statement" className="stack">
          <Statement customer={id} currency={customer?.currency ?? undefined} />
        </TabPanel>
      </Tabs>
      <NewQuote open={asks === "quote"} onClose={() => setAsks(undefined)} customer={id} />
      <RecordReceipt open={asks === "receipt"} onClose={() => setAsks(undefined)} customer={id} />
    </>
  );
}

const DETAILS = ["customer_class", "region", "address", "phone", "email", "payment_term", "currency", "owner", "trading_since"];

function Overview({ id, customer }: { id: Id; customer: AnyRecord }) {
  const texts = useTexts();
  const kind = useKind("customer");
  const { answer: figures, refusal } = useAnswer((session) => session.customer.overview({ customer: id }), [id]);
  const { answer: contacts } = useAnswer(
    (session) => session.record.list({ kind: "contact", filter: `customer == "${id}"`, limit: 20 }),
    [id],
  );
  return (
    <>
      <Refusal refusal={refusal} />
      {figures && (
        <dl className="figures">
          <Figure label={texts.customer.orderedThisYear} note={texts.customer.ordersThisYear(figures.orders_this_year ?? 0)}>
            <Amount value={figures.ordered_this_year} currency={figures.currency} />
          </Figure>
          <Figure
            label={texts.customer.owed}
            note={
              figures.advances && (
                <>
                  {texts.customer.advances} <Amount value={figures.advances} />
                </>
              )
            }
          >
            <Amount value={figures.owed} currency={figures.currency} />
          </Figure>
          <Figure label={texts.customer.overdue} tone={figures.overdue && /[1-9]/.test(figures.overdue) ? "bad" : undefined}>
            <Amount value={figures.overdue} currency={figures.currency} />
          </Figure>
          {figures.credit_limit && (
            <Figure
              label={texts.customer.creditLimit}
              note={
                figures.credit_used && (
                  <>
                    {texts.customer.creditUsed} <Amount value={figures.credit_used.used} />
                  </>
                )
              }
            >
              <Amount value={figures.credit_limit} currency={figures.currency} />
            </Figure>
          )}
        </dl>
      )}
      <div className="columns">
        <div className="stack">
          <Documents
            kind="quote"
            customer={id}
            title={texts.customer.quotes}
            empty={texts.customer.noQuotes}
            path="quotes"
            columns={["number", "subject", "state", "date"]}
          />
          <Documents
            kind="order"
            customer={id}
            title={texts.customer.orders}
            empty={texts.customer.noOrders}
            path="orders"
            columns={["number", "state", "date", "total"]}
          />
        </div>
        <div className="stack">
          <Card title={texts.customer.details}>
            <Facts
              facts={DETAILS.filter((name) => customer[name] && fieldOf(kind, name)).map((name) => [
                labelOf(kind, name),
                <Value kind={kind} field={fieldOf(kind, name)!} value={customer[name]} />,
              ])}
            />
          </Card>
          <Card title={texts.customer.contacts}>
            {contacts?.records.length ? (
              <ul className="contacts">
                {contacts.records.map((contact) => (
                  <li key={contact.id}>
                    <strong>{contact.name}</strong>
                    <span className="soft small">
                      {[contact.job_title, contact.mobile, contact.email].filter(Boolean).join(" · ")}
                    </span>
                  </li>
                ))}
              </ul>
            ) : (
              <p className="soft">{texts.customer.noContacts}</p>
            )}
          </Card>
        </div>
      </div>
    </>
  );
}

function Documents({
  kind,
  customer,
  title,
  empty,
  path,
  columns,
}: {
  kind: "quote" | "order";
  customer: Id;
  title: string;
  empty: string;
  path: string;
  columns: string[];
}) {
  const { answer, refusal } = useAnswer(
    (session) =>
      session.record.list({
        kind,
        filter: `customer == "${customer}"`,
        order: ["-date", "-number"],
        limit: 10,
        fields: [...columns, "currency"],
      }),
    [kind, customer],
  );
  return (
    <Card title={title} flush>
      {refusal ? (
        <Empty>{refusal.message}</Empty>
      ) : !answer ? (
        <Waiting rows={2} />
      ) : answer.records.length === 0 ? (
        <Empty>{empty}</Empty>
      ) : (
        <RecordTable
          kind={kind}
          records={answer.records as unknown as AnyRecord[]}
          columns={columns}
          label={title}
          href={({ id }) => `/${path}/${id}`}
        />
      )}
    </Card>
  );
}
