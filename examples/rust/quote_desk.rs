//! A quote desk: a product with a price rule, a quote on it, and what is refused.
//!
//! `cargo run --release -p crm-examples --bin quote-desk`

use crm_store::domain::{quoting, records, settings};
use crm_store::kernel::dec::Dec;
use crm_store::kernel::id::{Id, Ref};
use crm_store::kernel::json::Json;
use crm_store::{Session, open_memory};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let crm = open_memory()?;
    let company: settings::Setup =
        crm.request(r#"{"name":"Harbour Instruments","base_currency":"CNY","administrator":"An Ran"}"#)?;
    let administrator = crm.session(None).call(company)?.administrator;
    let desk = crm.session(administrator.id());

    let product = r#"{"code":"MIC-200","name":"Microscope","list_price":"950","currency":"CNY"}"#;
    let product = Ref::new(make(&desk, "product", product)?);
    let rule =
        r#""code":"TEN","name":"Ten or more","min_quantity":"10","method":"discount_percent","value":"7.5""#;
    make(&desk, "price_rule", &format!(r#"{{"product":"{product}",{rule}}}"#))?;
    let customer = make(&desk, "customer", r#"{"name":"Nordic Labs"}"#)?;

    let create = crm.request::<quoting::Create>(&format!(r#"{{"customer":"{customer}"}}"#))?;
    let quote = Ref::new(desk.call(create)?.quote.id().ok_or("a quote without id")?);
    for quantity in [12, 1] {
        let answer = desk.call(quoting::AddLine {
            quote,
            version_no: None,
            version: None,
            line: quoting::NewLine {
                product,
                quantity: Dec::from(quantity),
                unit: None,
                description: None,
                unit_price: None,
                price_reason: None,
                discount_percent: None,
                tax: None,
            },
        })?;
        let version = answer.quote_version.get()?;
        let line = version.lines.last().ok_or("a version without lines")?;
        println!("{} at {}: {}, in all {}", line.quantity, line.unit_price, line.net, version.total);
    }

    let Err(refused) = desk.call(quoting::Accept { quote, version_no: None, accept_expired: false }) else {
        return Err("a draft was accepted".into());
    };
    println!("{}: {}", refused.code().name, desk.error_json(&refused).get("message").unwrap_or(&Json::Null));
    Ok(())
}

fn make(desk: &Session, kind: &str, values: &str) -> Result<Id, Box<dyn Error>> {
    let made = desk.call(records::Create { kind: kind.to_owned(), values: Json::parse(values)? })?;
    Ok(made.record.get("id").and_then(Json::as_text).and_then(Id::parse).ok_or("a record without id")?)
}
