//! Groups of effects that exclude one another (commerce.md 2.3). Pure.
//!
//! Effects of a group are compared by where the price ends with them, together with those that stay in any case: that is
//! what the buyer pays, and no id has a part in it. On lines that is the price of one behind the stage, on a document what
//! all its lines come to. An effect that changes nothing excludes no other. A group that may be excluded is judged after
//! those that may exclude it. Equal effects are left to the group's last resort, or are ambiguous.

use super::engine::{Rule, last_resort};
use super::records::{Comparator, TieBreak};
use super::unit_price::UnitPrice;
use crm_kernel::error::Result;

/// A group of effects that exclude one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The record.
    pub id: i64,
    /// Groups are judged in the order of their codes.
    pub code: String,
    /// Which effects stay.
    pub comparator: Comparator,
    /// The other group; 0 for none.
    pub against: i64,
    /// What becomes of effects that are worth the same.
    pub last: TieBreak,
}

/// Effects among which groups choose, by the places of their rules.
pub(super) trait Effects {
    /// Where the price ends with those that take part. Errors: `value.out_of_range`.
    fn end(&self, takes_part: &dyn Fn(usize) -> bool) -> Result<UnitPrice>;

    /// Whether an effect was chosen before and stays: those that it excludes stay excluded.
    fn stands(&self, _at: usize) -> bool {
        false
    }
}

/// What becomes of an effect of a group, where it does not just take effect.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ruling<'g> {
    /// The group excludes it.
    Excluded(&'g Group),
    /// It takes effect since the last resort of its group names it among equals.
    Named(TieBreak),
}

/// What groups make of the effects at some places, each with its ruling; or those that cannot be told apart. Errors:
/// `value.out_of_range`.
pub(super) fn exclude<'g>(
    effects: &impl Effects,
    rules: &[&Rule],
    places: &[usize],
    groups: &'g [Group],
) -> Result<std::result::Result<Vec<(usize, Ruling<'g>)>, Vec<usize>>> {
    let of = |at: usize| rules.get(at).map_or(0, |rule| rule.group);
    let mut rulings = Vec::new();
    if places.iter().all(|at| of(*at) == 0) {
        return Ok(Ok(rulings));
    }
    let mut here = places.to_vec();
    let mut waiting: Vec<&Group> =
        groups.iter().filter(|group| here.iter().any(|at| of(*at) == group.id)).collect();
    waiting.sort_by(|one, other| one.code.cmp(&other.code));
    while !waiting.is_empty() {
        let free = |group: &&Group| !waiting.iter().any(|other| other.goes_before(group));
        let group = waiting.remove(waiting.iter().position(free).unwrap_or(0));
        let stays = |at: usize| {
            let other = of(at);
            let compared = other == group.id || other == group.against;
            other == 0 || !(compared || waiting.iter().any(|waits| waits.id == other))
        };
        // Where the price ends with some of the group, beside what stays in any case.
        let end = |with: &[usize]| effects.end(&|at| here.contains(&at) && (stays(at) || with.contains(&at)));
        let (gone, named) = match choose(group, effects, rules, &here, end)? {
            Ok(chosen) => chosen,
            Err(tied) => return Ok(Err(tied)),
        };
        rulings.extend(gone.iter().map(|at| (*at, Ruling::Excluded(group))));
        rulings.extend(named.iter().map(|at| (*at, Ruling::Named(group.last))));
        here.retain(|at| !gone.contains(at));
    }
    Ok(Ok(rulings))
}

/// Which of the effects here a group excludes, and which stay since its last resort names them; or those that cannot be
/// told apart. `end` tells where the price ends with some of them.
fn choose(
    group: &Group,
    effects: &impl Effects,
    rules: &[&Rule],
    here: &[usize],
    end: impl Fn(&[usize]) -> Result<UnitPrice>,
) -> Result<std::result::Result<(Vec<usize>, Vec<usize>), Vec<usize>>> {
    let members = |id: i64| -> Vec<usize> {
        let of = |at: &usize| rules.get(*at).is_some_and(|rule| rule.group == id);
        here.iter().copied().filter(of).collect()
    };
    let (mine, others) = (members(group.id), members(group.against));
    let (sets, lowest): (Vec<Vec<usize>>, bool) = match group.comparator {
        Comparator::Best | Comparator::Suppress => (mine.iter().map(|at| vec![*at]).collect(), true),
        Comparator::Worst => (mine.iter().map(|at| vec![*at]).collect(), false),
        Comparator::BestTotal => (vec![mine.clone(), others.clone()], true),
        Comparator::WorstTotal => (vec![mine.clone(), others.clone()], false),
    };
    let without = end(&[])?;
    let (mut standing, mut working) = (None, Vec::with_capacity(sets.len()));
    for set in sets {
        let end = end(&set)?;
        if set.iter().any(|at| effects.stands(*at)) {
            standing.get_or_insert(set);
        } else if end != without {
            working.push((set, end));
        }
    }
    if group.comparator == Comparator::Suppress {
        let works = standing.is_some() || !working.is_empty();
        return Ok(Ok((if works { others } else { Vec::new() }, Vec::new())));
    }
    let ends = working.iter().map(|(_, end)| end);
    let wanted = match lowest {
        true => ends.min_by(|one, other| one.compare(**other)),
        false => ends.max_by(|one, other| one.compare(**other)),
    };
    let (winner, named) = match (standing, wanted) {
        (Some(standing), _) => (standing, Vec::new()),
        (None, None) => return Ok(Ok((Vec::new(), Vec::new()))),
        (None, Some(wanted)) => {
            let equal: Vec<&Vec<usize>> =
                working.iter().filter(|(_, end)| end == wanted).map(|(set, _)| set).collect();
            match equal.as_slice() {
                [only] => ((*only).clone(), Vec::new()),
                several => {
                    let all: Vec<usize> = several.iter().flat_map(|set| set.iter().copied()).collect();
                    let named = last_resort(group.last, rules, &all);
                    match named.and_then(|named| several.iter().find(|set| set.contains(&named))) {
                        Some(winner) => ((*winner).clone(), (*winner).clone()),
                        None => return Ok(Err(all)),
                    }
                }
            }
        }
    };
    let mut gone = mine;
    if group.compares_totals() {
        gone.extend(others);
    }
    gone.retain(|at| !winner.contains(at));
    Ok(Ok((gone, named)))
}

impl Group {
    fn compares_totals(&self) -> bool {
        matches!(self.comparator, Comparator::BestTotal | Comparator::WorstTotal)
    }

    /// Whether a group is judged before another: it may exclude that one, or is one whose own choice the other's total
    /// is compared with.
    fn goes_before(&self, other: &Group) -> bool {
        let chooses = |group: &Group| matches!(group.comparator, Comparator::Best | Comparator::Worst);
        let (names, named) = (self.against == other.id, other.against == self.id);
        (names && !(self.compares_totals() && chooses(other)))
            || (named && other.compares_totals() && chooses(self))
    }
}
