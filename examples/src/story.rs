//! A fortnight of business on top of the history: quote, approval, order, plan, delivery, money, credit, dunning.

use crate::desk::{Desk, object, text};
use crate::show::{heading, say, table};
use crm_kernel::date::{Date, Instant};
use crm_kernel::error::Result;
use crm_kernel::json::Json;

/// The people of the story, by employee id.
struct Cast {
    seller: String,
    manager: String,
    controller: String,
}

/// Lives the story, with its clock on the day after the last order. `base` is the currency of the enterprise's books.
pub fn live(desk: &Desk, last_order: Option<Date>, base: &str) -> Result<()> {
    let today = last_order.and_then(|date| date.add_days(1)).unwrap_or(Date::EPOCH);
    let tell = Tell { desk, today, base };
    tell.at(today, 1);
    heading(&format!("And on {today} business goes on"));
    let cast = tell.cast()?;
    let (customer, products) = tell.choose()?;
    let quote = tell.quote(&cast, &customer, &products)?;
    let order = tell.order(&cast, &quote)?;
    tell.execute(&cast, &order)?;
    tell.credit(&cast, &customer, &products)?;
    tell.dun(&cast, &customer)
}

struct Tell<'a> {
    desk: &'a Desk,
    today: Date,
    base: &'a str,
}

