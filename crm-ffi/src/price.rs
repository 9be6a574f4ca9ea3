//! Many prices in one call: `price.amount` without JSON.

use crate::call::{entry, told};
use crate::error::{crm_class, crm_error};
use crate::handles::{self, crm_session};
use crm_domain::pricing::{PriceAmount, PriceAmountAnswer, PriceGet};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::{Id, Ref};
use std::ffi::c_char;

/// An exact decimal: `mantissa` divided by ten as often as `scale` says, at most 18 times.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(non_camel_case_types)] // the name in C
pub struct crm_decimal {
    /// The digits.
    pub mantissa: i64,
    /// How many of them are decimals.
    pub scale: u8,
}

/// What a price is asked for. Zero everywhere but in `product` and `quantity` is what `price.amount` does by itself.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[allow(non_camel_case_types)] // the name in C
pub struct crm_price_line {
    /// The product.
    pub product: u64,
    /// How many, in `unit`.
    pub quantity: crm_decimal,
    /// The unit; 0 for the product's.
    pub unit: u64,
    /// Who buys; 0 for anybody.
    pub customer: u64,
    /// Who sells; 0 for the actor.
    pub seller: u64,
    /// The price list; 0 for whatever lists hold for everybody.
    pub list: u64,
    /// The pricing date in days since 1970-01-01; 0 for today.
    pub date: i32,
    /// The currency, three capital letters and NUL; empty for the price list's, else the customer's, else the enterprise's.
    pub currency: [c_char; 4],
}

/// A price, or why there is none.
#[repr(C)]
#[derive(Debug)]
#[allow(non_camel_case_types)] // the name in C
pub struct crm_price {
    /// Why there is no price; class `CRM_CLASS_OK` where there is one. Free it by `crm_error_free`.
    pub error: crm_error,
    /// The price of one.
    pub unit_price: crm_decimal,
    /// What the quantity costs, posted.
    pub amount: crm_decimal,
    /// The product's list price in the same currency, where `has_list_price`.
    pub list_price: crm_decimal,
    /// Whether there is a list price.
    pub has_list_price: bool,
    /// The currency of the amounts, with NUL.
    pub currency: [c_char; 4],
    /// The pricing date in days since 1970-01-01.
    pub date: i32,
    /// The rule that makes the price; 0 where the list price holds.
    pub rule: u64,
}

impl crm_price {
    const NONE: crm_price = crm_price {
        error: crm_error::NONE,
        unit_price: crm_decimal { mantissa: 0, scale: 0 },
        amount: crm_decimal { mantissa: 0, scale: 0 },
        list_price: crm_decimal { mantissa: 0, scale: 0 },
        has_list_price: false,
        currency: [0; 4],
        date: 0,
        rule: 0,
    };
}

/// Prices many lines at one moment: for each what `price.amount` gives.
///
/// `lines`, `count`: what is asked. `prices`: receives so many prices; a line that is refused has its error and refuses none
/// of the others. `error`: receives why nothing could be priced; may be NULL.
/// Errors: `handle.invalid`, `request.invalid_text`, `permission.forbidden`, `permission.no_actor`, `store.interrupted`; for a line
/// those of `price.amount`.
///
/// # Safety
/// `lines` points to `count` lines and `prices` to room for as many; what was there is overwritten, not freed. `error` is NULL
/// or points to its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_price_lines(
    session: crm_session,
    lines: *const crm_price_line,
    count: usize,
    prices: *mut crm_price,
    error: *mut crm_error,
) -> crm_class {
    let price = || -> Result<()> {
        let (session, _user) = handles::session(session)?;
        if count == 0 {
            return Ok(());
        }
        if lines.is_null() || prices.is_null() {
            return Err(Error::argument(if lines.is_null() { "lines" } else { "prices" }, "null"));
        }
        let bytes = size_of::<crm_price>().checked_mul(count).and_then(|bytes| isize::try_from(bytes).ok());
        bytes.ok_or_else(|| Error::argument("count", "too_long"))?;
        for at in 0..count {
            // SAFETY: room for so many, by the caller's promise.
            unsafe { prices.add(at).write(crm_price::NONE) };
        }
        // SAFETY: so many lines, by the caller's promise.
        let lines = unsafe { std::slice::from_raw_parts(lines, count) };
        let asked: Vec<Result<PriceAmount>> = lines.iter().map(question).collect();
        let good: Vec<PriceAmount> = asked.iter().filter_map(|line| line.as_ref().ok().cloned()).collect();
        let mut answers = session.call_each(&good)?.into_iter();
        for (at, line) in asked.into_iter().enumerate() {
            let answer = line.and_then(|_| answers.next().unwrap_or_else(|| Err(Code::INTERNAL.error())));
            let price = answer.and_then(|answer| priced(&answer)).unwrap_or_else(|refused| crm_price {
                error: told(session.current_language(), &refused),
                ..crm_price::NONE
            });
            // SAFETY: as above.
            unsafe { prices.add(at).write(price) };
        }
        Ok(())
    };
    // SAFETY: as promised by the caller; what is given is written above.
    unsafe { entry(std::ptr::null_mut(), (), error, price) }
}

