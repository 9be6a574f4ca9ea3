//! Taxes: which hold on a day, alone or several on one amount (CFG-06).
//!
//! A tax has rates over time, or it is made of other taxes that stand side by side on one amount, such as a federal and a
//! provincial one. A part may be of the taxes before it too. Each part is a tax of its own: it is rounded, shown and
//! reported by itself.

use super::{NO_TAX_RATE, TAX_PARTS, Tax};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::money::Money;
use crm_kernel::record::Record;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;

/// Decimals of a price of one.
const PRICE_SCALE: u8 = 6;
/// Decimals of a per cent that stands on a line.
const PERCENT_SCALE: u8 = 6;
/// Decimals that hold every product of two per cents.
const PRODUCT_SCALE: u8 = 16;

/// One tax on an amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaxOn {
    /// Which; none where only its rate is known.
    pub tax: Option<Ref<Tax>>,
    /// Its rate, per cent, from 0 on.
    pub percent: Dec,
    /// True where it is of the taxes before it too.
    pub on_taxes: bool,
}

/// The taxes on an amount, in their order: one in nearly all cases, of 0 per cent where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taxes {
    first: TaxOn,
    more: Vec<TaxOn>,
}

impl Taxes {
    /// A tax of a rate, per cent.
    pub fn one(tax: Option<Ref<Tax>>, percent: Dec) -> Taxes {
        Taxes { first: TaxOn { tax, percent, on_taxes: false }, more: Vec::new() }
    }

    /// A rate alone, per cent.
    pub fn rate(percent: Dec) -> Taxes {
        Taxes::one(None, percent)
    }

    /// Several side by side; none of them is no tax.
    pub fn several(parts: impl IntoIterator<Item = TaxOn>) -> Taxes {
        let mut parts = parts.into_iter();
        Taxes { first: parts.next().unwrap_or_default(), more: parts.collect() }
    }

    /// The taxes, at least one.
    pub fn iter(&self) -> impl Iterator<Item = &TaxOn> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// The only tax; none where there are several.
    pub fn single(&self) -> Option<&TaxOn> {
        self.more.is_empty().then_some(&self.first)
    }

    /// Per cent of the amount without taxes that each comes to, those of the taxes before it with it: exact. Errors:
    /// `value.out_of_range`.
    pub fn effective(&self) -> Result<Vec<Dec>> {
        let mut before = Dec::ZERO;
        let mut found = Vec::with_capacity(1 + self.more.len());
        for one in self.iter() {
            let effective = match one.on_taxes && !before.is_zero() {
                true => one.percent.mul_div(
                    Dec::HUNDRED.add(before)?,
                    Dec::HUNDRED,
                    PRODUCT_SCALE,
                    Rounding::HalfUp,
                )?,
                false => one.percent,
            };
            before = before.add(effective)?;
            found.push(effective);
        }
        Ok(found)
    }

    /// Per cent of the amount without taxes that all come to, at the six decimals that a line keeps; what they are
    /// calculated by is exact. Errors: `value.out_of_range`.
    pub fn percent(&self) -> Result<Dec> {
        match self.single() {
            Some(one) => Ok(one.percent),
            None => Ok(Dec::sum(self.effective()?)?.round(PERCENT_SCALE, Rounding::HalfUp).normalize()),
        }
    }

    /// A price that holds these taxes with others in it: the net price is the same, exactly, and what is answered is
    /// rounded half up to six decimals. Errors: `value.out_of_range`.
    pub fn map_price(&self, price: Dec, wanted: &Taxes) -> Result<Dec> {
        let parts = |taxes: &Taxes| Dec::HUNDRED.add(Dec::sum(taxes.effective()?)?).map_err(Error::from);
        Ok(price.mul_div(parts(wanted)?, parts(self)?, PRICE_SCALE, Rounding::HalfUp)?.normalize())
    }

    /// The taxes of a line, as it keeps them: the tax and its rate, and where that is made of several an object for each,
    /// with `tax`, `percent`, `on_taxes` and the `amount` that came of it. Errors: `internal.error`.
    pub fn read(tax: Option<Ref<Tax>>, percent: Dec, parts: Option<&SharedJson>) -> Result<Taxes> {
        let Some(parts) = parts.and_then(|parts| parts.tree().as_list()) else {
            return Ok(Taxes::one(tax, percent));
        };
        let part = |part: &Json| {
            let text = |name: &str| part.get(name).and_then(Json::as_text);
            Some(TaxOn {
                tax: text("tax").and_then(Id::parse).map(Ref::new),
                percent: Dec::parse(text("percent")?).ok()?,
                on_taxes: part.get("on_taxes") == Some(&Json::Bool(true)),
            })
        };
        let parts: Option<Vec<TaxOn>> = parts.iter().map(part).collect();
        Ok(Taxes::several(parts.ok_or_else(|| Error::internal("a part of a tax that is none"))?))
    }

    /// The parts as a line keeps them, each with its amount; nothing where there is one tax.
    pub fn write(&self, amounts: &[Dec], currency: Currency) -> Option<SharedJson> {
        if self.more.is_empty() { None } else { Some(self.told(amounts, currency)) }
    }

