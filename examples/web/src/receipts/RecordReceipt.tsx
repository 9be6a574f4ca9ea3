import type { Id, PlanStepStatus } from "crm-engine";
import { useEffect, useState } from "react";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { useNotice } from "../design/Notices";
import { useKind } from "../engine/kinds";
import { useAction, useAnswer } from "../engine/session";
import { filled, RecordForm, type Values } from "../records/RecordForm";
import { Title } from "../records/Value";
import { useTexts } from "../texts";

/** Records money from a customer: for a step of a plan, for an order, or as it comes. */
export function RecordReceipt({
  open,
  onClose,
  customer,
  order,
  step,
}: {
  open: boolean;
  onClose(): void;
  customer: Id;
  order?: Id;
  step?: PlanStepStatus;
}) {
  const texts = useTexts();
  const kind = useKind("receipt");
  const say = useNotice();
  const { run, busy, refusal, dismiss } = useAction();
  const [values, setValues] = useState<Values>({});
  // Which day it is, is the engine's to say: the enterprise's, not the browser's.
  const { answer: balance } = useAnswer(async (session) => (open ? session.account.balance({ customer }) : null), [open, customer]);
  const today = balance?.as_of ?? null;
  useEffect(() => {
    if (open) setValues({ amount: step?.open_amount ?? null, date: today });
  }, [open, step, today]);
  const close = () => {
    dismiss();
    onClose();
  };
  const record = async () => {
    const { amount = "", ...rest } = filled(values);
    const receipt = await run(async (session) =>
      order && step
        ? (await session.plan.execute({ order, step: step.step, amount, ...rest })).receipt
        : (await session.receipt.record({ customer, order: order ?? null, amount, ...rest })).receipt,
    );
    if (!receipt) return;
    say(texts.receipt.recorded(receipt.number ?? ""));
    close();
  };
  return (
    <Dialog title={texts.receipt.add} open={open} onClose={close}>
      <form className="form" onSubmit={(event) => (event.preventDefault(), void record())}>
        <p className="soft">
          <strong>
            <Title kind="customer" id={customer} />
          </strong>
          <br />
          {step ? (
            texts.receipt.forStep(step.label)
          ) : order ? (
            <>
              {texts.receipt.forOrder} <Title kind="order" id={order} />
            </>
          ) : (
            texts.receipt.hint
          )}
        </p>
        <RecordForm
          fields={[
            { kind, name: "amount" },
            { kind, name: "date", required: false },
            { kind, name: "method" },
            { kind, name: "external_key" },
            { kind, name: "notes", wide: true },
          ]}
          values={values}
          onChange={setValues}
          refusal={refusal}
        />
        <div className="dialog-actions">
          <Button onPress={close}>{texts.form.cancel}</Button>
          <Button look="main" type="submit" isPending={busy}>
            {texts.receipt.record}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
