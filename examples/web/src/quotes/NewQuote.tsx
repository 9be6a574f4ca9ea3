import type { Id } from "crm-engine";
import { useEffect, useState } from "react";
import { go } from "../app/router";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { useNotice } from "../design/Notices";
import { useKind } from "../engine/kinds";
import { useAction } from "../engine/session";
import { filled, RecordForm, type Values } from "../records/RecordForm";
import { useTexts } from "../texts";

/** Begins a quote: to whom, about what, until when. Its lines follow on its page. */
export function NewQuote({ open, onClose, customer }: { open: boolean; onClose(): void; customer?: Id }) {
  const texts = useTexts();
  const quote = useKind("quote");
  const version = useKind("quote_version");
  const say = useNotice();
  const { run, busy, refusal, dismiss } = useAction();
  const [values, setValues] = useState<Values>({});
  useEffect(() => {
    if (open) setValues(customer ? { customer } : {});
  }, [open, customer]);
  const close = () => {
    dismiss();
    onClose();
  };
  const create = async () => {
    const made = await run((session) => session.quote.create({ customer: "", ...filled(values) }));
    if (!made) return;
    say(texts.quote.created(made.quote.number ?? ""));
    close();
    go(`/quotes/${made.quote.id}`);
  };
  return (
    <Dialog title={texts.quote.add} open={open} onClose={close}>
      <form className="form" onSubmit={(event) => (event.preventDefault(), void create())}>
        <RecordForm
          fields={[
            { kind: quote, name: "customer", wide: true },
            { kind: quote, name: "subject", wide: true },
            { kind: version, name: "valid_until", required: false },
            { kind: version, name: "payment_term" },
          ]}
          values={values}
          onChange={setValues}
          refusal={refusal}
        />
        <div className="dialog-actions">
          <Button onPress={close}>{texts.form.cancel}</Button>
          <Button look="main" type="submit" isPending={busy}>
            {texts.quote.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
