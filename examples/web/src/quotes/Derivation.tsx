// Why a price is what it is: the steps from the list price to it, and every rule that was looked at. All of it is the engine's
// derivation, kept on the line; nothing is reckoned here.

import { Icon } from "../design/Icon";
import { optionOf, useKind } from "../engine/kinds";
import { Amount, Title } from "../records/Value";
import { useTexts } from "../texts";
import "./Derivation.css";

interface Considered {
  rule: string;
  code: string;
  taken: boolean;
  reason?: string;
  by?: string;
}

interface Tier {
  bound: string | null;
  value: string;
}

type Effect =
  | { stage: "list"; currency: string; price: string }
  | { stage: "conversion"; currency: string; rate: string; price: string }
  | {
      stage: "rule";
      rule: string;
      code: string;
      method: string;
      value?: string;
      bounds?: string;
      tiers?: Tier[];
      share: string;
      price: string;
    }
  | { stage: "manual"; share: string; price: string; by: string; reason: string };

/** As `price.get` and the lines of quotes and orders hold it. */
export interface PriceDerivation {
  date: string;
  currency: string;
  quantity: string;
  rules: Considered[];
  effects: Effect[];
  rounding: { exact: string; decimals: number }[];
  unit_price: string;
}

export function Derivation({ derivation }: { derivation: PriceDerivation }) {
  const texts = useTexts().price;
  const { rules, effects, rounding } = derivation;
  return (
    <div className="derivation">
      <p className="soft small">{texts.date(derivation.date, derivation.quantity)}</p>
      <ol className="ladder">
        {effects.map((effect, at) => (
          <Step key={at} effect={effect} />
        ))}
        <li className="result">
          <span className="step-name">{texts.result}</span>
          <Amount value={derivation.unit_price} currency={derivation.currency} />
        </li>
      </ol>
      {rounding.map(({ exact, decimals }) => (
        <p key={exact} className="soft small">
          {texts.rounded(exact, decimals)}
        </p>
      ))}
      {rules.length === 0 ? (
        <p className="soft small">{texts.noRules}</p>
      ) : (
        <>
          <h3>{texts.considered}</h3>
          <ul className="considered">
            {rules.map((rule) => (
              <li key={rule.rule} className={rule.taken ? "taken" : undefined}>
                <span className="considered-mark">{rule.taken ? <Icon name="check" size={15} /> : "–"}</span>
                <span>
                  <Title kind="price_rule" id={rule.rule} /> <code>{rule.code}</code>
                </span>
                <span className="soft small">
                  {rule.taken
                    ? texts.taken
                    : rule.reason === "beaten"
                      ? texts.beaten[rule.by ?? ""]
                      : texts.reasons[rule.reason ?? ""]}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Step({ effect }: { effect: Effect }) {
  const texts = useTexts().price;
  const rule = useKind("price_rule");
  switch (effect.stage) {
    case "list":
      return (
        <li>
          <span className="step-name">{texts.list}</span>
          <Amount value={effect.price} currency={effect.currency} />
        </li>
      );
    case "conversion":
      return (
        <li>
          <span className="step-name">
            {texts.conversion}
            <span className="soft small">{texts.rate(effect.rate)}</span>
          </span>
          <Amount value={effect.price} currency={effect.currency} />
        </li>
      );
    case "manual":
      return (
        <li>
          <span className="step-name">
            {texts.manual}
            <span className="soft small">
              <Title kind="employee" id={effect.by} /> · {effect.reason}
            </span>
          </span>
          <Share value={effect.share} />
        </li>
      );
    case "rule":
      return (
        <li>
          <span className="step-name">
            <span>
              <Title kind="price_rule" id={effect.rule} />
            </span>
            <span className="soft small">
              {optionOf(rule, "method", effect.method)}
              {effect.value && (
                <>
                  {" "}
                  · <Amount value={effect.value} />
                </>
              )}
              {effect.tiers?.map((tier, at) => (
                <span key={at} className="tier">
                  {tier.bound === null
                    ? texts.tierOpen(tier.value)
                    : (effect.bounds === "up_to" ? texts.tierUpTo : texts.tier)(tier.bound, tier.value)}
                </span>
              ))}
            </span>
          </span>
          <Share value={effect.share} />
        </li>
      );
  }
}

/** What a step has added to the price or taken from it. */
function Share({ value }: { value: string }) {
  return (
    <span className={value.startsWith("-") ? "share less" : "share"}>
      {!value.startsWith("-") && "+"}
      <Amount value={value} />
    </span>
  );
}
