//! What kinds there are and what they hold, in the caller's language.

use crm_kernel::Record;
use crm_kernel::catalogue::Kind;
use crm_kernel::context::Language;
use crm_kernel::error::Result;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{FieldDef, FieldRole, FieldType};
use crm_kernel::text::Texts;
use crm_kernel::work::Work;

/// Describes a kind: its fields with types and labels, in the caller's language. Who may read a record may have its lines
/// described.
#[derive(Clone, Debug, Record)]
#[record(name = "record_describe")]
pub struct Describe {
    /// The kind's name.
    pub kind: String,
}

/// A description.
#[derive(Clone, Debug, Record)]
#[record(name = "record_describe_answer")]
pub struct DescribeAnswer {
    /// The kind's number.
    pub no: i64,
    /// Its name.
    pub kind: String,
    /// Its label in the caller's language.
    pub label: String,
    /// What it is, in English.
    #[field(long_text)]
    pub description: String,
    /// True where it is made and changed by operations of its own.
    pub managed: bool,
    /// True where it was made at run time.
    pub custom: bool,
    /// The kind whose lines these are.
    pub parent: Option<String>,
    /// Fields in order: `{no, name, label, description, type, required, managed, ...}`.
    pub fields: Vec<Json>,
}

impl Operation for Describe {
    const NAME: &'static str = "record.describe";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::OnHead { verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["SYS-06", "CFG-02"];
    const EXAMPLE: &'static str = r#"{"kind":"department"}"#;
    type Answer = DescribeAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DescribeAnswer> {
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?;
        let (texts, language) = (work.model().texts(), work.context().language);
        let name_of = |no: u32| catalogue.kind(no).map(|kind| kind.name().to_owned());
        let shown = kind.fields().iter().filter(|field| field.role != FieldRole::LineCounter);
        let fields = shown.map(|field| {
            let mut json = Json::object()
                .with("no", i64::from(field.no))
                .with("name", field.name.to_string())
                .with("label", field_label(texts, language, kind, field))
                .with("description", field.doc.to_string())
                .with("type", field.ty.name())
                .with("required", field.required)
                .with("managed", field.managed);
            match &field.ty {
                FieldType::Ref(to) | FieldType::Children(to) => {
                    json = json.with("to", name_of(*to).map_or(Json::Null, Json::Text));
                }
                FieldType::Picklist(list) => json = json.with("picklist", list.to_string()),
                FieldType::Num { digits, scale, .. } => {
                    json = json.with("digits", i64::from(*digits)).with("decimals", i64::from(*scale));
                }
                FieldType::Text { max } => json = json.with("longest", i64::from(*max)),
                FieldType::Choice(choice) => {
                    let options = choice.options.iter().map(|code| {
                        let key = format!("choice.{}.{code}", choice.name);
                        Json::object().with("code", *code).with("label", texts.get(language, &key))
                    });
                    json = json.with("options", options.collect::<Vec<_>>());
                }
                _ => {}
            }
            json
        });
        Ok(DescribeAnswer {
            no: i64::from(kind.no()),
            kind: kind.name().to_owned(),
            label: kind_label(texts, language, kind),
            description: kind.def.doc.to_string(),
            managed: kind.def.managed,
            custom: kind.is_custom(),
            parent: kind.parent().and_then(name_of),
            fields: fields.collect(),
        })
    }
}

/// A kind's label: its own where it was made at run time, else from the texts.
pub fn kind_label(texts: &Texts, language: Language, kind: &Kind) -> String {
    match &kind.def.labels {
        Some(labels) => own(labels, language),
        None => texts.get(language, &format!("kind.{}", kind.name())).to_owned(),
    }
}

/// A field's label: its own where it was made at run time, else `field.<kind>.<field>`, else `field.<field>`.
pub fn field_label(texts: &Texts, language: Language, kind: &Kind, field: &FieldDef) -> String {
    if let Some(labels) = &field.labels {
        return own(labels, language);
    }
    let own = texts.find(language, &format!("field.{}.{}", kind.name(), field.name));
    own.map_or_else(|| texts.get(language, &format!("field.{}", field.name)).to_owned(), str::to_owned)
}

fn own(labels: &[String; 3], language: Language) -> String {
    let [zh_cn, zh_tw, en] = labels;
    match language {
        Language::ZhCn => zh_cn.clone(),
        Language::ZhTw => zh_tw.clone(),
        Language::En => en.clone(),
    }
}
