import { useState } from "react";
import { usePageTitle } from "../app/router";
import { PageHead } from "../app/Shell";
import { Button } from "../design/Button";
import { Segments } from "../design/Segments";
import { Card, Empty, Refusal, Waiting } from "../design/Surface";
import { useAnswer } from "../engine/session";
import { RecordTable, type AnyRecord } from "../records/RecordTable";
import { usePages } from "../records/usePages";
import { useTexts } from "../texts";
import { NewQuote } from "./NewQuote";

const FIELDS = ["number", "customer", "subject", "state", "date", "owner", "currency"];
const COLUMNS = ["number", "customer", "subject", "state", "date", "owner", "total"];
const FILTERS = {
  all: "",
  waiting: "state == 'in_approval'",
  open: "state in ['draft', 'in_approval', 'approved', 'sent', 'in_negotiation']",
  decided: "state in ['accepted', 'declined', 'expired', 'void']",
};

export function Quotes() {
  const texts = useTexts();
  const [shown, setShown] = useState<keyof typeof FILTERS>("all");
  const [order, setOrder] = useState("-number");
  const [isAdding, setAdding] = useState(false);
  const { records, count, refusal, more } = usePages("quote", { filter: FILTERS[shown], order, fields: FIELDS });
  const quotes = useTotals(records);
  usePageTitle(texts.nav.quotes, texts.product);

  return (
    <>
      <PageHead
        title={texts.nav.quotes}
        note={records && !refusal && texts.list.shown(records.length, count)}
        actions={
          <Button look="main" icon="plus" onPress={() => setAdding(true)}>
            {texts.quote.add}
          </Button>
        }
      />
      <Card flush>
        <Segments<keyof typeof FILTERS>
          label={texts.nav.quotes}
          value={shown}
          onChange={setShown}
          options={{
            all: texts.list.all,
            waiting: texts.list.states.waiting,
            open: texts.list.states.open,
            decided: texts.list.states.decided,
          }}
        />
        {refusal ? (
          <div className="padded">
            <Refusal refusal={refusal} />
          </div>
        ) : !records ? (
          <Waiting rows={8} />
        ) : records.length === 0 ? (
          <Empty>{texts.list.emptyQuotes}</Empty>
        ) : (
          <RecordTable
            kind="quote"
            also="quote_version"
            records={quotes ?? records}
            columns={COLUMNS}
            label={texts.nav.quotes}
            href={({ id }) => `/quotes/${id}`}
            order={order}
            onOrder={setOrder}
          />
        )}
      </Card>
      {more && !refusal && (
        <div className="row">
          <Button onPress={more}>{texts.list.more}</Button>
        </div>
      )}
      <NewQuote open={isAdding} onClose={() => setAdding(false)} />
    </>
  );
}

/** Quotes with the total of their latest versions. */
function useTotals(quotes: AnyRecord[] | undefined): AnyRecord[] | undefined {
  const ids = quotes?.map(({ id }) => `"${id}"`) ?? [];
  const { answer } = useAnswer(
    async (session) =>
      ids.length > 0
        ? (
            await session.record.list({
              kind: "quote_version",
              filter: `quote in [${ids.join(", ")}]`,
              order: ["version_no"],
              limit: 1000,
              fields: ["quote", "total"],
            })
          ).records
        : [],
    [ids],
  );
  const totals = new Map(answer?.map(({ quote, total }) => [quote, total]));
  return quotes?.map((quote) => ({ ...quote, total: totals.get(quote.id) ?? null }));
}
