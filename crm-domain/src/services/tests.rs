//! Rows for the rules of services.

use super::rules::{granted, last_day, left};
use super::{GrantCause, ServiceEntitlement, ServiceGrant, ServiceState};
use crate::catalog::ServiceMeasure;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, Ref};
use crm_kernel::money::RoundingPolicy;
use crm_kernel::record::Lines;
use proptest::prelude::*;

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn some<T>() -> Ref<T> {
    Ref::new(Id::new(1).unwrap())
}

/// Two tickets for fifteen times each, sold on 2 March for a year, or two months of a service from 10 March on.
fn sold(measure: ServiceMeasure) -> ServiceEntitlement {
    let (per_unit, starts_on, days) = match measure {
        ServiceMeasure::Period => ("30", "2026-03-10", None),
        _ => ("15", "2026-03-02", Some(365)),
    };
    let all = granted(dec("2"), dec(per_unit)).unwrap();
    let grant = ServiceGrant { date: date("2026-03-02"), cause: GrantCause::Sold, quantity: all };
    ServiceEntitlement {
        order: some(),
        order_line: 1,
        customer: some(),
        product: some(),
        measure,
        per_unit: dec(per_unit),
        granted: all,
        used: Dec::ZERO,
        left: (measure != ServiceMeasure::Period).then_some(all),
        sold_on: date("2026-03-02"),
        starts_on: date(starts_on),
        last_day: last_day(measure, all, days, date(starts_on)).unwrap(),
        ordered: all,
        amount: dec("200.00"),
        used_amount: (measure != ServiceMeasure::Period).then_some(Dec::ZERO),
        currency: Currency::CNY,
        grants: [grant].into_iter().collect::<Lines<ServiceGrant>>(),
    }
}

#[test]
fn the_last_day_counts_from_the_sale_and_a_period_counts_its_first() {
    for (measure, granted, days, from, wanted) in [
        (ServiceMeasure::Times, "15", Some(365), "2026-03-02", Some("2027-03-02")),
        (ServiceMeasure::Hours, "15", Some(1), "2028-02-28", Some("2028-02-29")),
        (ServiceMeasure::Days, "15", None, "2026-03-02", None),
        (ServiceMeasure::Period, "30", None, "2026-03-01", Some("2026-03-30")),
        (ServiceMeasure::Period, "1", None, "2026-03-01", Some("2026-03-01")),
        (ServiceMeasure::Period, "45.5", None, "2026-03-01", Some("2026-04-14")),
        (ServiceMeasure::Period, "0", None, "2026-03-01", Some("2026-02-28")),
    ] {
        let found = last_day(measure, dec(granted), days, date(from)).unwrap();
        assert_eq!(found, wanted.map(date), "{measure:?} {granted}");
    }
    assert_eq!(
        last_day(ServiceMeasure::Times, dec("1"), Some(i64::MAX), date("2026-03-02"))
            .unwrap_err()
            .code()
            .name,
        "value.out_of_range"
    );
}

#[test]
fn what_is_used_is_within_days_and_within_what_is_left() {
    let code = |entitlement: &ServiceEntitlement, day: &str, quantity: &str| {
        entitlement.usable(date(day), dec(quantity)).map_err(|error| error.code().name)
    };
    let mut ticket = sold(ServiceMeasure::Times);
    assert_eq!(code(&ticket, "2026-03-02", "30"), Ok(()));
    assert_eq!(code(&ticket, "2027-03-02", "30"), Ok(()));
    assert_eq!(code(&ticket, "2026-03-02", "31"), Err("service.used_up"));
    assert_eq!(code(&ticket, "2026-03-01", "1"), Err("service.not_begun"));
    assert_eq!(code(&ticket, "2027-03-03", "1"), Err("service.expired"));
    assert_eq!(code(&ticket, "2026-03-02", "0"), Err("value.not_positive"));
    assert_eq!(code(&ticket, "2026-03-02", "0.5"), Err("service.not_whole"));
    (ticket.granted, ticket.left) = (Dec::ZERO, Some(Dec::ZERO));
    assert_eq!(code(&ticket, "2026-03-02", "1"), Err("service.ended"));

    assert_eq!(code(&sold(ServiceMeasure::Hours), "2026-03-02", "0.5"), Ok(()));
    let support = sold(ServiceMeasure::Period);
    assert_eq!(code(&support, "2026-03-09", "1"), Err("service.not_begun"));
    assert_eq!(code(&support, "2026-03-10", "1000"), Ok(()));
    assert_eq!(code(&support, "2026-05-09", "1"), Err("service.expired"));
}

#[test]
fn where_it_stands_on_a_day() {
    let mut ticket = sold(ServiceMeasure::Times);
    let back = ServiceGrant { date: date("2026-04-01"), cause: GrantCause::Delivered, quantity: dec("-15") };
    ticket.grants.push(back);
    let support = sold(ServiceMeasure::Period);
    for (entitlement, day, used, state, left) in [
        (&ticket, "2026-03-31", "20", ServiceState::Open, "10"),
        (&ticket, "2026-04-01", "20", ServiceState::UsedUp, "0"),
        (&ticket, "2026-04-01", "14", ServiceState::Open, "1"),
        (&ticket, "2027-03-03", "14", ServiceState::Expired, "0"),
        (&support, "2026-03-09", "0", ServiceState::NotBegun, "60"),
        (&support, "2026-03-10", "0", ServiceState::Open, "60"),
        (&support, "2026-05-08", "99", ServiceState::Open, "1"),
        (&support, "2026-05-09", "99", ServiceState::Expired, "0"),
    ] {
        let on = entitlement.on(date(day), dec(used)).unwrap();
        assert_eq!((on.state, on.left), (state, dec(left)), "{day} {used}");
    }
}

proptest! {
    /// What uses are worth adds up to the line's total, whatever they are and whatever of them is taken back.
    #[test]
    fn worths_add_up(uses in prop::collection::vec((1_i64..10, any::<bool>()), 0..12), cents in 0_i64..1_000_000) {
        let mut ticket = sold(ServiceMeasure::Times);
        ticket.amount = Dec::new(cents.into(), 2).unwrap();
        let policy = RoundingPolicy::default();
        let add = |ticket: &mut ServiceEntitlement, more: Dec, amount: Dec| {
            ticket.used = ticket.used.add(more).unwrap();
            ticket.used_amount = Some(ticket.used_amount.unwrap().add(amount).unwrap());
        };
        for (many, back) in uses {
            let many = Dec::from_int(many).min(left(ticket.granted, ticket.used).unwrap());
            let amount = ticket.worth(many, policy).unwrap().unwrap();
            add(&mut ticket, many, amount);
            if back {
                add(&mut ticket, many.neg(), amount.neg());
            }
        }
        let rest = left(ticket.granted, ticket.used).unwrap();
        let amount = ticket.worth(rest, policy).unwrap().unwrap();
        add(&mut ticket, rest, amount);
        prop_assert_eq!(ticket.used_amount, Some(ticket.amount));
    }
}
