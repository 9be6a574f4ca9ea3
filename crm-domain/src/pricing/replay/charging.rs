//! What lines of the history come to by a tariff.

use crate::pricing::effects::{DocumentHit, exclude_effects, grouped};
use crate::pricing::error::{AMBIGUOUS, LIST_NOT_OPEN, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, UNIT};
use crate::pricing::line::{allocation, unit_cost};
use crate::pricing::price::{Item, Terms, prices_by};
use crate::pricing::tariff::Tariff;
use crate::pricing::totals::{DocumentInput, LineInput, document};
use crate::pricing::unit_price::UnitPrice;
use crate::settings::{self, NO_CONVERSION, NO_RATE, Taxes};
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::work::Work;

/// A line by one of the rule sets; why there is none where there is no single price.
pub(super) type Side = std::result::Result<Charged, Error>;

/// What a line is charged by one of the rule sets.
pub(super) struct Charged {
    pub unit_price: UnitPrice,
    /// After what rules take off the document, in the currency of the enterprise.
    pub revenue: Dec,
    /// What the goods cost that come with it for nothing; none where nobody knows.
    pub free: Option<Dec>,
    /// Whether a rule made the price.
    pub made: bool,
    /// The rules that took effect, and what each changed the revenue by.
    pub effects: Vec<(i64, String, Dec)>,
    pub derivation: SharedJson,
}

/// What the lines of a document are charged, or why those without a single price have none. Errors: those of reading.
pub(super) fn charged(
    work: &mut Work<'_>,
    terms: &Terms,
    items: &[Item],
    tariff: &Tariff,
    base: Currency,
) -> Result<Vec<Side>> {
    let refused = |error: Error| items.iter().map(|_| Err(error.clone())).collect::<Vec<Side>>();
    let priced = match single(prices_by(work, tariff, terms, items))? {
        Ok(priced) => priced,
        Err(error) => return Ok(refused(error)),
    };
    let rate = match single(settings::exact_rate(work, terms.currency, base, terms.date))? {
        Ok(rate) => rate,
        Err(error) => return Ok(refused(error)),
    };
    let in_base = |amount: Dec| -> Result<Dec> { rate.times(amount, 4, Rounding::HalfUp) };
    let mut all: Vec<Side> = Vec::with_capacity(items.len());
    let (mut places, mut found, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for (at, priced) in priced.into_iter().enumerate() {
        let (priced, derivation) = match single(priced)? {
            Ok(priced) => priced,
            Err(error) => {
                all.push(Err(error));
                continue;
            }
        };
        // Until its place in the document is known.
        all.push(Err(NO_PRICE.error()));
        lines.push(LineInput {
            quantity: priced.charged,
            unit_price: priced.exact,
            discount_percent: Dec::ZERO,
            taxes: Taxes::default(),
        });
        places.push(at);
        found.push((priced, derivation));
    }
    let mut input =
        DocumentInput { lines, ..DocumentInput::of(terms.currency, tariff.policy, allocation(work)?) };
    let mut hits: Vec<Vec<DocumentHit>> = found.iter().map(|(priced, _)| priced.document.clone()).collect();
    let chosen = exclude_effects(&tariff.rules, &tariff.groups, &input, &mut hits, |_| false)
        .and_then(|()| grouped(hits.iter().map(Vec::as_slice)));
    let (effects, hits) = match single(chosen)? {
        Ok(grouped) => grouped,
        Err(error) => return Ok(refused(error)),
    };
    input.effects = effects;
    let totals = document(&input)?;
    for (line, ((at, (priced, derivation)), amounts)) in
        places.into_iter().zip(found).zip(&totals.lines).enumerate()
    {
        let mut effects = Vec::new();
        for (rule, code, share) in shares(&derivation) {
            let share = share.times(priced.charged, Dec::ZERO, 12, Rounding::HalfUp)?;
            effects.push((rule, code, in_base(share)?));
        }
        for (hit, shares) in hits.iter().zip(&totals.effects) {
            if let Some(share) = shares.get(line).filter(|share| !share.is_zero()) {
                effects.push((hit.rule.id().number(), hit.code.clone(), in_base(share.neg())?));
            }
        }
        let mut free = Some(Dec::ZERO);
        for one in &priced.free {
            effects.push((
                one.rule.id().number(),
                tariff.rules.code(one.rule.id().number()).to_owned(),
                Dec::ZERO,
            ));
            if one.included.is_none() {
                let product = work.find(one.product)?;
                let given = Item::of(product, one.free, one.unit);
                let cost = cost(work, &given, &Terms { currency: base, ..terms.clone() })?;
                free = free.zip(cost).map(|(free, cost)| free.add(cost)).transpose()?;
            }
        }
        let revenue = in_base(amounts.net.sub(amounts.document_discount)?)?;
        let made = priced.rule.is_some();
        if let Some(slot) = all.get_mut(at) {
            *slot = Ok(Charged { unit_price: priced.exact, revenue, free, made, effects, derivation });
        }
    }
    Ok(all)
}

/// The rules on the way to a price, with what each changed one unit by.
pub(super) fn shares(derivation: &SharedJson) -> Vec<(i64, String, UnitPrice)> {
    let effects = derivation.tree().get("effects").and_then(Json::as_list).unwrap_or_default();
    let share = |effect: &Json| {
        let text = |name: &str| effect.get(name).and_then(Json::as_text);
        let rule = text("rule")?.parse().ok()?;
        Some((rule, text("code")?.to_owned(), UnitPrice::of_line(Dec::ZERO, Some(text("share")?)).ok()?))
    };
    effects.iter().filter_map(share).collect()
}

/// What goods cost the enterprise, in the currency of the terms; none where nobody knows.
pub(super) fn cost(work: &mut Work<'_>, item: &Item, terms: &Terms) -> Result<Option<Dec>> {
    let cost = unit_cost(work, &item.product, item.unit, terms)?;
    Ok(cost.map(|cost| cost.mul(item.quantity)).transpose()?)
}

/// How many of its own unit an item is; none where that cannot be said.
pub(super) fn own_quantity(work: &mut Work<'_>, item: &Item) -> Result<Option<Dec>> {
    match (item.unit, item.product.unit) {
        (Some(unit), Some(own)) => match settings::convert_quantity(work, item.quantity, unit, own) {
            Ok(quantity) => Ok(Some(quantity)),
            Err(error) if error.code() == NO_CONVERSION => Ok(None),
            Err(error) => Err(error),
        },
        (Some(_), None) => Ok(None),
        (None, _) => Ok(Some(item.quantity)),
    }
}

/// A price, or why there is no single one.
pub(super) fn single<T>(priced: Result<T>) -> Result<std::result::Result<T, Error>> {
    const NOTHING: [Code; 7] =
        [AMBIGUOUS, NO_PRICE, NEGATIVE_PRICE, NO_QUANTITY, UNIT, NO_RATE, LIST_NOT_OPEN];
    match priced {
        Ok(priced) => Ok(Ok(priced)),
        Err(error) if NOTHING.contains(&error.code()) => Ok(Err(error)),
        Err(error) => Err(error),
    }
}
