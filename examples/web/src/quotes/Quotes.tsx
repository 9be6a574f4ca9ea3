import { useState } from "react";
import { usePageTitle } from "../app/router";
import { PageHead } from "../app/Shell";
import { Button } from "../design/Button";
import { Segments } from "../design/Segments";
import { Card, Empty, Refusal, Waiting } from "../design/Surface";
import { RecordTable } from "../records/RecordTable";
import { usePages } from "../records/usePages";
import { useTexts } from "../texts";
import { NewQuote } from "./NewQuote";

const COLUMNS = ["number", "customer", "subject", "state", "date", "owner"];
const FIELDS = [...COLUMNS, "currency"];
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
  usePageTitle(texts.nav.quotes, texts.product);

  return (
    <>
      <PageHead title={texts.nav.quotes} note={records && !refusal && texts.list.shown(records.length, count)} actions={<Button look="main" icon="plus" onPress={() => setAdding(true)}>{texts.quote.add}</Button>} />
      <Card flush>
        <Segments<keyof typeof FILTERS>
          label={texts.nav.quotes}
          value={shown}
          onChange={setShown}
          options={{ all: texts.list.all, waiting: texts.list.states.waiting, open: texts.list.states.open, decided: texts.list.states.decided }}
        />
        {refusal ? (
          <div className="padded"><Refusal refusal={refusal} /></div>
        ) : !records ? (
          <Waiting rows={8} />
        ) : records.length === 0 ? (
          <Empty>{texts.list.emptyQuotes}</Empty>
        ) : (
          <RecordTable kind="quote" records={records} columns={COLUMNS} label={texts.nav.quotes} href={({ id }) => `/quotes/${id}`} order={order} onOrder={setOrder} />
        )}
      </Card>
      {more && !refusal && <div className="row"><Button onPress={more}>{texts.list.more}</Button></div>}
      <NewQuote open={isAdding} onClose={() => setAdding(false)} />
    </>
  );
}
