// The lines of a quote or an order. Of a draft, quantity and discount are typed in place; every price can be asked why.

import type { Decimal, Id, Json } from "crm-engine";
import { Fragment, useEffect, useId, useState } from "react";
import { Button as BaseButton } from "react-aria-components";
import { IconButton } from "../design/Button";
import { TextField } from "../design/Controls";
import { Icon } from "../design/Icon";
import { labelOf, useKind } from "../engine/kinds";
import { Amount, Title } from "../records/Value";
import { useTexts } from "../texts";
import { Derivation, type PriceDerivation } from "./Derivation";
import "./Lines.css";

export interface DocumentLine {
  line: number;
  product: Id;
  description: string | null;
  quantity: Decimal;
  unit: Id | null;
  unit_price: Decimal;
  discount_percent: Decimal;
  net: Decimal;
  tax_percent: Decimal;
  total: Decimal;
  derivation: Json;
  delivered?: Decimal;
}

export interface LineEdits {
  /** Gives whether it was taken. */
  change(line: number, values: { quantity?: string; discount_percent?: string }): Promise<boolean>;
  remove(line: number): Promise<boolean>;
}

export function Lines({
  kind: name,
  lines,
  currency,
  edits,
}: {
  kind: "quote_line" | "order_line";
  lines: DocumentLine[];
  currency: string;
  edits?: LineEdits;
}) {
  const texts = useTexts();
  const kind = useKind(name);
  const [shown, setShown] = useState<number>();
  const label = (field: string) => labelOf(kind, field);
  const delivers = name === "order_line";
  const columns = 6 + (delivers || edits ? 1 : 0);
  const id = useId();

  return (
    <table className="document lines">
      <caption className="visually-hidden">{texts.quote.lines}</caption>
      <thead>
        <tr>
          <th scope="col">{label("product")}</th>
          <th scope="col" className="number">
            {label("quantity")}
          </th>
          <th scope="col" className="number">
            {label("unit_price")}
          </th>
          <th scope="col" className="number percent">
            {label("discount_percent")}
          </th>
          <th scope="col" className="number percent">
            {label("tax_percent")}
          </th>
          <th scope="col" className="number">
            {label("net")}
          </th>
          {delivers && (
            <th scope="col" className="number">
              {label("delivered")}
            </th>
          )}
          {edits && (
            <th scope="col">
              <span className="visually-hidden">{texts.quote.remove("")}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          const title = line.description ?? texts.quote.line(line.line);
          const isShown = shown === line.line;
          return (
            <Fragment key={line.line}>
              <tr className={isShown ? "explained" : undefined}>
                <td data-area="product">{title}</td>
                <td data-area="quantity" className="number">
                  {edits ? (
                    <InPlace
                      label={`${label("quantity")}: ${title}`}
                      value={line.quantity}
                      onCommit={(quantity) => edits.change(line.line, { quantity })}
                    />
                  ) : (
                    <Amount value={line.quantity} />
                  )}
                  <span className="unit">
                    <Title kind="unit" id={line.unit} />
                  </span>
                </td>
                <td data-area="price" className="number">
                  <BaseButton
                    className="price"
                    aria-expanded={isShown}
                    aria-controls={isShown ? `${id}-${line.line}` : undefined}
                    aria-label={`${texts.quote.whyOf(title)}, ${line.unit_price}`}
                    onPress={() => setShown(isShown ? undefined : line.line)}
                  >
                    <Amount value={line.unit_price} />
                    <Icon name="why" size={15} />
                  </BaseButton>
                </td>
                <td
                  data-area="discount"
                  className="number"
                  data-label={label("discount_percent")}
                  data-zero={!edits && !/[1-9]/.test(line.discount_percent)}
                >
                  {edits ? (
                    <InPlace
                      label={`${label("discount_percent")}: ${title}`}
                      value={line.discount_percent}
                      onCommit={(discount_percent) => edits.change(line.line, { discount_percent })}
                    />
                  ) : (
                    <Amount value={line.discount_percent} />
                  )}
                </td>
                <td data-area="tax" className="number" data-label={label("tax_percent")}>
                  <Amount value={line.tax_percent} />
                </td>
                <td data-area="net" className="number">
                  <Amount value={line.net} />
                </td>
                {delivers && (
                  <td
                    data-area="delivered"
                    className="number"
                    data-label={label("delivered")}
                    data-zero={!/[1-9]/.test(line.delivered ?? "")}
                  >
                    <Amount value={line.delivered} />
                  </td>
                )}
                {edits && (
                  <td data-area="remove">
                    <IconButton icon="trash" label={texts.quote.remove(title)} onPress={() => void edits.remove(line.line)} />
                  </td>
                )}
              </tr>
              {isShown && (
                <tr className="explanation" id={`${id}-${line.line}`}>
                  <td colSpan={columns}>
                    <Derivation derivation={{ ...(line.derivation as unknown as PriceDerivation), currency }} />
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

/** A figure that is changed where it stands: taken with Enter or by leaving it; as it was, where that is refused. */
function InPlace({ label, value, onCommit }: { label: string; value: string; onCommit(value: string): Promise<boolean> }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = async () => {
    if (text.trim() !== value && !(await onCommit(text.trim()))) setText(value);
  };
  return <TextField label={label} hiddenLabel numeric value={text} onChange={setText} onCommit={() => void commit()} />;
}
