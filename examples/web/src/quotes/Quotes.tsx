import { useState } from "react";
import { usePageTitle } from "../app/router";
import { Button } from "../design/Button";
import { Empty } from "../design/Surface";
import { useAnswer } from "../engine/session";
import { RecordList } from "../records/RecordList";
import type { AnyRecord } from "../records/RecordTable";
import { StateTabs, type StateFilters } from "../records/StateTabs";
import { usePages } from "../records/usePages";
import { useTexts } from "../texts";
import { NewQuote } from "./NewQuote";

const FIELDS = ["number", "customer", "subject", "state", "date", "owner", "currency"];
const COLUMNS = ["number", "customer", "subject", "state", "date", "owner", "total"];
const FILTERS: StateFilters = {
  all: "",
  waiting: "state == 'in_approval'",
  open: "state in ['draft', 'in_approval', 'approved', 'sent', 'in_negotiation']",
  decided: "state in ['accepted', 'declined', 'expired', 'void']",
};

export function Quotes() {
  const texts = useTexts();
  const [shown, setShown] = useState<keyof StateFilters>("all");
  const [order, setOrder] = useState("-number");
  const [isAdding, setAdding] = useState(false);
  const pages = usePages("quote", { filter: FILTERS[shown], order, fields: FIELDS });
  const quotes = useTotals(pages.records);
  usePageTitle(texts.nav.quotes, texts.product);

  return (
    <>
      <RecordList
        title={texts.nav.quotes}
        actions={
          <Button look="main" icon="plus" onPress={() => setAdding(true)}>
            {texts.quote.add}
          </Button>
        }
        narrow={<StateTabs label={texts.nav.quotes} value={shown} onChange={setShown} />}
        pages={{ ...pages, records: quotes }}
        empty={<Empty>{texts.list.emptyQuotes}</Empty>}
        kind="quote"
        also="quote_version"
        columns={COLUMNS}
        href={({ id }) => `/quotes/${id}`}
        order={order}
        onOrder={setOrder}
      />
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
