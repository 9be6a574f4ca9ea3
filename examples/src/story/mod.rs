//! A season of business on top of the history: quote, approval, order, plan, delivery, money, credit, dunning.
//!
//! `choice` finds a customer and products that the data offers, or makes some; `sale` quotes and orders; `cash`
//! delivers, bills and collects; `tables` prints what people read. Amounts follow from the prices of the products.

mod cash;
mod choice;
mod sale;
mod tables;

use crate::desk::{Desk, filled, object, text};
use crate::show::{heading, say};
use crm_kernel::date::{Date, Instant};
use crm_kernel::error::Result;
use crm_kernel::json::Json;

/// The days that the story takes, from the last order.
const SEASON: i64 = 90;

/// The people of the story, by employee id.
struct Cast {
    seller: String,
    manager: String,
    controller: String,
}

/// True where the calendar goes on long enough behind a day for the story to be lived.
pub fn fits_behind(day: Date) -> bool {
    day.add_days(SEASON).is_some()
}

/// Lives the story, with its clock on the day after `day`, that of the last order. `base` is the currency of the
/// enterprise's books. Errors: a refusal of the library that does not belong to the story.
pub fn live(desk: &Desk, day: Date, base: &str) -> Result<()> {
    let today = day.add_days(1).unwrap_or(day);
    let tell = Tell { desk, today, base };
    tell.at(today);
    heading(&format!("And on {today} business goes on"));
    let cast = tell.cast()?;
    let deal = tell.choose()?;
    let quote = tell.quote(&cast, &deal)?;
    let order = tell.order(&cast, &quote)?;
    tell.execute(&cast, &deal, &order)?;
    tell.credit(&cast, &deal)?;
    tell.dun(&cast, &deal, &order)
}

struct Tell<'a> {
    desk: &'a Desk,
    today: Date,
    base: &'a str,
}

impl Tell<'_> {
    /// Sets the clock to a day; ten o'clock in UTC is that day wherever most people live.
    fn at(&self, day: Date) {
        if let Ok(now) = Instant::parse(&format!("{day}T10:00:00Z")) {
            self.desk.set_now(now);
        }
    }

    fn later(&self, days: i64) -> Date {
        self.today.add_days(days).unwrap_or(self.today)
    }

    fn make(&self, kind: &str, values: Json) -> Result<String> {
        let request = object(&[("kind", kind.into()), ("values", values)]);
        Ok(text(&self.desk.call("record.create", &request)?, "/record/id"))
    }

    fn json(&self, source: &str, names: &[(&str, &str)]) -> Result<Json> {
        Ok(filled(&Json::parse(source)?, names))
    }

    fn call(&self, who: &str, operation: &str, source: &str, names: &[(&str, &str)]) -> Result<Json> {
        self.desk.call_as(who, operation, &self.json(source, names)?)
    }

    fn call_admin(&self, operation: &str, source: &str, names: &[(&str, &str)]) -> Result<Json> {
        self.desk.call(operation, &self.json(source, names)?)
    }

    /// Three people with positions: who sells, who leads, who keeps the books.
    fn cast(&self) -> Result<Cast> {
        let top = self.call_admin("record.list", r#"{"kind":"department","filter":"code == 'HQ'"}"#, &[])?;
        let headquarters = text(&top, "/records/0/id");
        let position = |code: &str, name: &str, rights: &str| {
            let values = format!(r#"{{"code":"{code}","name":"{name}","rights":{rights}}}"#);
            self.make("position", Json::parse(&values)?)
        };
        let seller = position(
            "STORY-SELLER",
            "Salesperson",
            r#"[{"kind":"*","verb":"read","scope":"all"},{"kind":"quote","verb":"*","scope":"own"},{"kind":"order","verb":"create","scope":"own"},{"kind":"order","verb":"submit","scope":"own"},{"kind":"order","verb":"update","scope":"own"},{"kind":"credit_limit","verb":"*","scope":"own"}]"#,
        )?;
        let every = r#"[{"kind":"*","verb":"*","scope":"all"}]"#;
        let manager = position("STORY-MANAGER", "Sales manager", every)?;
        let controller = position("STORY-CONTROL", "Controller", every)?;
        let employee = |code: &str, name: &str, position: &str| {
            let values = self.json(
                r#"{"code":"$code","name":"$name","department":"$hq","positions":[{"holds":"$position"}]}"#,
                &[("code", code), ("name", name), ("hq", &headquarters), ("position", position)],
            )?;
            self.make("employee", values)
        };
        let cast = Cast {
            seller: employee("STORY-1", "Mei Sun 孙梅", &seller)?,
            manager: employee("STORY-2", "Jan Hofmann", &manager)?,
            controller: employee("STORY-3", "Rosa Lind", &controller)?,
        };
        say("  Mei Sun 孙梅 sells, Jan Hofmann approves, Rosa Lind keeps the books.");
        Ok(cast)
    }
}
