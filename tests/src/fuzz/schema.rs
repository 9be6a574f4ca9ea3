//! Kinds with every sort of field: a document with lines, references over two steps, a reference to the own kind, and
//! fields made at run time on all of them.

use crm_kernel::catalogue::Catalogue;
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::{FieldDef, FieldRole, FieldType, Lines, Record as _, RecordDef};
use crm_kernel::{Choice, Record};
use std::sync::{Arc, OnceLock};

/// The far end of the references.
#[derive(Record)]
#[record(no = 9101, table = "fuzz_zones", index("rank"))]
pub(super) struct Zone {
    /// Text.
    #[field(no = 1, index)]
    pub code: Option<String>,
    /// A small number.
    #[field(no = 2, decimal(5, 0))]
    pub rank: Option<Dec>,
    /// All digits behind the point.
    #[field(no = 3, decimal(18, 18))]
    pub share: Option<Dec>,
    /// A day.
    #[field(no = 4)]
    pub opened: Option<Date>,
    /// Yes or no.
    #[field(no = 5)]
    pub open: Option<bool>,
}

/// The near end of the references, which refers to its own kind as well.
#[derive(Record)]
#[record(no = 9102, table = "fuzz_accounts", index("zone", "name"))]
pub(super) struct Account {
    /// Where it is.
    #[field(no = 1, index)]
    pub zone: Option<Ref<Zone>>,
    /// The one above.
    #[field(no = 2)]
    pub upper: Option<Ref<Account>>,
    /// Text.
    #[field(no = 3, index)]
    pub name: Option<String>,
    /// Text.
    #[field(no = 4)]
    pub nick: Option<String>,
    /// An amount.
    #[field(no = 5, money, index)]
    pub credit: Option<Dec>,
    /// A whole number.
    #[field(no = 6)]
    pub level: Option<i64>,
    /// A day.
    #[field(no = 7, index)]
    pub since: Option<Date>,
    /// A moment.
    #[field(no = 8)]
    pub seen: Option<Instant>,
    /// Yes or no.
    #[field(no = 9)]
    pub vip: Option<bool>,
    /// One of a closed list.
    #[field(no = 10)]
    pub grade: Option<Grade>,
}

/// A closed list.
#[derive(Choice, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Grade {
    /// The first.
    Open,
    /// The second.
    Won,
    /// The third.
    Lost,
}

/// The document.
#[derive(Record)]
#[record(no = 9103, table = "fuzz_deals", index("account", "placed"))]
pub(super) struct Deal {
    /// Whose.
    #[field(no = 1, index)]
    pub account: Option<Ref<Account>>,
    /// Whose else.
    #[field(no = 2)]
    pub other: Option<Ref<Account>>,
    /// A record of any kind.
    #[field(no = 3)]
    pub any: Option<Id>,
    /// Text.
    #[field(no = 4, index)]
    pub title: Option<String>,
    /// Long text.
    #[field(no = 5, long_text)]
    pub memo: Option<String>,
    /// An amount.
    #[field(no = 6, money, index)]
    pub total: Option<Dec>,
    /// A quantity.
    #[field(no = 7, quantity)]
    pub quantity: Option<Dec>,
    /// All digits before the point.
    #[field(no = 8, decimal(18, 0), index)]
    pub whole: Option<Dec>,
    /// A rate.
    #[field(no = 9, rate)]
    pub rate: Option<Dec>,
    /// A small number.
    #[field(no = 10, decimal(3, 1))]
    pub small: Option<Dec>,
    /// A whole number.
    #[field(no = 11)]
    pub count: Option<i64>,
    /// A day.
    #[field(no = 12, index)]
    pub placed: Option<Date>,
    /// A day.
    #[field(no = 13)]
    pub due: Option<Date>,
    /// A moment.
    #[field(no = 14, index)]
    pub made: Option<Instant>,
    /// A moment.
    #[field(no = 15)]
    pub closed: Option<Instant>,
    /// Yes or no.
    #[field(no = 16)]
    pub hot: Option<bool>,
    /// One of a closed list.
    #[field(no = 17, index)]
    pub grade: Option<Grade>,
    /// One of an open list.
    #[field(no = 18, picklist = "fuzz")]
    pub stage: Option<String>,
    /// A currency.
    #[field(no = 19)]
    pub currency: Option<Currency>,
    /// The lines.
    #[field(no = 20)]
    pub lines: Lines<DealLine>,
}

