import type { CalendarDate, Id } from "crm-engine";
import { useState } from "react";
import { DateField } from "../design/DateField";
import { Card, Empty, Figure, Refusal, Waiting } from "../design/Surface";
import { useAnswer } from "../engine/session";
import { Amount } from "../records/Value";
import { useTexts } from "../texts";
import "./Statement.css";

/** The account of a customer, entry by entry, as the engine has reckoned it. */
export function Statement({ customer, currency }: { customer: Id; currency?: string }) {
  const texts = useTexts().statement;
  const [from, setFrom] = useState<CalendarDate>("");
  const [to, setTo] = useState<CalendarDate>("");
  const { answer: account, refusal } = useAnswer(
    (session) => session.account.statement({ customer, currency, from: from || null, to: to || null }),
    [customer, currency, from, to],
  );
  const { answer: balance } = useAnswer((session) => session.account.balance({ customer }), [customer]);

  return (
    <>
      {balance &&
        balance.balances.map((one) => (
          <dl className="figures" key={one.currency}>
            <Figure label={texts.balance}>
              <Amount value={one.balance} currency={one.currency} />
            </Figure>
            <Figure label={texts.notDue}>
              <Amount value={one.not_due} currency={one.currency} />
            </Figure>
            <Figure label={texts.overdue} tone={/[1-9]/.test(one.overdue) ? "bad" : undefined}>
              <Amount value={one.overdue} currency={one.currency} />
            </Figure>
            <Figure label={texts.credits}>
              <Amount value={one.credits} currency={one.currency} />
            </Figure>
          </dl>
        ))}
      <Card
        title={texts.title}
        flush
        beside={
          <div className="period">
            <DateField label={texts.from} value={from} onChange={setFrom} />
            <DateField label={texts.to} value={to} onChange={setTo} />
          </div>
        }
      >
        {refusal ? (
          <div className="padded">
            <Refusal refusal={refusal} />
          </div>
        ) : !account ? (
          <Waiting />
        ) : account.entries.length === 0 ? (
          <Empty>{texts.empty}</Empty>
        ) : (
          <table className="document statement">
            <caption className="visually-hidden">{texts.title}</caption>
            <thead>
              <tr>
                <th scope="col">{texts.date}</th>
                <th scope="col">{texts.entry}</th>
                <th scope="col">{texts.document}</th>
                <th scope="col">{texts.due}</th>
                <th scope="col" className="number">
                  {texts.debit}
                </th>
                <th scope="col" className="number">
                  {texts.credit}
                </th>
                <th scope="col" className="number">
                  {texts.balance}
                </th>
              </tr>
            </thead>
            <tbody>
              <tr className="carried">
                <td data-area="date">{account.from ?? ""}</td>
                <td data-area="entry" colSpan={5}>
                  {texts.opening}
                </td>
                <td data-area="balance" className="number">
                  <Amount value={account.opening} currency={account.currency} />
                </td>
              </tr>
              {account.entries.map((entry, at) => (
                <tr key={`${entry.document} ${at}`}>
                  <td data-area="date">{entry.date}</td>
                  <td data-area="entry">{texts.entries[entry.entry]}</td>
                  <td data-area="document">{entry.number ?? "–"}</td>
                  <td data-area="due">{entry.due_date ?? ""}</td>
                  <td data-area="debit" className="number">
                    {/[1-9]/.test(entry.debit) && <Amount value={entry.debit} />}
                  </td>
                  <td data-area="credit" className="number">
                    {/[1-9]/.test(entry.credit) && (
                      <>
                        <span className="minus">−</span>
                        <Amount value={entry.credit} />
                      </>
                    )}
                  </td>
                  <td data-area="balance" className="number">
                    <Amount value={entry.balance} />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td data-area="date">{account.to ?? ""}</td>
                <th data-area="entry" scope="row" colSpan={3}>
                  {texts.closing}
                </th>
                <td data-area="debit" className="number">
                  <Amount value={account.debit} />
                </td>
                <td data-area="credit" className="number">
                  <Amount value={account.credit} />
                </td>
                <td data-area="balance" className="number">
                  <Amount value={account.closing} currency={account.currency} />
                </td>
              </tr>
            </tfoot>
          </table>
        )}
      </Card>
      {account && account.other_currencies.length > 0 && (
        <p className="soft small">{texts.other(account.other_currencies.join(", "))}</p>
      )}
    </>
  );
}
