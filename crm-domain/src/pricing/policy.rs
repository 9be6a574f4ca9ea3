//! How the amounts of a document are posted, taxed and shared out: what the enterprise decided when the document was made.
//!
//! The head of a document keeps it, so that what follows from the document adds up to it, whatever is decided later. A
//! document of an older library kept none and goes by what holds now.

use super::allocation::Allocation;
use super::totals::{TaxCalculation, TaxRules};
use crate::settings;
use crm_kernel::error::Result;
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::money::RoundingPolicy;
use crm_kernel::work::Work;

/// How the amounts of a document are calculated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentPolicy {
    /// How they are posted.
    pub rounding: RoundingPolicy,
    /// Where tax is rounded.
    pub calculation: TaxCalculation,
    /// Tax of the base before it is rounded.
    pub unrounded_base: bool,
    /// How effects and discounts are shared out over lines.
    pub allocation: Allocation,
}

impl DocumentPolicy {
    /// What the enterprise decided. Errors: `enterprise.not_set_up`.
    pub fn present(work: &mut Work<'_>) -> Result<DocumentPolicy> {
        Ok(DocumentPolicy {
            rounding: settings::policy(work)?,
            calculation: calculation(settings::setting(work, "tax.calculation")?.as_text()),
            unrounded_base: settings::setting(work, "tax.base")?.as_text() == Some("unrounded"),
            allocation: allocation(settings::setting(work, "document.allocation")?.as_text()),
        })
    }

    /// What a head keeps, or what the enterprise decided where it keeps nothing. Errors: `enterprise.not_set_up`.
    pub fn kept(work: &mut Work<'_>, kept: Option<&SharedJson>) -> Result<DocumentPolicy> {
        let Some(rounding) = settings::kept_rounding(kept) else { return DocumentPolicy::present(work) };
        let told = |name: &str| kept.and_then(|kept| kept.tree().get(name)).and_then(Json::as_text);
        Ok(DocumentPolicy {
            rounding,
            calculation: calculation(told("tax_calculation")),
            unrounded_base: told("tax_base") == Some("unrounded"),
            allocation: allocation(told("allocation")),
        })
    }

    /// As a head keeps it, in the words of the settings.
    pub fn write(self) -> SharedJson {
        let calculation = match self.calculation {
            TaxCalculation::PerLine => "per_line",
            TaxCalculation::PerDocument => "per_document",
        };
        let allocation = match self.allocation {
            Allocation::LargestRemainder => "largest_remainder",
            Allocation::LastAbsorbs => "last_absorbs",
            Allocation::Smooth => "smooth",
        };
        Json::object()
            .with("rounding", settings::rounding_code(self.rounding))
            .with("tax_calculation", calculation)
            .with("tax_base", if self.unrounded_base { "unrounded" } else { "rounded" })
            .with("allocation", allocation)
            .into()
    }

    /// How taxes are calculated on prices with or without them.
    pub fn tax_rules(self, inclusive: bool) -> TaxRules {
        TaxRules { calculation: self.calculation, inclusive, unrounded_base: self.unrounded_base }
    }
}

fn calculation(code: Option<&str>) -> TaxCalculation {
    match code {
        Some("per_document") => TaxCalculation::PerDocument,
        _ => TaxCalculation::PerLine,
    }
}

fn allocation(code: Option<&str>) -> Allocation {
    match code {
        Some("last_absorbs") => Allocation::LastAbsorbs,
        Some("smooth") => Allocation::Smooth,
        _ => Allocation::LargestRemainder,
    }
}
