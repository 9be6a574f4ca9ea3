//! The enterprise: what every document asks of it, and how its policies change.

use super::{ALREADY_SET_UP, CURRENCY_IN_USE, Enterprise, NOT_SET_UP, Rounding, UNKNOWN_ZONE};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::error::{Code, Result};
use crm_kernel::json::SharedJson;
use crm_kernel::money::RoundingPolicy;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::{Choice as _, FieldType, Record as _, Role, Whole};
use crm_kernel::value::Row;
use crm_kernel::work::{Stored, Work};
use crm_kernel::zone::Zone;

/// The enterprise. Errors: `enterprise.not_set_up`.
pub fn enterprise(work: &mut Work<'_>) -> Result<Stored<Enterprise>> {
    let found = work.once(Enterprise::NO, "", |work| work.only::<Enterprise>("true", &[]))?;
    found.ok_or_else(|| NOT_SET_UP.error())
}

/// How the enterprise rounds posted amounts. Errors: `enterprise.not_set_up`.
pub fn policy(work: &mut Work<'_>) -> Result<RoundingPolicy> {
    Ok(enterprise(work)?.rounding.into())
}

impl From<Rounding> for RoundingPolicy {
    fn from(rounding: Rounding) -> RoundingPolicy {
        match rounding {
            Rounding::HalfUp => RoundingPolicy::HalfUp,
            Rounding::HalfEven => RoundingPolicy::HalfEven,
            Rounding::Exact => RoundingPolicy::Exact,
        }
    }
}

/// The code of a policy in what the head of a document keeps.
pub fn rounding_code(policy: RoundingPolicy) -> &'static str {
    match policy {
        RoundingPolicy::HalfUp => Rounding::HalfUp,
        RoundingPolicy::HalfEven => Rounding::HalfEven,
        RoundingPolicy::Exact => Rounding::Exact,
    }
    .code()
}

/// How the amounts of a document are posted by what its head keeps in the field `KEPT_POLICY`; none where it keeps none.
pub fn kept_rounding(kept: Option<&SharedJson>) -> Option<RoundingPolicy> {
    let code = kept?.tree().get("rounding")?.as_text()?;
    Some(Rounding::from_code(code)?.into())
}

/// The field in which heads of documents keep the policy that they were made with.
pub(super) const KEPT_POLICY: &str = "policy";

/// Changes the policies of the enterprise: how amounts of new documents are rounded, and, as long as no record holds an
/// amount, the currency of its books.
#[derive(Clone, Debug, Record)]
#[record(name = "enterprise_set_policy")]
pub struct SetPolicy {
    /// How posted amounts are rounded. Amounts that stand stay as they are.
    pub rounding: Option<Rounding>,
    /// The currency of the books.
    pub base_currency: Option<Currency>,
    /// The version that the caller read.
    pub version: Option<i64>,
}

/// The enterprise after its policies changed.
#[derive(Clone, Debug, Record)]
#[record(name = "enterprise_answer")]
pub struct EnterpriseAnswer {
    /// The enterprise.
    pub enterprise: Whole<Enterprise>,
}

impl Operation for SetPolicy {
    const NAME: &'static str = "enterprise.set_policy";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "enterprise", verb: "set_policy" };
    const ERRORS: &'static [Code] = &[NOT_SET_UP, CURRENCY_IN_USE];
    const CAPABILITIES: &'static [&'static str] = &["CFG-05"];
    const EXAMPLE: &'static str = r#"{"rounding":"half_even"}"#;
    type Answer = EnterpriseAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<EnterpriseAnswer> {
        let mut enterprise = enterprise(work)?;
        enterprise.expect_version(self.version)?;
        if let Some(rounding) = self.rounding {
            enterprise.posted_exactly |=
                enterprise.rounding == Rounding::Exact && rounding != Rounding::Exact;
            enterprise.rounding = rounding;
        }
        if let Some(currency) = self.base_currency.filter(|currency| *currency != enterprise.base_currency) {
            if let Some(kind) = kind_with_amounts(work)? {
                return Err(CURRENCY_IN_USE.at("/base_currency").with("kind", kind));
            }
            enterprise.base_currency = currency;
            work.set_base(currency);
        }
        work.save(&mut enterprise)?;
        Ok(EnterpriseAnswer { enterprise: Whole::new(enterprise.row) })
    }
}

/// A kind with amounts of which a record stands.
fn kind_with_amounts(work: &mut Work<'_>) -> Result<Option<String>> {
    let catalogue = work.catalogue();
    for kind in catalogue.kinds() {
        let amount =
            |ty: &FieldType| matches!(ty, FieldType::Num { role: Role::Money | Role::BaseMoney, .. });
        if !kind.fields().iter().any(|field| amount(&field.ty)) {
            continue;
        }
        let select = Select::Values(Vec::new());
        let plan =
            Query { kind: kind.no(), filter: None, order: Vec::new(), after: None, limit: Some(1), select };
        if !work.tx()?.query(&plan)?.is_empty() {
            return Ok(Some(kind.name().to_owned()));
        }
    }
    Ok(None)
}

/// There is one enterprise, and its zone is known.
pub(super) fn check(work: &mut Work<'_>, _kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    if old.is_none() && work.system(|work| work.only::<Enterprise>("true", &[]))?.is_some() {
        return Err(ALREADY_SET_UP.error());
    }
    let zone = Enterprise::from_row(new)?.zone;
    match Zone::named(&zone) {
        Some(_) => Ok(()),
        None => Err(UNKNOWN_ZONE.at("/zone").with("zone", zone)),
    }
}

/// The enterprise cannot be taken away.
pub(super) fn removed(_work: &mut Work<'_>, _kind: u32, _old: &Row) -> Result<()> {
    Err(Code::IN_USE.error().with("kind", "enterprise"))
}
