//! Export of what the actor may read and take out.

use super::csv::write_csv_record;
use super::list::{filter, order, page};
use crm_kernel::Record;
use crm_kernel::encode::Encoder;
use crm_kernel::error::{Code, Result};
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::FieldRole;
use crm_kernel::work::Work;

/// Records of a kind as CSV (RFC 4180, UTF-8, header first): every field that is no list of lines.
#[derive(Clone, Debug, Record)]
#[record(name = "record_export")]
pub struct Export {
    /// The kind's name.
    pub kind: String,
    /// Only records for which this condition holds.
    #[field(text = 8192)]
    pub filter: Option<String>,
    /// Sort keys, as in `record.list`.
    pub order: Vec<String>,
    /// Columns by field name, in order; all where none is named.
    #[field(selection)]
    pub columns: Vec<String>,
    /// At most so many records, 1 to 100,000.
    #[field(default = "10000")]
    pub limit: i64,
}

/// The text of an export.
#[derive(Clone, Debug, Record)]
#[record(name = "record_export_answer")]
pub struct ExportAnswer {
    /// The CSV.
    #[field(long_text)]
    pub csv: String,
    /// Records in it.
    pub rows: i64,
}

impl Operation for Export {
    const NAME: &'static str = "record.export";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::OnKind { verb: "export" };
    const CAPABILITIES: &'static [&'static str] = &["SYS-05"];
    const EXAMPLE: &'static str = r#"{"kind":"department","columns":["code","name"]}"#;
    type Answer = ExportAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ExportAnswer> {
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?;
        let shown = kind.fields().iter().enumerate();
        let shown = shown.filter(|(_, field)| field.ty.is_column() && field.role != FieldRole::LineCounter);
        let all: Vec<(usize, String)> = shown.map(|(at, field)| (at, field.name.to_string())).collect();
        let columns = if self.columns.is_empty() {
            all
        } else {
            let chosen = self.columns.iter().enumerate().map(|(at, name)| {
                let found = all.iter().find(|(_, known)| known == name).cloned();
                found.ok_or_else(|| {
                    Code::UNKNOWN_FIELD.at(format!("/columns/{at}")).with("field", name.clone())
                })
            });
            chosen.collect::<Result<_>>()?
        };
        let plan = Query {
            kind: kind.no(),
            filter: filter(work, kind, self.filter.as_deref())?,
            order: order(work, kind, &self.order)?,
            after: None,
            limit: Some(page(self.limit, 100_000)?),
            select: Select::Heads,
        };
        let found = work.query_for("export", plan)?;
        let encoder = Encoder::new(&catalogue, work.base());
        let mut csv = String::new();
        let header = std::iter::once("id").chain(columns.iter().map(|(_, name)| name.as_str()));
        write_csv_record(header, ',', &mut csv);
        let mut rows = 0;
        for row in found.iter().filter_map(|found| found.row.as_ref()) {
            let fields = columns.iter().map(|(position, _)| match encoder.field(kind, row, *position) {
                Json::Null => String::new(),
                Json::Text(text) => text,
                other => other.to_string(),
            });
            write_csv_record(std::iter::once(row.id.to_string()).chain(fields), ',', &mut csv);
            rows += 1;
        }
        Ok(ExportAnswer { csv, rows })
    }
}
