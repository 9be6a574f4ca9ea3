//! A quote with its price explained, and the order that comes of it.

use super::choice::{Deal, QUANTITIES};
use super::tables::{derivation_table, lines_table};
use super::{Cast, Tell};
use crate::desk::{object, text};
use crate::show::{heading, say};
use crm_kernel::error::Result;
use crm_kernel::json::Json;

impl Tell<'_> {
    /// A quote with an explained price, sent and accepted.
    pub(super) fn quote(&self, cast: &Cast, deal: &Deal) -> Result<String> {
        heading(&format!("A quote for {}", deal.customer.name));
        if let Some(product) = deal.products.first() {
            let values = self.json(
                r#"{"code":"STORY-10","name":"Ten or more","product":"$product","min_quantity":"10","method":"discount_percent","value":"7.5"}"#,
                &[("product", &product.id)],
            )?;
            self.make("price_rule", values)?;
            say(format_args!("  From today ten or more of `{}` cost 7.5 % less.", product.name));
        }
        self.call_admin("setting.set", r#"{"key":"quote.approval","value":"none"}"#, &[])?;
        let request = object(&[("customer", deal.customer.id.as_str().into()), ("lines", deal.lines(1))]);
        let made = self.desk.call_as(&cast.seller, "quote.create", &request)?;
        let quote = text(&made, "/quote/id");
        let version = made.get("quote_version").unwrap_or(&Json::Null);
        lines_table(version, &deal.products);
        if let (Some(derivation), Some(product)) = (version.at("/lines/0/derivation"), deal.products.first())
        {
            let [quantity, ..] = QUANTITIES;
            say(format_args!("\n  Why {quantity} of `{}` have this price:", product.name));
            derivation_table(derivation);
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
    pub(super) fn order(&self, cast: &Cast, quote: &str) -> Result<String> {
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
            Ok(_) => say("  Mei approves her own order: that should not have been possible."),
            Err(error) => {
                say(format_args!("  Mei may not approve {number} herself: {}", self.desk.message(&error)));
            }
        }
        self.approve(cast)?;
        say(format_args!("  {number} is approved by Jan Hofmann."));
        Ok(order)
    }

    /// The manager decides on what waits for him.
    pub(super) fn approve(&self, cast: &Cast) -> Result<()> {
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
}
