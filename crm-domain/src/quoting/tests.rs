//! Rows for the rules of quoting. Vectors are named by their id (`spec/vectors/commerce.json`).

use super::rules::{
    Standing, Validity, VersionEvent, acceptable, changeable, last_day, quote_after, superseded, taken,
};
use super::{QuoteState, QuoteVersionState, VoidReason};
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::zone::Zone;
use proptest::prelude::*;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

#[test]
fn validity_ends_on_its_last_day_or_before_it() {
    let rows = [
        // quote-01
        ("2026-05-31", "2026-05-31", Validity::Inclusive, false),
        ("2026-05-31", "2026-06-01", Validity::Inclusive, true),
        ("2026-05-31", "2026-05-31", Validity::Exclusive, true),
        ("2026-05-31", "2026-06-01", Validity::Exclusive, true),
        // its neighbours
        ("2026-05-31", "2026-05-30", Validity::Inclusive, false),
        ("2026-05-31", "2026-05-30", Validity::Exclusive, false),
        ("2024-02-29", "2024-03-01", Validity::Inclusive, true),
    ];
    for (until, today, validity, over) in rows {
        assert_eq!(validity.is_over(Some(date(until)), date(today)), over, "{until} {today} {validity:?}");
    }
    assert!(!Validity::Exclusive.is_over(None, date("2999-01-01")));
    assert_eq!(Validity::of("exclusive"), Validity::Exclusive);
    assert_eq!(Validity::of("inclusive"), Validity::Inclusive);
}

#[test]
fn a_moment_of_expiry_is_a_day_in_the_zone() {
    let rows = [
        // quote-02
        ("2026-05-31T22:30:00Z", "Europe/Paris", "2026-06-01"),
        ("2026-05-31T21:59:59Z", "Europe/Paris", "2026-05-31"),
        ("2026-01-31T22:30:00Z", "Europe/Paris", "2026-01-31"),
        ("2026-05-31T22:30:00Z", "Asia/Shanghai", "2026-06-01"),
        ("2026-05-31T22:30:00Z", "America/New_York", "2026-05-31"),
        ("2026-05-31T22:30:00Z", "UTC", "2026-05-31"),
    ];
    for (instant, zone, day) in rows {
        let found = last_day(Instant::parse(instant).unwrap(), &Zone::named(zone).unwrap());
        assert_eq!(found, date(day), "{instant} {zone}");
    }
}

/// A quote as the rules see it: versions with what became of them.
#[derive(Default)]
struct Versions(Vec<(QuoteVersionState, Option<VoidReason>)>);

impl Versions {
    fn clone_last(&mut self, alternative: bool, expired: bool) -> Result<(), String> {
        let standing: Vec<Standing> =
            self.0.iter().map(|(state, _)| Standing { state: *state, expired }).collect();
        let found = superseded(&standing, alternative).map_err(|error| error.code().name.to_owned())?;
        if let Some(at) = found {
            self.0[at] = (QuoteVersionState::Voided, Some(VoidReason::Superseded));
        }
        self.0.push((QuoteVersionState::Draft, None));
        Ok(())
    }

    fn at(&mut self, version_no: usize) -> &mut (QuoteVersionState, Option<VoidReason>) {
        &mut self.0[version_no - 1]
    }
}

