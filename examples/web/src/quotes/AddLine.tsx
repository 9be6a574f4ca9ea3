import type { CrmError, Id } from "crm-engine";
import { useState } from "react";
import { Button } from "../design/Button";
import { TextField } from "../design/Controls";
import { labelOf, useKind } from "../engine/kinds";
import { useAnswer } from "../engine/session";
import { ReferenceControl } from "../records/RecordForm";
import { Amount } from "../records/Value";
import { useTexts } from "../texts";

/** Adds a product to a draft; what it would cost this customer is shown before. */
export function AddLine({
  customer,
  date,
  currency,
  busy,
  onAdd,
}: {
  customer: Id;
  date: string;
  currency: string;
  busy: boolean;
  onAdd(product: Id, quantity: string): Promise<boolean>;
}) {
  const texts = useTexts();
  const line = useKind("quote_line");
  const [product, setProduct] = useState<Id | null>(null);
  const [quantity, setQuantity] = useState("1");
  const { answer: price, refusal } = useAnswer(
    async (session) =>
      product && quantity.trim() ? session.price.get({ product, quantity: quantity.trim(), customer, date, currency }) : null,
    [product, quantity, customer, date, currency],
  );
  const add = async () => {
    if (!product || !(await onAdd(product, quantity.trim()))) return;
    setProduct(null);
    setQuantity("1");
  };
  return (
    <form className="add-line" aria-label={texts.quote.addLine} onSubmit={(event) => (event.preventDefault(), void add())}>
      <div className="add-product">
        <ReferenceControl
          label={labelOf(line, "product")}
          kind="product"
          filter="state == 'active'"
          value={product}
          onChange={setProduct}
          fields={["code"]}
          note={({ code }) => String(code)}
        />
      </div>
      <TextField label={labelOf(line, "quantity")} numeric value={quantity} onChange={setQuantity} />
      <output className="preview" aria-live="polite">
        <Preview refusal={product ? refusal : undefined}>
          {product && price && (
            <>
              <span className="soft small">
                {texts.quote.price} <Amount value={price.unit_price} />
              </span>
              <Amount value={price.amount} currency={price.currency} />
            </>
          )}
        </Preview>
      </output>
      <Button type="submit" icon="plus" isDisabled={!product} isPending={busy}>
        {texts.quote.add1}
      </Button>
    </form>
  );
}

function Preview({ refusal, children }: { refusal?: CrmError; children: React.ReactNode }) {
  return refusal ? <span className="field-error">{refusal.message}</span> : <>{children}</>;
}
