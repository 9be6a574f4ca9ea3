//! What makes prices, read once for many questions: the rules and how they are applied, and what rules ask of a buyer and a
//! seller.

use super::engine::OpenList;
use super::exclusion::Group;
use super::index::{RuleSet, rule_set};
use super::judge::Law;
use super::lists::open_lists;
use super::price::Terms;
use super::records::{ExclusionGroup, PriceStage};
use super::rules::strategy_named;
use super::strategy::{STRATEGY_SETTING, Strategy};
use super::waterfall::{Beside, Posting};
use crate::settings::{self, setting};
use crm_kernel::error::Result;
use crm_kernel::id::Ref;
use crm_kernel::money::RoundingPolicy;
use crm_kernel::record::Record;
use crm_kernel::work::Work;
use std::borrow::Cow;
use std::sync::Arc;

/// Rules and how they are applied: the same for whoever asks.
pub(super) struct Tariff {
    pub rules: Arc<RuleSet>,
    pub policy: RoundingPolicy,
    strategy: Cow<'static, Strategy>,
    pub groups: Arc<Vec<Group>>,
    /// Of the last change set that it may rest on.
    pub change: i64,
}

impl Tariff {
    /// The enterprise's. Errors: `price.unknown_strategy`.
    pub fn load(work: &mut Work<'_>) -> Result<Tariff> {
        let rules = rule_set(work)?;
        Tariff::of(work, rules)
    }

    /// The enterprise's, but for the rules. Errors: `price.unknown_strategy`.
    pub fn of(work: &mut Work<'_>, rules: Arc<RuleSet>) -> Result<Tariff> {
        let name = work.system(|work| setting(work, STRATEGY_SETTING))?;
        Tariff::by(work, rules, name.as_text().unwrap_or_default())
    }

    /// The enterprise's, but for the rules and the strategy. Errors: `price.unknown_strategy`.
    pub fn by(work: &mut Work<'_>, rules: Arc<RuleSet>, strategy: &str) -> Result<Tariff> {
        work.system(|work| {
            let strategy = strategy_named(work, strategy)?;
            let policy = settings::policy(work)?;
            Ok(Tariff { rules, policy, strategy, groups: groups(work)?, change: work.last_change()? })
        })
    }

    /// The law that holds for some terms.
    pub fn law(&self, terms: &Terms) -> Law<'_> {
        let digits = self.policy.scale(terms.currency.digits());
        Law {
            rules: &self.rules,
            strategy: &self.strategy,
            groups: &self.groups,
            date: terms.date,
            currency: terms.currency,
            beside: Beside::default(),
            posting: Posting { digits, rounding: self.policy.rounding() },
        }
    }
}

/// Whether a discount of the seller's says which rules take effect: it is a level of the enterprise's strategy. Errors:
/// `price.unknown_strategy`.
pub fn discount_is_level(work: &mut Work<'_>) -> Result<bool> {
    Ok(Tariff::load(work)?.strategy.levels.contains(&PriceStage::Manual))
}

/// What rules ask of buyer and seller.
pub(super) struct Party {
    pub class: Option<String>,
    pub positions: Vec<i64>,
    pub lists: Vec<OpenList>,
}

impl Party {
    /// Errors: `price.list_not_open`.
    pub fn load(work: &mut Work<'_>, terms: &Terms) -> Result<Party> {
        work.system(|work| {
            let customer = terms.customer.map(|customer| work.find(customer)).transpose()?;
            let class = customer.as_ref().and_then(|customer| customer.customer_class.clone());
            let region = customer.as_ref().and_then(|customer| customer.region.as_deref());
            let lists = open_lists(work, terms, class.as_deref(), region)?;
            let positions = match terms.seller {
                Some(seller) => {
                    work.find(seller)?.positions.iter().map(|holding| holding.holds.id().number()).collect()
                }
                None => Vec::new(),
            };
            Ok(Party { class, positions, lists })
        })
    }
}

/// The exclusion groups of the enterprise.
fn groups(work: &mut Work<'_>) -> Result<Arc<Vec<Group>>> {
    work.once(ExclusionGroup::NO, "groups", |work| {
        let found = work.select::<ExclusionGroup>("true", &[])?;
        Ok(Arc::new(found.iter().map(|group| group_of(group.id, group)).collect()))
    })
}

/// A group as the waterfall reads it.
pub(super) fn group_of(id: Ref<ExclusionGroup>, group: &ExclusionGroup) -> Group {
    Group {
        id: id.id().number(),
        code: group.code.clone(),
        comparator: group.comparator,
        against: group.against.map_or(0, |other| other.id().number()),
        last: group.last,
    }
}
