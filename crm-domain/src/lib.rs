//! An embeddable CRM: the business areas over the kernel, and the engine that every door opens.
//!
//! The core is pure: it reads no time, no files and no network. What it needs from outside comes with each call in a
//! [`Caller`]; what it keeps goes through a [`crm_kernel::store::Store`].

pub mod analytics;
pub mod approval;
pub mod catalog;
#[cfg(test)]
mod catalogue_tests;
pub mod credit;
pub mod engine;
pub mod finance;
pub mod fulfilment;
pub mod imports;
pub mod messaging;
pub mod ordering;
pub mod org;
pub mod parties;
pub mod pricing;
pub mod quoting;
pub mod records;
pub mod services;
pub mod settings;
mod texts;

pub use crm_kernel as kernel;
pub use engine::{Caller, Engine, Profile};
pub use settings::PROFILE_KINDS;

use crm_kernel::error::Result;
use crm_kernel::model::{Area, Hooks, Model};
use crm_kernel::record::Record;
use crm_kernel::store::Tx;
use crm_kernel::zone::Zone;

/// The revision of the interface that hosts rely on, the same behind every door: nothing is taken away or changes its
/// meaning while it stays. The binary interface of the C library goes by the same number, which its soname bears.
pub const ABI_VERSION: u32 = 0;

/// The revision of the table of operations: raised by whoever adds anything to `docs/operations.lock`, an operation, a
/// field, an option or an error code. A test and `generate` refuse a list that changed without it.
pub const OPERATIONS_REVISION: u32 = 2;

/// The areas, lowest first. An area knows the areas before it, never those behind it.
pub const AREAS: &[Area] = &[
    records::AREA,
    org::AREA,
    settings::AREA,
    parties::AREA,
    catalog::AREA,
    pricing::AREA,
    approval::AREA,
    messaging::AREA,
    quoting::AREA,
    ordering::AREA,
    finance::AREA,
    credit::AREA,
    services::AREA,
    fulfilment::AREA,
    analytics::AREA,
    imports::AREA,
];

/// The model of all areas. Errors: `internal.error` where two operations have one name.
pub fn model() -> Result<Model> {
    model_with(&[])
}

/// The model of all areas and of others above them, a host's own. Errors: as [`model`].
pub fn model_with(above: &[Area]) -> Result<Model> {
    let hooks = Hooks {
        rights: org::rights,
        rights_kinds: org::RIGHTS_KINDS,
        definitions: settings::definitions::definitions,
    };
    Model::new(&[AREAS, above].concat(), texts::texts()?, hooks)
}

/// Zone and currency of the enterprise, where there is one.
fn profile(tx: &mut dyn Tx) -> Result<Profile> {
    use crm_kernel::plan::{Query, Select};
    let plan = Query {
        kind: settings::Enterprise::NO,
        filter: None,
        order: Vec::new(),
        after: None,
        limit: Some(1),
        select: Select::Heads,
    };
    let found = tx.query(&plan)?;
    let Some(row) = found.first().and_then(|found| found.row.as_ref()) else { return Ok(Profile::default()) };
    let enterprise = settings::Enterprise::from_row(row)?;
    let zone = Zone::named(&enterprise.zone).unwrap_or_else(Zone::utc);
    Ok(Profile { base: Some(enterprise.base_currency), zone })
}
