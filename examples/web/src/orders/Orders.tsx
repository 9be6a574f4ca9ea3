import { useState } from "react";
import { usePageTitle } from "../app/router";
import { Empty } from "../design/Surface";
import { RecordList } from "../records/RecordList";
import { StateTabs, type StateFilters } from "../records/StateTabs";
import { usePages } from "../records/usePages";
import { useTexts } from "../texts";

const COLUMNS = ["number", "customer", "state", "date", "owner", "total"];
const FIELDS = [...COLUMNS, "currency"];
const FILTERS: StateFilters = {
  all: "",
  waiting: "state == 'submitted'",
  open: "state in ['draft', 'submitted', 'approved', 'held']",
  decided: "state in ['fulfilled', 'cancelled']",
};

export function Orders() {
  const texts = useTexts();
  const [shown, setShown] = useState<keyof StateFilters>("all");
  const [order, setOrder] = useState("-number");
  const pages = usePages("order", { filter: FILTERS[shown], order, fields: FIELDS });
  usePageTitle(texts.nav.orders, texts.product);
  return (
    <RecordList
      title={texts.nav.orders}
      narrow={<StateTabs label={texts.nav.orders} value={shown} onChange={setShown} />}
      pages={pages}
      empty={<Empty>{texts.list.emptyOrders}</Empty>}
      kind="order"
      columns={COLUMNS}
      href={({ id }) => `/orders/${id}`}
      order={order}
      onOrder={setOrder}
    />
  );
}