    /// All of them with their amounts, in the form of [`Taxes::write`].
    pub fn told(&self, amounts: &[Dec], currency: Currency) -> SharedJson {
        let amounts = amounts.iter().copied().chain(std::iter::repeat(Dec::ZERO));
        let told = self.iter().zip(amounts).map(|(one, amount)| {
            Json::object()
                .with("tax", one.tax.map_or(Json::Null, |tax| tax.to_string().into()))
                .with("percent", one.percent.to_string())
                .with("on_taxes", one.on_taxes)
                .with("amount", Money::new(amount, currency))
        });
        Json::from(told.collect::<Vec<Json>>()).into()
    }

    /// The amounts of the parts that a line keeps; none where it has one tax.
    pub fn amounts(parts: Option<&SharedJson>) -> Vec<Dec> {
        let parts = parts.and_then(|parts| parts.tree().as_list()).unwrap_or_default();
        let amount =
            |part: &Json| part.get("amount").and_then(Json::as_text).and_then(|one| Dec::parse(one).ok());
        parts.iter().map(|part| amount(part).unwrap_or_default()).collect()
    }
}

/// The taxes of a date, each read once.
pub struct TaxRates {
    date: Date,
    known: Vec<(Ref<Tax>, Taxes)>,
}

impl TaxRates {
    /// Those of a date.
    pub fn new(date: Date) -> TaxRates {
        TaxRates { date, known: Vec::new() }
    }

    /// What holds of a tax, as [`taxes_of`]; no tax is one of 0 per cent.
    pub fn of(&mut self, work: &mut Work<'_>, tax: Option<Ref<Tax>>) -> Result<Taxes> {
        let Some(tax) = tax else { return Ok(Taxes::default()) };
        if let Some((_, taxes)) = self.known.iter().find(|(known, _)| *known == tax) {
            return Ok(taxes.clone());
        }
        let taxes = taxes_of(work, tax, self.date)?;
        self.known.push((tax, taxes.clone()));
        Ok(taxes)
    }
}

/// What a tax comes to on a date: itself at its latest rate on or before it, or the taxes that it is made of at theirs.
/// Errors: `tax.no_rate` with the tax and the date.
pub fn taxes_of(work: &mut Work<'_>, tax: Ref<Tax>, date: Date) -> Result<Taxes> {
    let found = work.once(Tax::NO, &tax.to_string(), |work| work.find(tax))?;
    if found.parts.is_empty() {
        return Ok(Taxes::one(Some(tax), percent_of(&found, date)?));
    }
    let mut parts = Vec::with_capacity(found.parts.len());
    for part in &found.parts {
        let of = work.once(Tax::NO, &part.component.to_string(), |work| work.find(part.component))?;
        parts.push(TaxOn {
            tax: Some(part.component),
            percent: percent_of(&of, date)?,
            on_taxes: part.on_taxes,
        });
    }
    Ok(Taxes::several(parts))
}

fn percent_of(tax: &Tax, date: Date) -> Result<Dec> {
    let past = tax.rates.iter().filter(|rate| rate.valid_from <= date);
    let latest = past.max_by_key(|rate| rate.valid_from);
    let missing = || NO_TAX_RATE.error().with("tax", tax.code.clone()).with("date", date.to_string());
    latest.map(|rate| rate.percent).ok_or_else(missing)
}

/// A tax has one rate a day, none below zero; or it is made of others that have rates, and then has none of its own.
pub(super) fn check_tax(work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let tax = Tax::from_row(new)?;
    for (at, rate) in tax.rates.iter().enumerate() {
        if rate.percent.is_negative() {
            return Err(Code::OUT_OF_RANGE
                .at(format!("/rates/{at}/percent"))
                .with("value", rate.percent.to_string()));
        }
        if tax.rates.iter().take(at).any(|other| other.valid_from == rate.valid_from) {
            return Err(Code::DUPLICATE.at(format!("/rates/{at}/valid_from")).with("fields", "valid_from"));
        }
    }
    match tax.parts.len() {
        0 => return Ok(()),
        1 => return Err(TAX_PARTS.at("/parts").coded("fault", "word", "one_part")),
        _ => {}
    }
    let refused = |path: String, fault: &'static str| TAX_PARTS.at(path).coded("fault", "word", fault);
    if !tax.rates.is_empty() {
        return Err(refused("/rates".to_owned(), "own_rates"));
    }
    let me = Id::new(new.id);
    for (at, part) in tax.parts.iter().enumerate() {
        let path = format!("/parts/{at}/component");
        if tax.parts.iter().take(at).any(|other| other.component == part.component) {
            return Err(Code::DUPLICATE.at(path).with("fields", "component"));
        }
        let made_of_others = match work.row(Tax::NO, part.component.id().number())? {
            Some(row) => !Tax::from_row(&row)?.parts.is_empty(),
            None => false,
        };
        if made_of_others || me == Some(part.component.id()) {
            return Err(refused(path, "nested"));
        }
    }
    // Others that are made of it would then be made of parts that have parts.
    let names = [("$me", Ty::Ref(Tax::NO), me.map_or(Value::Null, Value::Ref))];
    let above = work.system(|work| work.only::<Tax>("parts.exists(p, p.component == $me)", &names));
    match above? {
        Some(_) => Err(refused("/parts".to_owned(), "nested")),
        None => Ok(()),
    }
}
