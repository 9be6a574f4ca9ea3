//! The Rust door with types: the same calls as requests that are structs, the answers written as text again.

use super::door::{Call, Door, Outcome, StoreKind};
use super::rust_door;
use crm_domain::*;
use crm_kernel::codec::Decoder;
use crm_kernel::currency::Currency;
use crm_kernel::encode::Encoder;
use crm_kernel::error::Result;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::record::Record;
use crm_store::{Crm, Session};

/// The database that is open.
#[derive(Default)]
pub struct TypedDoor {
    crm: Option<Crm>,
    /// The enterprise's currency, in which some amounts of answers are written.
    base: Option<Currency>,
}

impl Door for TypedDoor {
    fn name(&self) -> &'static str {
        "typed"
    }

    fn stores(&self) -> &'static [StoreKind] {
        &[StoreKind::Memory]
    }

    fn open(&mut self, store: StoreKind) -> std::result::Result<(), String> {
        *self = TypedDoor { crm: Some(rust_door::crm(store.open()?)?), base: None };
        Ok(())
    }

    fn call(&mut self, call: &Call<'_>) -> std::result::Result<Outcome, String> {
        let session = rust_door::session(self.crm.as_ref().ok_or("no database is open")?, call)?;
        let request = Json::parse(call.request).unwrap_or_default();
        if call.operation == settings::Setup::NAME && self.base.is_none() {
            let code = request.get("base_currency").and_then(Json::as_text);
            self.base = code.and_then(|code| Currency::parse(code).ok());
        }
        // What cannot be said in types is refused as text.
        let answer = typed(&session, self.base, call.operation, &request)
            .unwrap_or_else(|| session.call_json(call.operation, call.request));
        Ok(rust_door::outcome(&session, answer))
    }
}

/// The answer to a request as a struct, as text; none where there is no such struct.
fn call<O: Operation>(session: &Session, base: Option<Currency>, request: &Json) -> Option<Result<String>> {
    let decoded = Decoder::new(&session.crm().catalogue()).message(O::def(), request);
    let request = decoded.and_then(|row| O::from_row(&row)).ok()?;
    Some(session.call(request).and_then(|answer| {
        let catalogue = session.crm().catalogue();
        Ok(Encoder::new(&catalogue, base).message(O::Answer::def(), &answer.to_row()?).to_string())
    }))
}

macro_rules! operations {
    ($($operation:ty,)*) => {
        fn typed(session: &Session, base: Option<Currency>, name: &str, request: &Json) -> Option<Result<String>> {
            match name {
                $(<$operation>::NAME => call::<$operation>(session, base, request),)*
                _ => None,
            }
        }

        #[cfg(test)]
        const TYPED: &[&str] = &[$(<$operation>::NAME),*];
    };
}

operations! {
    records::Create,
    records::Get,
    records::List,
    records::Count,
    records::Update,
    records::Delete,
    records::Restore,
    records::History,
    records::Bin,
    records::Export,
    records::Describe,
    records::Batch,
    records::Info,
    settings::Setup,
    settings::SetPolicy,
    settings::Set,
    settings::List,
    settings::numbering::Preview,
    settings::terms::Preview,
    settings::ConvertQuantity,
    settings::ConvertAmount,
    settings::TaxPercent,
    settings::TaxMapPrice,
    settings::WorkingDay,
    settings::definitions::AddField,
    settings::definitions::AddKind,
    settings::definitions::ChangeField,
    settings::definitions::RetireField,
    settings::SetPassword,
    settings::Login,
    parties::SetState,
    parties::Assign,
    catalog::CompareSuppliers,
    catalog::View,
    catalog::Views,
    pricing::PriceGet,
    pricing::PriceAmount,
    pricing::PriceDocument,
    pricing::PriceVerify,
    pricing::PriceBundle,
    pricing::PriceOffer,
    pricing::PriceWhyNot,
    pricing::PriceNextBreak,
    pricing::PriceLint,
    pricing::PriceReplay,
    approval::Define,
    approval::Publish,
    approval::Retire,
    approval::SubmitRecord,
    approval::Inbox,
    approval::Decide,
    approval::Withdraw,
    approval::Show,
    approval::Delegate,
    approval::Reassign,
    approval::Appoint,
    messaging::Run,
    messaging::DueNow,
    messaging::OutboxList,
    messaging::Acknowledge,
    quoting::Create,
    quoting::Change,
    quoting::SetTerms,
    quoting::AddLine,
    quoting::ChangeLine,
    quoting::RemoveLine,
    quoting::Reprice,
    quoting::NewVersion,
    quoting::VoidVersion,
    quoting::Submit,
    quoting::Withdraw,
    quoting::Approve,
    quoting::Reject,
    quoting::Send,
    quoting::Negotiate,
    quoting::Accept,
    quoting::Decline,
    quoting::Void,
    quoting::Expire,
    quoting::Difference,
    quoting::Show,
    ordering::Create,
    ordering::FromQuote,
    ordering::Change,
    ordering::AddLine,
    ordering::ChangeLine,
    ordering::RemoveLine,
    ordering::Submit,
    ordering::Withdraw,
    ordering::Approve,
    ordering::Reject,
    ordering::Hold,
    ordering::Release,
    ordering::Cancel,
    ordering::Trace,
    ordering::ImportedOrder,
    finance::Issue,
    finance::ImportInvoice,
    finance::InvoiceTaxes,
    finance::RecordReceipt,
    finance::AllocateReceipt,
    finance::UnallocateReceipt,
    finance::ImportReceipt,
    finance::RecordOpening,
    finance::Balance,
    finance::Statement,
    finance::Ageing,
    finance::DueList,
    finance::Compute,
    finance::Ledger,
    credit::SetLimit,
    credit::Check,
    credit::Use,
    credit::Recount,
    credit::Release,
    credit::Overview,
    credit::MaxDiscount,
    services::Use,
    services::TakeBack,
    services::List,
    fulfilment::Make,
    fulfilment::Replan,
    fulfilment::Execute,
    fulfilment::Status,
    fulfilment::Tracking,
    fulfilment::Transactions,
    analytics::RunReport,
    analytics::Trend,
    analytics::Rfm,
    imports::Preview,
    imports::Run,
    imports::RunHistory,
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_operation_has_a_type() {
        let model = crm_domain::model().unwrap();
        let names: Vec<&str> = model.operations().iter().map(|row| row.name).collect();
        assert_eq!(super::TYPED, names);
    }
}
