//! A supplier's price list comes in by a mapping that is data, and a report tells what it says.
//!
//! `cargo run --release -p crm-examples --bin price-import [FILE.csv]`

use crm_store::domain::{analytics, imports, settings};
use crm_store::kernel::json::Json;
use crm_store::open_memory;
use std::error::Error;

const PRICES: &str = "\
article,text,price,status
MIC-200,Microscope,950.00,on sale
MIC-210,Microscope with camera,1480.00,on sale
CUV-10,Cuvettes (10),24.90,on sale
LMP-1,Lamp,free,on sale
OLD-7,Slide projector,310.00,discontinued
";

const MAPPING: &str = r#"{"name":"price list","file":"prices.csv","kind":"product","key":"code",
  "columns":[{"column":"price","type":"decimal"}],
  "fields":[{"field":"code","value":"article"},{"field":"name","value":"text"},{"field":"list_price","value":"price"},
    {"field":"currency","constant":"EUR"},
    {"field":"state","value":"status","map":{"on sale":"active","discontinued":"retired"}}]}"#;

const REPORT: &str = r#"{"kind":"product","group":[{"name":"state","by":"state"}],
  "measures":[{"name":"products","measure":"count"},{"name":"dearest","measure":"max","of":"list_price"}]}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let text = std::env::args().nth(1).map_or(Ok(PRICES.to_owned()), std::fs::read_to_string)?;
    let crm = open_memory()?;
    let company: settings::Setup =
        crm.request(r#"{"name":"Harbour Instruments","base_currency":"EUR","administrator":"An Ran"}"#)?;
    let administrator = crm.session(None).call(company)?.administrator;
    let desk = crm.session(administrator.id()).because("prices of the spring");

    let file = Json::object().with("file", "prices.csv").with("text", text);
    let request = Json::object().with("mapping", Json::parse(MAPPING)?).with("files", vec![file]);
    let done = desk.call(crm.request::<imports::Run>(&request.to_string())?)?;
    println!("{} rows: {} new, {} refused", done.seen, done.created, done.rejected);
    for problem in &done.problems {
        let part = |name| problem.get(name).unwrap_or(&Json::Null);
        println!("  row {}: {}", part("row"), part("message"));
    }

    let report = desk.call(crm.request::<analytics::RunReport>(REPORT)?)?;
    for row in &report.rows {
        println!("{row}");
    }
    Ok(())
}
