import { useState } from "react";
import { usePageTitle } from "../app/router";
import { PageHead } from "../app/Shell";
import { Button } from "../design/Button";
import { Segments } from "../design/Segments";
import { Card, Empty, Refusal, Waiting } from "../design/Surface";
import { RecordTable } from "../records/RecordTable";
import { usePages } from "../records/usePages";
import { useTexts } from "../texts";

const COLUMNS = ["number", "customer", "state", "date", "owner", "total"];
const FIELDS = [...COLUMNS, "currency"];
const FILTERS = {
  all: "",
  waiting: "state == 'submitted'",
  open: "state in ['draft', 'submitted', 'approved', 'held']",
  decided: "state in ['fulfilled', 'cancelled']",
};

export function Orders() {
  const texts = useTexts();
  const [shown, setShown] = useState<keyof typeof FILTERS>("all");
  const [order, setOrder] = useState("-number");
  const { records, count, refusal, more } = usePages("order", { filter: FILTERS[shown], order, fields: FIELDS });
  usePageTitle(texts.nav.orders, texts.product);
  return (
    <>
      <PageHead title={texts.nav.orders} note={records && !refusal && texts.list.shown(records.length, count)} />
      <Card flush>
        <Segments<keyof typeof FILTERS>
          label={texts.nav.orders}
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
          <Empty>{texts.list.emptyOrders}</Empty>
        ) : (
          <RecordTable
            kind="order"
            records={records}
            columns={COLUMNS}
            label={texts.nav.orders}
            href={({ id }) => `/orders/${id}`}
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
    </>
  );
}
