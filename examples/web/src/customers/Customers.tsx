import { useEffect, useState } from "react";
import { usePageTitle, go } from "../app/router";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { useNotice } from "../design/Notices";
import { Empty } from "../design/Surface";
import { useKind } from "../engine/kinds";
import { useAction, useSeat } from "../engine/session";
import { FilterBar } from "../records/FilterBar";
import { filled, RecordForm, type Values } from "../records/RecordForm";
import { RecordList } from "../records/RecordList";
import { usePages } from "../records/usePages";
import { useTexts } from "../texts";

const COLUMNS = ["name", "number", "state", "region", "city", "owner", "trading_since"];
const FIELDS = [...COLUMNS, "currency"];

export function Customers() {
  const texts = useTexts();
  const [filter, setFilter] = useState("");
  const [order, setOrder] = useState("number");
  const [isAdding, setAdding] = useState(false);
  const pages = usePages("customer", { filter, order, fields: FIELDS });
  usePageTitle(texts.nav.customers, texts.product);
  const { examples } = texts.list;

  return (
    <>
      <RecordList
        title={texts.nav.customers}
        actions={
          <Button look="main" icon="plus" onPress={() => setAdding(true)}>
            {texts.customer.add}
          </Button>
        }
        narrow={
          <FilterBar
            kind="customer"
            filter={filter}
            onFilter={setFilter}
            refusal={pages.refusal}
            examples={[
              { label: examples.trading, filter: "state == 'trading'" },
              { label: examples.dealers, filter: "country == 'CN' && customer_class == 'dealer'" },
              { label: examples.shanghai, filter: "city in ['上海', '杭州']" },
              { label: examples.recent, filter: "daysBetween(trading_since, today) < 60" },
            ]}
          />
        }
        pages={pages}
        refused={null}
        empty={<Empty action={<Button onPress={() => setFilter("")}>{texts.list.clear}</Button>}>{texts.list.emptyCustomers}</Empty>}
        kind="customer"
        columns={COLUMNS}
        href={({ id }) => `/customers/${id}`}
        order={order}
        onOrder={setOrder}
      />
      <NewCustomer open={isAdding} onClose={() => setAdding(false)} />
    </>
  );
}

const NEW = ["name", "customer_type", "customer_class", "region", "country", "city", "phone", "email", "payment_term", "owner"];

function NewCustomer({ open, onClose }: { open: boolean; onClose(): void }) {
  const texts = useTexts();
  const kind = useKind("customer");
  const say = useNotice();
  const { run, busy, refusal, dismiss } = useAction();
  const { person } = useSeat();
  const [values, setValues] = useState<Values>({});
  // Who adds a customer looks after it, unless another is named.
  useEffect(() => setValues({ owner: person.id }), [open, person]);
  const close = () => {
    dismiss();
    onClose();
  };
  const save = async () => {
    const made = await run((session) => session.record.create({ kind: "customer", values: filled(values) }));
    if (!made) return;
    say(texts.customer.created(made.record.name));
    close();
    go(`/customers/${made.record.id}`);
  };
  return (
    <Dialog title={texts.customer.add} open={open} onClose={close}>
      <form className="form" onSubmit={(event) => (event.preventDefault(), void save())}>
        <RecordForm
          fields={NEW.map((name) => ({ kind, name, wide: name === "name" }))}
          values={values}
          onChange={setValues}
          refusal={refusal}
        />
        <div className="dialog-actions">
          <Button onPress={close}>{texts.form.cancel}</Button>
          <Button look="main" type="submit" isPending={busy}>
            {texts.form.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
