import { useEffect, useState } from "react";
import { usePageTitle, go } from "../app/router";
import { PageHead } from "../app/Shell";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { useNotice } from "../design/Notices";
import { Card, Empty, Waiting } from "../design/Surface";
import { useKind } from "../engine/kinds";
import { useAction, useSeat } from "../engine/session";
import { FilterBar } from "../records/FilterBar";
import { filled, RecordForm, type Values } from "../records/RecordForm";
import { RecordTable } from "../records/RecordTable";
import { usePages } from "../records/usePages";
import { useTexts } from "../texts";

const COLUMNS = ["name", "number", "state", "region", "city", "owner", "trading_since"];
const FIELDS = [...COLUMNS, "currency"];

export function Customers() {
  const texts = useTexts();
  const [filter, setFilter] = useState("");
  const [order, setOrder] = useState("number");
  const [isAdding, setAdding] = useState(false);
  const { records, count, refusal, more } = usePages("customer", { filter, order, fields: FIELDS });
  usePageTitle(texts.nav.customers, texts.product);
  const { examples } = texts.list;

  return (
    <>
      <PageHead
        title={texts.nav.customers}
        note={records && !refusal && texts.list.shown(records.length, count)}
        actions={
          <Button look="main" icon="plus" onPress={() => setAdding(true)}>
            {texts.customer.add}
          </Button>
        }
      />
      <Card flush>
        <FilterBar
          kind="customer"
          filter={filter}
          onFilter={setFilter}
          refusal={refusal}
          examples={[
            { label: examples.trading, filter: "state == 'trading'" },
            { label: examples.dealers, filter: "country == 'CN' && customer_class == 'dealer'" },
            { label: examples.shanghai, filter: "city in ['上海', '杭州']" },
            { label: examples.recent, filter: "daysBetween(trading_since, today) < 60" },
          ]}
        />
        {refusal ? null : !records ? (
          <Waiting rows={8} />
        ) : records.length === 0 ? (
          <Empty action={<Button onPress={() => setFilter("")}>{texts.list.clear}</Button>}>{texts.list.emptyCustomers}</Empty>
        ) : (
          <RecordTable
            kind="customer"
            records={records}
            columns={COLUMNS}
            label={texts.nav.customers}
            href={({ id }) => `/customers/${id}`}
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
