//! The tables of the story.

use super::choice::Named;
use crate::desk::text;
use crate::show::{say, table};
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::json::Json;

/// Rows of a table that may grow with the data.
const MOST_ROWS: usize = 8;

/// The items of a list in an answer.
pub(super) fn records<'a>(answer: &'a Json, list: &str) -> &'a [Json] {
    answer.get(list).and_then(Json::as_list).unwrap_or_default()
}

/// The lines of a quote.
pub(super) fn lines_table(version: &Json, products: &[Named]) {
    let rows = records(version, "lines").iter().map(|line| {
        let product = text(line, "/product");
        let known = products.iter().find(|known| known.id == product);
        let name = known.map_or_else(|| product.clone(), |known| known.name.clone());
        let cells = ["/quantity", "/list_price", "/unit_price", "/net"].iter().map(|at| text(line, at));
        std::iter::once(name).chain(cells).collect()
    });
    let [list, price, net] = in_currency([">list", ">price", ">net"], &text(version, "/currency"));
    table(&["product", ">quantity", &list, &price, &net], &rows.collect::<Vec<Vec<String>>>());
}

/// How a price came about, step by step.
pub(super) fn derivation_table(derivation: &Json) {
    let mut rows: Vec<Vec<String>> = records(derivation, "effects")
        .iter()
        .map(|effect| {
            let said = ["/code", "/method", "/value", "/currency", "/rate"]
                .map(|at| text(effect, at).replace('_', " "));
            let said: Vec<&str> = said.iter().map(String::as_str).filter(|said| !said.is_empty()).collect();
            vec![text(effect, "/stage").replace('_', " "), said.join(" "), price(&text(effect, "/price"))]
        })
        .collect();
    for rounding in records(derivation, "rounding") {
        let how = format!(
            "{}, {} decimals",
            text(rounding, "/mode"),
            rounding.get("decimals").unwrap_or(&Json::Null)
        );
        rows.push(vec!["rounding".to_owned(), how, text(rounding, "/shown")]);
    }
    let [price] = in_currency([">price"], &text(derivation, "/currency"));
    table(&["step", "by", &price], &rows);
}

/// A price; a fraction (`320/0.2341`) at six decimals.
fn price(exact: &str) -> String {
    let Some((over, under)) = exact.split_once('/') else { return exact.to_owned() };
    let (Ok(over), Ok(under)) = (Dec::parse(over), Dec::parse(under)) else { return exact.to_owned() };
    over.div(under, 6, Rounding::HalfUp).map_or_else(|_| exact.to_owned(), |price| price.to_string())
}

/// What is planned.
pub(super) fn steps_table(plan: &Json) {
    let steps = plan.at("/plan/steps").and_then(Json::as_list).unwrap_or_default();
    let rows = steps.iter().map(|step| cells(step, &["/due_date", "/label", "/amount", "/state"]));
    let [amount] = in_currency([">amount"], &text(plan, "/plan/currency"));
    table(&["due", "step", &amount, "state"], &rows.collect::<Vec<_>>());
}

/// What of it is done.
pub(super) fn status_table(status: &Json) {
    let rows = records(status, "steps").iter().map(|step| {
        let mut row = cells(step, &["/due_date", "/label"]);
        for (money, share) in [("/planned_amount", "/planned_percent"), ("/done_amount", "/done_percent")] {
            let (money, share) = (text(step, money), text(step, share));
            row.push(if money.is_empty() && !share.is_empty() { format!("{share} %") } else { money });
        }
        row.push(text(step, "/state"));
        row
    });
    let [planned, done] = in_currency([">planned", ">done"], &text(status, "/currency"));
    table(&["due", "step", &planned, &done, "state"], &rows.collect::<Vec<_>>());
}

/// What of an order is delivered and invoiced, and what of it is paid.
pub(super) fn tracking_table(tracking: &Json) {
    for order in records(tracking, "orders") {
        say(format_args!("\n  {}, line by line:", text(order, "/number")));
        let rows = records(order, "lines").iter().map(|line| {
            cells(
                line,
                &["/description", "/ordered", "/delivered", "/to_deliver", "/invoiced", "/to_invoice"],
            )
        });
        table(
            &["line", ">ordered", ">delivered", ">to deliver", ">invoiced", ">to invoice"],
            &rows.collect::<Vec<_>>(),
        );
        let [ordered, delivered, invoiced, received, open, currency] =
            ["/ordered", "/delivered", "/invoiced", "/received", "/open", "/currency"]
                .map(|at| text(order, at));
        say(format_args!(
            "  Of {ordered} {currency}, {delivered} are delivered, {invoiced} invoiced, {received} received; {open} are open."
        ));
    }
}

/// The limits that are used most, and a customer's own.
pub(super) fn credit_table(uses: &Json, customer: &str, base: &str) {
    let limits = records(uses, "limits").iter().enumerate();
    let shown = limits.filter(|(at, limit)| *at < MOST_ROWS || text(limit, "/customer") == customer);
    let rows = shown.map(|(_, limit)| cells(limit, &["/name", "/amount", "/exposure/used", "/headroom"]));
    let [limit, used, headroom] = in_currency([">limit", ">used", ">headroom"], base);
    table(&["holder", &limit, &used, &headroom], &rows.collect::<Vec<_>>());
}

/// The messages of the outbox by their due dates, and the last of them as it reads.
pub(super) fn messages_table(outbox: &Json) {
    let mut messages: Vec<&Json> = records(outbox, "messages").iter().collect();
    messages.sort_by_key(|message| (text(message, "/due"), text(message, "/subject")));
    // The latest: those of the story's own invoice.
    let left_out = messages.len().saturating_sub(MOST_ROWS);
    let rows = messages.iter().skip(left_out).map(|message| {
        let level = message.get("level").map(Json::to_string).unwrap_or_default();
        vec![text(message, "/due"), level, text(message, "/subject")]
    });
    if left_out > 0 {
        say(format_args!("  (not shown: {left_out} earlier)"));
    }
    table(&["due", ">level", "subject"], &rows.collect::<Vec<_>>());
    if let Some(last) = messages.last() {
        say(format_args!("  The last one reads: {}", text(last, "/body")));
    }
}

/// A statement of account: what it opened with, the entries, what it closed with.
pub(super) fn statement_table(statement: &Json) {
    let nothing = String::new;
    let balance = |at: &str, what: &str, day: &str| {
        vec![text(statement, day), what.to_owned(), nothing(), nothing(), nothing(), text(statement, at)]
    };
    let mut rows = vec![balance("/opening", "balance before", "/from")];
    for entry in records(statement, "entries") {
        rows.push(cells(entry, &["/date", "/entry", "/number", "/debit", "/credit", "/balance"]));
    }
    rows.push(balance("/closing", "balance", "/to"));
    let [debit, credit, after] =
        in_currency([">debit", ">credit", ">balance"], &text(statement, "/currency"));
    table(&["date", "entry", "number", &debit, &credit, &after], &rows);
}

fn cells(json: &Json, pointers: &[&str]) -> Vec<String> {
    pointers.iter().map(|at| text(json, at)).collect()
}

/// The names of columns of amounts.
fn in_currency<const N: usize>(columns: [&str; N], currency: &str) -> [String; N] {
    columns.map(|column| format!("{column} ({currency})"))
}