#[test]
fn cloning_supersedes_what_is_unapproved() {
    use QuoteVersionState::{Approved, Draft, InApproval, Voided};
    // quote-03: create, edit, clone(v1), approve(v2), clone(v2).
    let mut quote = Versions(vec![(Draft, None)]);
    assert!(changeable(quote.at(1).0, 1).is_ok());
    quote.clone_last(false, false).unwrap();
    assert_eq!(*quote.at(1), (Voided, Some(VoidReason::Superseded)));
    assert_eq!(*quote.at(2), (Draft, None));
    assert_eq!(changeable(quote.at(1).0, 1).unwrap_err().code().name, "quote.frozen");
    quote.at(2).0 = Approved;
    assert_eq!(changeable(quote.at(2).0, 2).unwrap_err().code().name, "quote.frozen");
    assert_eq!(quote.clone_last(false, false), Err("quote.approved_version_exists".to_owned()));
    assert_eq!(quote.0.len(), 2);
    // An alternative stands beside it, and supersedes only what is a draft.
    quote.clone_last(true, false).unwrap();
    assert_eq!((quote.at(2).0, quote.at(3).0), (Approved, Draft));
    quote.clone_last(true, false).unwrap();
    assert_eq!((quote.at(2).0, quote.at(3).0, quote.at(4).0), (Approved, Voided, Draft));
    // What is being approved is withdrawn first.
    quote.at(4).0 = InApproval;
    assert_eq!(quote.clone_last(true, false), Err("quote.in_approval".to_owned()));
    assert_eq!(changeable(InApproval, 4).unwrap_err().code().name, "quote.in_approval");
    // An approved version whose validity is over is offered to nobody.
    quote.at(4).0 = Draft;
    quote.clone_last(false, true).unwrap();
    assert_eq!((quote.at(4).0, quote.at(5).0), (Voided, Draft));
}

proptest! {
    #[test]
    fn at_most_one_version_is_open(steps in proptest::collection::vec((0_u8..4, any::<bool>()), 1..40)) {
        use QuoteVersionState::{Approved, Draft, InApproval};
        let mut quote = Versions(vec![(Draft, None)]);
        let open = |quote: &Versions| quote.0.iter().position(|(state, _)| matches!(state, Draft | InApproval));
        for (step, alternative) in steps {
            match (step, open(&quote)) {
                (0, _) => drop(quote.clone_last(alternative, false)),
                (1, Some(at)) => quote.0[at].0 = InApproval,
                (2, Some(at)) => quote.0[at].0 = Approved,
                (3, Some(at)) => quote.0[at].0 = Draft,
                _ => {}
            }
            let several = quote.0.iter().filter(|(state, _)| matches!(state, Draft | InApproval)).count();
            prop_assert!(several <= 1);
        }
    }

    #[test]
    fn never_more_is_ordered_than_quoted(quoted in 1_i64..1_000, steps in proptest::collection::vec(-500_i64..500, 1..40)) {
        let quoted = Dec::from_int(quoted);
        let mut ordered = Dec::ZERO;
        for step in steps {
            if let Ok(after) = taken(quoted, ordered, Dec::from_int(step)) {
                ordered = after;
            }
            prop_assert!(ordered <= quoted && !ordered.is_negative());
        }
    }
}

#[test]
fn the_state_of_a_quote_follows_its_versions() {
    use QuoteState::*;
    let rows = [
        (Draft, VersionEvent::Submitted, InApproval),
        (InApproval, VersionEvent::Approved, Approved),
        (Draft, VersionEvent::Approved, Approved),
        (InApproval, VersionEvent::CameBack, Draft),
        (Expired, VersionEvent::Drafted, Draft),
        // What is offered already stays so while an alternative is prepared.
        (Sent, VersionEvent::Drafted, Sent),
        (Sent, VersionEvent::Submitted, Sent),
        (InNegotiation, VersionEvent::Approved, InNegotiation),
        (Approved, VersionEvent::CameBack, Approved),
    ];
    for (state, event, after) in rows {
        assert_eq!(quote_after(state, event), after, "{state:?} {event:?}");
    }
}

#[test]
fn accepting_late_is_said_and_allowed() {
    let until = Some(date("2026-05-31"));
    assert!(acceptable(false, false, until).is_ok());
    assert!(acceptable(true, true, until).is_ok());
    assert_eq!(
        acceptable(true, false, until).unwrap_err().to_string(),
        "quote.expired valid_until=\"2026-05-31\""
    );
}

#[test]
fn a_part_of_a_quote_is_taken_once() {
    assert_eq!(taken(dec("10"), dec("4"), dec("6")).unwrap(), dec("10"));
    assert_eq!(taken(dec("10"), dec("4"), dec("-4")).unwrap(), Dec::ZERO);
    for (quoted, ordered, more) in [("10", "4", "6.000001"), ("10", "10", "1"), ("10", "4", "-5")] {
        assert_eq!(
            taken(dec(quoted), dec(ordered), dec(more)).unwrap_err().code().name,
            "quote.over_quantity"
        );
    }
}
