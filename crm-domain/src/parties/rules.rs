//! Decisions of the parties.

use super::{Contact, Customer, OTHER_CUSTOMER, OWNER_LEFT, PARTY_CYCLE, SECOND_MAIN};
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Id;
use crm_kernel::record::Record;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;

/// A chain of superiors longer than this is taken for a cycle.
const LONGEST_CHAIN: usize = 64;

/// A customer does not belong to itself, and is given to nobody who has left.
pub(super) fn customer(work: &mut Work<'_>, kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let customer = Customer::from_row(new)?;
    let before = old.map(Customer::from_row).transpose()?.and_then(|old| old.owner);
    if let Some(owner) = customer.owner.filter(|owner| Some(*owner) != before)
        && let Some(owner) = work.system(|work| work.look(owner))?
        && !owner.active
    {
        return Err(OWNER_LEFT.at("/owner").with("employee", owner.name.clone()));
    }
    let first = customer.superior.map(|above| above.id());
    no_cycle(work, kind, new.id, first, |row| Ok(Customer::from_row(row)?.superior.map(|above| above.id())))
}

/// A contact reports to somebody of the same customer and not to himself; a customer has one main contact.
pub(super) fn contact(work: &mut Work<'_>, kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let contact = Contact::from_row(new)?;
    let first = contact.superior.map(|above| above.id());
    no_cycle(work, kind, new.id, first, |row| Ok(Contact::from_row(row)?.superior.map(|above| above.id())))?;
    if let Some(superior) = contact.superior {
        let superior = work.system(|work| work.look(superior))?;
        if superior.is_some_and(|superior| superior.customer != contact.customer) {
            return Err(OTHER_CUSTOMER.at("/superior"));
        }
    }
    if let Some(customer) = contact.customer.filter(|_| contact.main) {
        let names = [
            ("c", Ty::Ref(Customer::NO), Value::Ref(customer.id())),
            ("me", Ty::Ref(kind), Id::new(new.id).map_or(Value::Null, Value::Ref)),
        ];
        let other = work.system(|work| work.only::<Contact>("customer == c && main && id != me", &names))?;
        if let Some(other) = other {
            return Err(SECOND_MAIN.at("/main").with("contact", other.name.clone()));
        }
    }
    Ok(())
}

fn no_cycle(
    work: &mut Work<'_>,
    kind: u32,
    id: i64,
    first: Option<Id>,
    above: fn(&Row) -> Result<Option<Id>>,
) -> Result<()> {
    let mut here = first;
    for _ in 0..LONGEST_CHAIN {
        let Some(next) = here else { return Ok(()) };
        if next.number() == id {
            return Err(PARTY_CYCLE.at("/superior"));
        }
        here = match work.row(kind, next.number())? {
            Some(row) => above(&row)?,
            None => None,
        };
    }
    Err(PARTY_CYCLE.at("/superior"))
}