/// Errors: `field.malformed`, `field.unknown_currency`, `value.out_of_range`, each with its path in the request of `price.amount`.
fn question(line: &crm_price_line) -> Result<PriceAmount> {
    let asked = PriceGet {
        product: reference(line.product, "/product")?.ok_or_else(|| Code::MALFORMED.at("/product"))?,
        quantity: Dec::new(line.quantity.mantissa.into(), line.quantity.scale)
            .ok()
            .filter(|quantity| quantity.fits(18, 6))
            .ok_or_else(|| Code::OUT_OF_RANGE.at("/quantity"))?,
        unit: reference(line.unit, "/unit")?,
        customer: reference(line.customer, "/customer")?,
        seller: reference(line.seller, "/seller")?,
        list: reference(line.list, "/list")?,
        date: match line.date {
            0 => None,
            days => Some(Date::from_days(days.into()).ok_or_else(|| Code::OUT_OF_RANGE.at("/date"))?),
        },
        currency: match line.currency.map(c_char::cast_unsigned) {
            [0, ..] => None,
            [code @ .., _] => {
                let code = std::str::from_utf8(&code).ok().and_then(|code| Currency::parse(code).ok());
                Some(code.ok_or_else(|| Code::UNKNOWN_CURRENCY.at("/currency"))?)
            }
        },
    };
    Ok(PriceAmount { asked })
}

fn reference<T>(id: u64, path: &'static str) -> Result<Option<Ref<T>>> {
    let known = || i64::try_from(id).ok().and_then(Id::new).ok_or_else(|| Code::MALFORMED.at(path));
    (id != 0).then(|| known().map(Ref::new)).transpose()
}

/// Errors: `value.out_of_range` for an amount of more than 18 digits, which no field holds.
fn priced(answer: &PriceAmountAnswer) -> Result<crm_price> {
    let mut currency = [0; 4];
    for (to, from) in currency.iter_mut().zip(answer.currency.code().bytes().take(3)) {
        *to = from.cast_signed() as c_char;
    }
    Ok(crm_price {
        error: crm_error::NONE,
        unit_price: decimal(answer.unit_price)?,
        amount: decimal(answer.amount)?,
        list_price: answer.list_price.map_or(Ok(crm_decimal::default()), decimal)?,
        has_list_price: answer.list_price.is_some(),
        currency,
        date: i32::try_from(answer.date.days_since_epoch()).map_err(|_| Code::OUT_OF_RANGE.error())?,
        rule: answer.rule.map_or(0, |rule| rule.id().number().unsigned_abs()),
    })
}

fn decimal(value: Dec) -> Result<crm_decimal> {
    let mantissa = i64::try_from(value.mantissa()).map_err(|_| Code::OUT_OF_RANGE.error())?;
    Ok(crm_decimal { mantissa, scale: value.scale() })
}