/// The line.
#[derive(Record)]
#[record(no = 9104, table = "fuzz_deal_lines", parent = Deal, index("product"))]
pub(super) struct DealLine {
    /// Text.
    #[field(no = 1)]
    pub product: Option<String>,
    /// A quantity.
    #[field(no = 2, quantity)]
    pub quantity: Option<Dec>,
    /// A price.
    #[field(no = 3, unit_price)]
    pub price: Option<Dec>,
    /// A rate.
    #[field(no = 4, rate)]
    pub rate: Option<Dec>,
    /// A day.
    #[field(no = 5)]
    pub on: Option<Date>,
    /// A moment.
    #[field(no = 6)]
    pub at: Option<Instant>,
    /// Yes or no.
    #[field(no = 7)]
    pub done: Option<bool>,
    /// One of a closed list.
    #[field(no = 8)]
    pub grade: Option<Grade>,
    /// Whose.
    #[field(no = 9)]
    pub account: Option<Ref<Account>>,
}

pub(super) const ZONE: u32 = Zone::NO;
pub(super) const ACCOUNT: u32 = Account::NO;
pub(super) const DEAL: u32 = Deal::NO;
pub(super) const LINE: u32 = DealLine::NO;

/// The kinds that questions are asked about, the richest first.
pub(super) const ROOTS: &[u32] = &[DEAL, LINE, ACCOUNT, ZONE];

/// The catalogue with its fields made at run time.
pub(super) fn catalogue() -> Arc<Catalogue> {
    static MADE: OnceLock<Arc<Catalogue>> = OnceLock::new();
    MADE.get_or_init(|| Arc::new(build())).clone()
}

fn build() -> Catalogue {
    let declared =
        Catalogue::build([Zone::def(), Account::def(), Deal::def(), DealLine::def()].map(Clone::clone));
    let declared = declared.unwrap_or_else(|problems| panic!("{problems:?}"));
    let custom = |kind: u32, types: Vec<(&'static str, FieldType)>| -> RecordDef {
        let mut def = declared.kind(kind).map(|kind| kind.def.clone()).unwrap();
        for (no, (name, ty)) in (1001..).zip(types) {
            def.fields.to_mut().push(field(no, name, ty));
        }
        def
    };
    let with = declared.with([
        custom(ZONE, vec![("c_text", FieldType::TEXT)]),
        custom(
            ACCOUNT,
            vec![
                ("c_num", FieldType::decimal(18, 9)),
                ("c_day", FieldType::Date),
                ("c_zone", FieldType::Ref(ZONE)),
            ],
        ),
        custom(
            DEAL,
            vec![
                ("c_text", FieldType::LONG_TEXT),
                ("c_num", FieldType::decimal(9, 3)),
                ("c_flag", FieldType::Bool),
                ("c_account", FieldType::Ref(ACCOUNT)),
                ("c_moment", FieldType::Instant),
            ],
        ),
        custom(LINE, vec![("c_num", FieldType::decimal(18, 2)), ("c_text", FieldType::TEXT)]),
    ]);
    with.unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn field(no: u32, name: &'static str, ty: FieldType) -> FieldDef {
    FieldDef {
        no,
        name: name.into(),
        doc: "Made at run time.".into(),
        ty,
        required: false,
        default: None,
        role: FieldRole::Plain,
        managed: false,
        sensitive: false,
        labels: Some(["甲".into(), "甲".into(), "A".into()]),
    }
}
