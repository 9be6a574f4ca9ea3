//! From the approved order to its money: plan, delivery, invoice, receipts, a limit of credit, dunning.

use super::choice::{Deal, Named};
use super::tables::{
    credit_table, messages_table, records, statement_table, status_table, steps_table, tracking_table,
};
use super::{Cast, Tell};
use crate::desk::{object, text};
use crate::show::{amount, heading, say};
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::json::Json;

/// Part of the order, by line: what is delivered and invoiced.
const PART: [(i64, &str); 2] = [(1, "5"), (2, "2")];

/// When reminders are run: three days before the rest is due, seven and twenty-one after it.
const REMINDERS: [i64; 3] = [33, 43, LAST_DAY];

/// The last day of the story.
const LAST_DAY: i64 = 57;

impl Tell<'_> {
    /// Plan, part delivery, invoice, a first receipt.
    pub(super) fn execute(&self, cast: &Cast, deal: &Deal, order: &str) -> Result<()> {
        heading("Plan, delivery, invoice, receipt");
        let (template, term, out) = self.rules_of_execution()?;
        let plan = self.call(
            &cast.controller,
            "plan.make",
            r#"{"order":"$order","template":"$template","payment_term":"$term"}"#,
            &[("order", order), ("template", &template), ("term", &term)],
        )?;
        steps_table(&plan);
        self.at(self.later(6));
        let part = PART
            .iter()
            .take(deal.products.len())
            .map(|(line, quantity)| object(&[("line", Json::Int(*line)), ("quantity", (*quantity).into())]));
        let part = Json::List(part.collect());
        let delivery = object(&[("order", order.into()), ("action", out.into()), ("lines", part.clone())]);
        self.desk.call_as(&cast.controller, "plan.execute", &delivery)?;
        let billing = object(&[("order", order.into()), ("payment_term", term.into()), ("lines", part)]);
        let billed = self.desk.call_as(&cast.controller, "invoice.issue", &billing)?;
        say(format_args!(
            "  On {} a part is delivered, and invoiced as {}: {} {}.",
            self.later(6),
            text(&billed, "/invoice/number"),
            text(&billed, "/invoice/total"),
            text(&billed, "/invoice/currency"),
        ));
        self.receive(cast, &deal.customer, order, amount(billed.at("/receivables/0/amount")))?;
        self.progress(cast, order)
    }

    /// Terms of payment, a template of steps and its actions; gives template, term and the action of delivery.
    fn rules_of_execution(&self) -> Result<(String, String, String)> {
        let term = self.make(
            "payment_term",
            self.json(
                r#"{"code":"STORY-30-70","name":"30 % at once, the rest in 30 days","lines":[{"label":"deposit","share":"percent","value":"30","due":""},{"label":"balance","share":"balance","due":"+30 days"}]}"#,
                &[],
            )?,
        )?;
        let action = |values: &str| self.make("action_type", self.json(values, &[])?);
        let out = action(r#"{"code":"STORY-OUT","name":"Stock-out","effect_delivery":"out"}"#)?;
        let invoice = action(r#"{"code":"STORY-INV","name":"Invoice","effect_invoice":true}"#)?;
        action(r#"{"code":"STORY-REC","name":"Receipt","effect_money":"receive"}"#)?;
        let template = self.make(
            "plan_template",
            self.json(
                r#"{"code":"STORY","name":"Ordinary order","steps":[{"action":"$out","label":"Deliver","due":"+7 days"},{"action":"$invoice","label":"Invoice","due":"+7 days"}]}"#,
                &[("out", &out), ("invoice", &invoice)],
            )?,
        )?;
        Ok((template, term, out))
    }

    /// Money comes in for the order.
    fn receive(&self, cast: &Cast, customer: &Named, order: &str, money: Dec) -> Result<()> {
        let request = object(&[
            ("customer", customer.id.as_str().into()),
            ("order", order.into()),
            ("amount", money.to_string().into()),
        ]);
        let paid = self.desk.call_as(&cast.controller, "receipt.record", &request)?;
        say(format_args!(
            "  {} {} come in on {} ({}).",
            text(&paid, "/receipt/amount"),
            text(&paid, "/receipt/currency"),
            text(&paid, "/receipt/date"),
            text(&paid, "/receipt/number")
        ));
        Ok(())
    }

    /// Where plan and order stand.
    fn progress(&self, cast: &Cast, order: &str) -> Result<()> {
        let names = [("order", order)];
        let status = self.call(&cast.controller, "plan.status", r#"{"order":"$order"}"#, &names)?;
        say("\n  The plan now, planned against done:");
        status_table(&status);
        let tracking = self.call(&cast.controller, "order.tracking", r#"{"order":"$order"}"#, &names)?;
        tracking_table(&tracking);
        Ok(())
    }

    /// A limit, a refusal, a release.
    pub(super) fn credit(&self, cast: &Cast, deal: &Deal) -> Result<()> {
        heading("Credit");
        let lines =
            |times| object(&[("customer", deal.customer.id.as_str().into()), ("lines", deal.lines(times))]);
        let priced = self.desk.call_as(&cast.seller, "price.document", &lines(1))?;
        let wanted = self.in_base(&text(&priced, "/total"), &text(&priced, "/currency"))?;
        let used = self.used(&deal.customer, wanted)?;
        // Room for half of such an order. Whoever paid in advance for several may order as many, and then one more.
        let digits = digits(self.base);
        let half = wanted.div(Dec::from_int(2), digits, Rounding::HalfUp)?;
        let limit = used.add(half)?.max(Dec::ZERO);
        let room = limit.sub(used)?;
        let times = room.div(wanted, 6, Rounding::HalfUp)?.floor_to(0).to_i64_at(0)? + 1;
        self.limit(&deal.customer, limit)?;
        say(format_args!(
            "  Rosa Lind sets the limit of {} at {} {}; {} of it are used.",
            deal.customer.name,
            limit.to_text_scale(digits),
            self.base,
            used.to_text_scale(digits)
        ));
        let made = self.desk.call_as(&cast.seller, "order.create", &lines(times))?;
        let (order, number) = (text(&made, "/order/id"), text(&made, "/order/number"));
        self.call(&cast.seller, "order.submit", r#"{"order":"$order"}"#, &[("order", &order)])?;
        match self.approve(cast) {
            Ok(()) => {
                say(format_args!("  {number} is approved: the limit did not bind."));
                return Ok(());
            }
            Err(error) => say(format_args!("  {number}: {}", self.desk.message(&error))),
        }
        let until = self.later(36).to_string();
        self.call(
            &cast.controller,
            "credit.release",
            r#"{"order":"$order","until":"$until","reason":"The bank has confirmed"}"#,
            &[("order", &order), ("until", &until)],
        )?;
        self.approve(cast)?;
        say(format_args!("  Rosa Lind releases it until {until}; now Jan can approve."));
        let uses = self.call(&cast.controller, "credit.use", r#"{"limit":1000}"#, &[])?;
        credit_table(&uses, &deal.customer.id, self.base);
        Ok(())
    }

    fn in_base(&self, money: &str, currency: &str) -> Result<Dec> {
        let names = [("amount", money), ("from", currency), ("to", self.base)];
        let source = r#"{"amount":"$amount","from":"$from","to":"$to"}"#;
        Ok(amount(self.call_admin("currency.convert", source, &names)?.get("amount")))
    }

    fn limit(&self, customer: &Named, limit: Dec) -> Result<Json> {
        let names = [("customer", customer.id.as_str()), ("amount", &limit.to_string())];
        self.call_admin("credit.set_limit", r#"{"customer":"$customer","amount":"$amount"}"#, &names)
    }

    /// What a customer uses of his limit. Who has none gets one for that: without a limit nothing is counted.
    fn used(&self, customer: &Named, limit: Dec) -> Result<Dec> {
        let names = [("customer", customer.id.as_str())];
        let check = || self.call_admin("credit.check", r#"{"customer":"$customer"}"#, &names);
        let mut checked = check()?;
        if checked.at("/dimensions/0/limit").is_none_or(Json::is_null) {
            self.limit(customer, limit)?;
            checked = check()?;
        }
        Ok(amount(checked.at("/dimensions/0/exposure/used")))
    }

    /// Two months later: of the rest a part is paid, and the other is asked for.
    pub(super) fn dun(&self, cast: &Cast, deal: &Deal, order: &str) -> Result<()> {
        heading("Overdue and dunning");
        self.reminder_rules(&deal.customer)?;
        let mut fired = 0;
        for (nth, day) in REMINDERS.into_iter().enumerate() {
            if nth == 1 {
                self.pay_half(cast, &deal.customer, order)?;
            }
            self.at(self.later(day));
            loop {
                let run = self.call(&cast.controller, "reminders.run", "{}", &[])?;
                fired += run.get("fired").and_then(Json::as_int).unwrap_or(0);
                if run.get("more") != Some(&Json::Bool(true)) {
                    break;
                }
            }
        }
        let (from, to) = (self.today.to_string(), self.later(LAST_DAY).to_string());
        let names = [("customer", deal.customer.id.as_str()), ("from", &from), ("to", &to)];
        let balance =
            self.call(&cast.controller, "account.balance", r#"{"customer":"$customer"}"#, &names)?;
        for one in records(&balance, "balances") {
            let [overdue, open, currency] = ["/overdue", "/open", "/currency"].map(|at| text(one, at));
            say(format_args!(
                "  On {}, {overdue} of {open} {currency} are overdue.",
                text(&balance, "/as_of")
            ));
        }
        say(format_args!("  {fired} reminders fell due in these two months:"));
        let outbox = self.call(&cast.controller, "outbox.list", r#"{"limit":1000}"#, &[])?;
        messages_table(&outbox);
        let source = r#"{"customer":"$customer","from":"$from","to":"$to"}"#;
        let statement = self.call(&cast.controller, "account.statement", source, &names)?;
        say(format_args!("\n  Statement of {}:", deal.customer.name));
        statement_table(&statement);
        Ok(())
    }

    /// Half of what is open of the order's debts comes in, a few days late.
    fn pay_half(&self, cast: &Cast, customer: &Named, order: &str) -> Result<()> {
        self.at(self.later(40));
        let list = r#"{"kind":"receivable","filter":"order == \"$order\" && open > 0","limit":1}"#;
        let debt = self.call_admin("record.list", list, &[("order", order)])?;
        let (open, currency) = (amount(debt.at("/records/0/open")), text(&debt, "/records/0/currency"));
        let half = open.div(Dec::from_int(2), digits(&currency), Rounding::HalfUp)?;
        self.receive(cast, customer, order, half)
    }

    fn reminder_rules(&self, customer: &Named) -> Result<()> {
        for (code, offset, level, subject) in [
            ("STORY-SOON", "-3", "0", "Due soon: {{ document }}"),
            ("STORY-DUN1", "7", "1", "Reminder: {{ document }} was due on {{ due_date }}"),
            ("STORY-DUN2", "21", "2", "Second reminder: {{ document }} was due on {{ due_date }}"),
        ] {
            let source = format!(
                r#"{{"code":"{code}","name":"{code}","kind":"receivable","condition":"open > 0 && customer == \"$customer\"","date":"due_date","offset_days":{offset},"level":{level},"recipient":"customer","texts":[{{"language":"en","subject":"{subject}","body":"Dear {{{{ customer.name }}}}, {{{{ open }}}} {{{{ currency }}}} of {{{{ document }}}} are open."}}]}}"#
            );
            self.make("reminder_rule", self.json(&source, &[("customer", &customer.id)])?)?;
        }
        Ok(())
    }
}

/// The decimals of a currency.
fn digits(currency: &str) -> u8 {
    Currency::parse(currency).map_or(2, |currency| currency.digits())
}
