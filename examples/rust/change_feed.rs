//! Another system follows the CRM: it reads what has changed since it last looked, and keeps how far it has come.
//!
//! `cargo run --release -p crm-examples --bin change-feed [FOLDER]`

use crm_store::domain::{records, settings};
use crm_store::kernel::json::Json;
use crm_store::{Crm, open};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let (file, mark) = (Path::new(&folder).join("feed.db"), Path::new(&folder).join("feed.mark"));
    let crm = open(file)?;
    follow(&crm, &mark)?; // what happened while nobody looked

    let customers =
        crm.request::<records::Create>(r#"{"kind":"customer","values":{"name":"Nordic Labs"}}"#)?;
    let desk = match crm.session(None).call(records::Info {})?.set_up {
        false => {
            let company: settings::Setup = crm.request(
                r#"{"name":"Harbour Instruments","base_currency":"EUR","administrator":"An Ran"}"#,
            )?;
            crm.session(crm.session(None).call(company)?.administrator.id())
        }
        true => return Ok(()), // the second run only follows
    };
    desk.call(customers)?;
    follow(&crm, &mark)?;
    desk.because("after the run").call(
        crm.request::<records::Create>(r#"{"kind":"customer","values":{"name":"Southern Optics"}}"#)?,
    )?;
    Ok(())
}

/// Hands on what has changed. The mark is written when it has arrived: nothing is lost, and after a crash in between the last part
/// comes again. Who keeps the mark in one transaction with what he makes of the changes gets each once.
fn follow(crm: &Crm, mark: &Path) -> Result<(), Box<dyn Error>> {
    let mut next: i64 = std::fs::read_to_string(mark).map_or(Ok(0), |text| text.trim().parse())?;
    loop {
        let changes = crm.changes(next, 100)?;
        for set in &changes.sets {
            let records = set.get("records").and_then(Json::as_list).unwrap_or_default();
            let told: Vec<String> = records.iter().map(|record| record.to_string()).collect();
            println!(
                "{}: {}",
                set.get("operation").and_then(Json::as_text).unwrap_or_default(),
                told.join(", ")
            );
        }
        next = changes.next;
        std::fs::write(mark, next.to_string())?;
        if next >= changes.last {
            return Ok(());
        }
    }
}