impl Tell<'_> {
    /// Sets the clock to an hour of a day, UTC.
    fn at(&self, day: Date, hour: u32) {
        if let Ok(now) = Instant::parse(&format!("{day}T{hour:02}:00:00Z")) {
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
        Ok(crate::desk::filled(&Json::parse(source)?, names))
    }

    fn call(&self, who: &str, operation: &str, source: &str, names: &[(&str, &str)]) -> Result<Json> {
        self.desk.call_as(who, operation, &self.json(source, names)?)
    }

    /// Three people with positions: who sells, who leads, who keeps the books.
    fn cast(&self) -> Result<Cast> {
        let top = self.json(r#"{"kind":"department","filter":"code == 'HQ'"}"#, &[])?;
        let headquarters = text(&self.desk.call("record.list", &top)?, "/records/0/id");
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
        say(format_args!("  Mei Sun 孙梅 sells, Jan Hofmann approves, Rosa Lind keeps the books."));
        Ok(cast)
    }

    /// The customer with the largest order and three products that are sold.
    fn choose(&self) -> Result<((String, String), Vec<(String, String)>)> {
        let request = r#"{"kind":"order","filter":"currency == customer.currency || customer.currency == null","order":["-total"],"limit":1}"#;
        let order = self.desk.call("record.list", &self.json(request, &[])?)?;
        let id = text(&order, "/records/0/customer");
        let customer = self.call_admin("record.get", r#"{"kind":"customer","id":"$id"}"#, &[("id", &id)])?;
        let list = r#"{"kind":"product","filter":"state == 'active' && list_price > 0","order":["-list_price","code"],"limit":40}"#;
        let products = self.desk.call("record.list", &self.json(list, &[])?)?;
        let records = products.get("records").and_then(Json::as_list).unwrap_or_default();
        let some = records.iter().rev().step_by(records.len().div_ceil(3).max(1)).take(3);
        let products = some.map(|record| (text(record, "/id"), text(record, "/name"))).collect();
        Ok(((id, text(&customer, "/record/name")), products))
    }

    fn call_admin(&self, operation: &str, source: &str, names: &[(&str, &str)]) -> Result<Json> {
        self.desk.call(operation, &self.json(source, names)?)
    }

    /// A quote with an explained price, sent and accepted.
    fn quote(
        &self,
        cast: &Cast,
        customer: &(String, String),
        products: &[(String, String)],
    ) -> Result<String> {
        heading(&format!("A quote for {}", customer.1));
        if let Some((product, name)) = products.first() {
            let values = self.json(
                r#"{"code":"STORY-10","name":"Ten or more","product":"$product","min_quantity":"10","method":"discount_percent","value":"7.5"}"#,
                &[("product", product)],
            )?;
            self.make("price_rule", values)?;
            say(format_args!("  From today ten or more of `{name}` cost 7.5 % less."));
        }
        self.call_admin("setting.set", r#"{"key":"quote.approval","value":"none"}"#, &[])?;
        let mut lines = Vec::new();
        for ((product, _), quantity) in products.iter().zip(["12", "2", "1"]) {
            lines.push(format!(r#"{{"product":"{product}","quantity":"{quantity}"}}"#));
        }
        let source = format!(r#"{{"customer":"$customer","lines":[{}]}}"#, lines.join(","));
        let made = self.call(&cast.seller, "quote.create", &source, &[("customer", &customer.0)])?;
        let quote = text(&made, "/quote/id");
        let version = made.get("quote_version").unwrap_or(&Json::Null);
        lines_table(version, products);
        if let Some(derivation) = version.at("/lines/0/derivation") {
            say(format_args!("  Why the first price is what it is:\n    {derivation}"));
        }
        for step in ["quote.submit", "quote.send", "quote.accept"] {
            self.call(&cast.seller, step, r#"{"quote":"$quote"}"#, &[("quote", &quote)])?;
        }
        say(format_args!(
            "  {} is sent, and accepted at {} {}.",
            text(&made, "/quote/number"),
            text(version, "/total"),
            text(version, "/currency")
        ));
        Ok(quote)
    }

    /// The order of the quote, approved by somebody else.
    fn order(&self, cast: &Cast, quote: &str) -> Result<String> {
        heading("The order and its approval");
        let defined = self.call_admin(
            "approval.define",
            r#"{"kind":"order","code":"STORY","name":"Orders","steps":[{"name":"Sales manager","mode":"one","approvers":[{"source":"employee","employee":"$manager"}],"on_empty":"hold"}]}"#,
            &[("manager", &cast.manager)],
        )?;
        let definition = text(&defined, "/definition/id");
        self.call_admin("approval.publish", r#"{"definition":"$id"}"#, &[("id", &definition)])?;
        let made =
            self.call(&cast.seller, "order.from_quote", r#"{"quote":"$quote"}"#, &[("quote", quote)])?;
        let order = text(&made, "/order/id");
        let number = text(&made, "/order/number");
        self.call(&cast.seller, "order.submit", r#"{"order":"$order"}"#, &[("order", &order)])?;
        match self.call(&cast.seller, "order.approve", r#"{"order":"$order"}"#, &[("order", &order)]) {
            Ok(_) => say(format_args!("  Mei approves her own order: that should not have been possible.")),
            Err(error) => {
                say(format_args!("  Mei may not approve {number} herself: {}", self.desk.message(&error)))
            }
        }
        self.approve(cast)?;
        say(format_args!("  {number} is approved by Jan Hofmann."));
        Ok(order)
    }

    /// The manager decides on whatever waits for him.
    fn approve(&self, cast: &Cast) -> Result<()> {
        let inbox = self.call(&cast.manager, "approval.inbox", "{}", &[])?;
        let task = text(&inbox, "/tasks/0/task/id");
        self.call(
            &cast.manager,
            "approval.decide",
            r#"{"task":"$task","decision":"approve","comment":"Go ahead"}"#,
            &[("task", &task)],
        )?;
        Ok(())
    }

    /// Plan, part delivery, invoice, receipt.
    fn execute(&self, cast: &Cast, order: &str) -> Result<()> {
        heading("Plan, delivery, invoice, receipt");
        let term = self.make(
            "payment_term",
            self.json(
                r#"{"code":"STORY-30-70","name":"30 % at once, the rest in 30 days","lines":[{"label":"deposit","share":"percent","value":"30","due":""},{"label":"balance","share":"balance","due":"+30 days"}]}"#,
                &[],
            )?,
        )?;
        let mut actions = Vec::new();
        for values in [
            r#"{"code":"STORY-OUT","name":"Stock-out","effect_delivery":"out"}"#,
            r#"{"code":"STORY-INV","name":"Invoice","effect_invoice":true}"#,
            r#"{"code":"STORY-REC","name":"Receipt","effect_money":"receive"}"#,
        ] {
            actions.push(self.make("action_type", self.json(values, &[])?)?);
        }
        let [out, invoice, receive] = actions.as_slice() else { return Ok(()) };
        let template = self.make(
            "plan_template",
            self.json(
                r#"{"code":"STORY","name":"Ordinary order","steps":[{"action":"$out","label":"Deliver","due":"+7 days"},{"action":"$invoice","label":"Invoice","due":"+7 days"}]}"#,
                &[("out", out), ("invoice", invoice)],
            )?,
        )?;
        let names = [("order", order), ("template", &template), ("term", &term), ("receive", receive)];
        let plan = self.call(
            &cast.controller,
            "plan.make",
            r#"{"order":"$order","template":"$template","payment_term":"$term"}"#,
            &names,
        )?;
        plan_table(&plan);
        self.at(self.later(6), 3);
        self.call(
            &cast.controller,
            "plan.execute",
            r#"{"order":"$order","action":"$out","lines":[{"line":1,"quantity":"5"},{"line":2,"quantity":"2"}]}"#,
            &[("order", order), ("out", out)],
        )?;
        self.call(
            &cast.controller,
            "invoice.issue",
            r#"{"order":"$order","payment_term":"$term","lines":[{"line":1,"quantity":"5"},{"line":2,"quantity":"2"}]}"#,
            &names,
        )?;
        let order_record = self.call_admin("record.get", r#"{"kind":"order","id":"$order"}"#, &names)?;
        let customer = text(&order_record, "/record/customer");
        let paid = self.call(
            &cast.controller,
            "receipt.record",
            r#"{"customer":"$customer","order":"$order","amount":"500","currency":"$currency"}"#,
            &[
                ("customer", &customer),
                ("order", order),
                ("currency", &text(&order_record, "/record/currency")),
            ],
        )?;
        say(format_args!(
            "  Five and two are delivered and invoiced; 500 {} come in ({}).",
            text(&paid, "/receipt/currency"),
            text(&paid, "/receipt/number")
        ));
        let tracking = self.call(&cast.controller, "order.tracking", r#"{"order":"$order"}"#, &names)?;
        say(format_args!("  {tracking}"));
        Ok(())
    }

    /// A limit, a refusal, a release.
    fn credit(&self, cast: &Cast, customer: &(String, String), products: &[(String, String)]) -> Result<()> {
        heading("Credit");
        self.call(
            &cast.controller,
            "credit.set_limit",
            r#"{"customer":"$customer","amount":"1000"}"#,
            &[("customer", &customer.0)],
        )?;
        let product = products.last().map(|(id, _)| id.as_str()).unwrap_or_default();
        let made = self.call(
            &cast.seller,
            "order.create",
            r#"{"customer":"$customer","lines":[{"product":"$product","quantity":"50"}]}"#,
            &[("customer", &customer.0), ("product", product)],
        )?;
        let order = text(&made, "/order/id");
        self.call(&cast.seller, "order.submit", r#"{"order":"$order"}"#, &[("order", &order)])?;
        match self.approve(cast) {
            Ok(()) => say(format_args!("  The limit of 1 000 {} did not bind.", self.base)),
            Err(error) => {
                say(format_args!("  {}: {}", text(&made, "/order/number"), self.desk.message(&error)))
            }
        }
        let until = self.later(30).to_string();
        self.call(
            &cast.controller,
            "credit.release",
            r#"{"order":"$order","until":"$until","reason":"An old customer; the bank has confirmed"}"#,
            &[("order", &order), ("until", &until)],
        )?;
        self.approve(cast)?;
        say(format_args!("  Rosa Lind releases it until {until}; now Jan can approve."));
        let uses = self.call(&cast.controller, "credit.use", "{}", &[])?;
        let rows = uses.get("limits").and_then(Json::as_list).unwrap_or_default().iter().take(8).map(|row| {
            vec![
                text(row, "/name"),
                text(row, "/amount"),
                text(row, "/exposure/used"),
                text(row, "/headroom"),
            ]
        });
        let amounts = [">limit", ">used", ">headroom"].map(|column| in_currency(column, self.base));
        let [limit, used, headroom] = &amounts;
        table(&["holder", limit, used, headroom], &rows.collect::<Vec<_>>());
        Ok(())
    }

    /// Two months later: what is overdue is asked for, once.
    fn dun(&self, cast: &Cast, customer: &(String, String)) -> Result<()> {
        heading("Overdue and dunning");
        for (code, offset, level, subject) in [
            ("STORY-SOON", "-3", "0", "Due soon: {{ document }}"),
            ("STORY-DUN1", "7", "1", "Reminder: {{ document }} was due on {{ due_date }}"),
            ("STORY-DUN2", "21", "2", "Second reminder: {{ document }}"),
        ] {
            let source = format!(
                r#"{{"code":"{code}","name":"{code}","kind":"receivable","condition":"open > 0 && customer == \"$customer\"","date":"due_date","offset_days":{offset},"level":{level},"recipient":"customer","texts":[{{"language":"en","subject":"{subject}","body":"{{{{ open }}}} {{{{ currency }}}} are open."}}]}}"#
            );
            self.make("reminder_rule", self.json(&source, &[("customer", &customer.0)])?)?;
        }
        self.at(self.later(60), 4);
        let run = self.call(&cast.controller, "reminders.run", "{}", &[])?;
        let fired = run.get("fired").and_then(Json::as_int).unwrap_or(0);
        say(format_args!("  {fired} reminders fall due in these two months."));
        let outbox = self.call(&cast.controller, "outbox.list", r#"{"limit":8}"#, &[])?;
        let messages = outbox.get("messages").and_then(Json::as_list).unwrap_or_default();
        let rows = messages.iter().map(|message| vec![text(message, "/due"), text(message, "/subject")]);
        table(&["due", "subject"], &rows.collect::<Vec<_>>());
        let statement = self.call(
            &cast.controller,
            "account.statement",
            r#"{"customer":"$customer","from":"$from"}"#,
            &[("customer", &customer.0), ("from", &self.today.to_string())],
        )?;
        say(format_args!("\n  Statement of {}:", customer.1));
        let currency = text(&statement, "/currency");
        let [debit, credit, balance] =
            [">debit", ">credit", ">balance"].map(|column| in_currency(column, &currency));
        let entries =
            statement.get("entries").and_then(Json::as_list).unwrap_or_default().iter().map(|entry| {
                ["/date", "/entry", "/number", "/debit", "/credit", "/balance"]
                    .iter()
                    .map(|at| text(entry, at))
                    .collect()
            });
        table(
            &["date", "entry", "number", &debit, &credit, &balance],
            &entries.collect::<Vec<Vec<String>>>(),
        );
        Ok(())
    }
}

fn lines_table(version: &Json, products: &[(String, String)]) {
    let lines = version.get("lines").and_then(Json::as_list).unwrap_or_default();
    let rows = lines.iter().map(|line| {
        let product = text(line, "/product");
        let name =
            products.iter().find(|(id, _)| *id == product).map_or(product.clone(), |(_, name)| name.clone());
        let cells = ["/quantity", "/list_price", "/unit_price", "/net"].iter().map(|at| text(line, at));
        std::iter::once(name).chain(cells).collect()
    });
    let currency = text(version, "/currency");
    let [list, price, net] = [">list", ">price", ">net"].map(|column| in_currency(column, &currency));
    table(&["product", ">quantity", &list, &price, &net], &rows.collect::<Vec<Vec<String>>>());
}

/// The name of a column of amounts.
fn in_currency(column: &str, currency: &str) -> String {
    format!("{column} ({currency})")
}

fn plan_table(plan: &Json) {
    let steps = plan.at("/plan/steps").and_then(Json::as_list).unwrap_or_default();
    let rows = steps
        .iter()
        .map(|step| ["/due_date", "/label", "/amount", "/state"].iter().map(|at| text(step, at)).collect());
    let amount = in_currency(">amount", &text(plan, "/plan/currency"));
    table(&["due", "step", &amount, "state"], &rows.collect::<Vec<Vec<String>>>());
}
