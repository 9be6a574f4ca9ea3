//! Making, changing and retiring definitions.

use super::{CustomField, CustomKind, CustomRole, CustomType, Labels, default_text, definitions};
use crate::org::{Department, Employee};
use crate::settings::{DEFINITION_INVALID, DEFINITION_RETIRED, REQUIRED_WITHOUT_DEFAULT};
use crm_kernel::Record;
use crm_kernel::catalogue::Kind;
use crm_kernel::codec::scalar;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{FIRST_CUSTOM_FIELD, FIRST_CUSTOM_KIND, FieldRole, FieldType, Record as _};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// Adds a field to a kind, declared or made at run time.
#[derive(Clone, Debug, Record)]
#[record(name = "definition_add_field")]
pub struct AddField {
    /// The kind's name.
    pub kind: String,
    /// The name: lower-case words joined by `_`.
    pub name: String,
    /// The type.
    pub r#type: CustomType,
    /// What people read.
    pub labels: Labels,
    /// True where a record without it is refused from now on. On a kind whose records are made by operations of its
    /// own it needs a default.
    #[field(default = "false")]
    pub required: bool,
    /// The value of new records that have none.
    pub default: Option<Json>,
    /// Longest text, in characters; 255 where none is given.
    pub longest: Option<i64>,
    /// Decimals of a number, 0 to 12; 2 where none are given.
    pub decimals: Option<i64>,
    /// The list of a picklist field.
    pub list: Option<String>,
    /// The kind that a reference refers to.
    pub target: Option<String>,
    /// What the field is to the machinery; on kinds made at run time only.
    #[field(default = "\"plain\"")]
    pub role: CustomRole,
    /// True where lists by this field are to be fast.
    #[field(default = "false")]
    pub indexed: bool,
    /// True where no two records may have the same value.
    #[field(default = "false")]
    pub unique: bool,
    /// True where summaries, such as those that approvers are shown, leave it out.
    #[field(default = "false")]
    pub sensitive: bool,
    /// A condition that every record has to fulfil from now on when it is written, such as `points >= 0`.
    #[field(text = 1000)]
    pub check: Option<String>,
}

/// A definition after an operation.
#[derive(Clone, Debug, Record)]
#[record(name = "definition_answer")]
pub struct DefinitionAnswer {
    /// The kind's name.
    pub kind: String,
    /// The kind's number.
    pub kind_no: i64,
    /// The numbers of the fields that were made or changed, in order.
    pub fields: Vec<i64>,
}

impl Operation for AddField {
    const NAME: &'static str = "definition.add_field";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "custom_field", verb: "create" };
    const ERRORS: &'static [Code] = &[DEFINITION_INVALID, REQUIRED_WITHOUT_DEFAULT];
    const CAPABILITIES: &'static [&'static str] = &["CFG-02"];
    const EXAMPLE: &'static str = r#"{"kind":"customer","name":"loyalty_points","type":"integer","labels":{"en":"Loyalty points","zh_cn":"会员积分","zh_tw":"會員積分"}}"#;
    type Answer = DefinitionAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DefinitionAnswer> {
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?.clone();
        if kind.position(&self.name).is_some() {
            return Err(Code::DUPLICATE.at("/name").with("fields", "name"));
        }
        let parent = kind.parent().and_then(|parent| catalogue.kind(parent));
        let managed = kind.def.managed || parent.is_some_and(|parent| parent.def.managed);
        if parent.is_some() && self.check.is_some() {
            return Err(invalid(&self.name, "check").at("/check"));
        }
        let no = add_field(work, kind.no(), managed, kind.is_custom(), &self, "")?;
        put_in_force(work, &self.kind, &[no], "")?;
        judge_check(work, kind.no(), self.check.as_deref(), "/check")?;
        Ok(DefinitionAnswer { kind: self.kind, kind_no: i64::from(kind.no()), fields: vec![no] })
    }
}

/// Makes a kind of record.
#[derive(Clone, Debug, Record)]
#[record(name = "definition_add_kind")]
pub struct AddKind {
    /// The name: lower-case words joined by `_`, singular.
    pub name: String,
    /// What people read.
    pub labels: Labels,
    /// Its fields in order, at least one.
    pub fields: Vec<NewField>,
}

/// A field of a new kind.
#[derive(Clone, Debug, Record)]
#[record(name = "definition_new_field")]
pub struct NewField {
    /// The name: lower-case words joined by `_`.
    pub name: String,
    /// The type.
    pub r#type: CustomType,
    /// What people read.
    pub labels: Labels,
    /// True where a record without it is refused.
    #[field(default = "false")]
    pub required: bool,
    /// The value of new records that have none.
    pub default: Option<Json>,
    /// Longest text, in characters; 255 where none is given.
    pub longest: Option<i64>,
    /// Decimals of a number, 0 to 12; 2 where none are given.
    pub decimals: Option<i64>,
    /// The list of a picklist field.
    pub list: Option<String>,
    /// The kind that a reference refers to.
    pub target: Option<String>,
    /// What the field is to the machinery.
    #[field(default = "\"plain\"")]
    pub role: CustomRole,
    /// True where lists by this field are to be fast.
    #[field(default = "false")]
    pub indexed: bool,
    /// True where no two records may have the same value.
    #[field(default = "false")]
    pub unique: bool,
    /// True where summaries, such as those that approvers are shown, leave it out.
    #[field(default = "false")]
    pub sensitive: bool,
    /// A condition that every record has to fulfil from now on when it is written, such as `points >= 0`.
    #[field(text = 1000)]
    pub check: Option<String>,
}

impl Operation for AddKind {
    const NAME: &'static str = "definition.add_kind";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "custom_kind", verb: "create" };
    const ERRORS: &'static [Code] = &[DEFINITION_INVALID, REQUIRED_WITHOUT_DEFAULT];
    const CAPABILITIES: &'static [&'static str] = &["CFG-15"];
    const EXAMPLE: &'static str = r#"{"name":"site_visit","labels":{"en":"Site visit","zh_cn":"现场拜访","zh_tw":"現場拜訪"},"fields":[{"name":"subject","type":"text","role":"title","required":true,"labels":{"en":"Subject","zh_cn":"主题","zh_tw":"主題"}},{"name":"visited","type":"reference","target":"customer","labels":{"en":"Visited customer","zh_cn":"拜访客户","zh_tw":"拜訪客戶"}}]}"#;
    type Answer = DefinitionAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DefinitionAnswer> {
        let catalogue = work.catalogue();
        if catalogue.named(&self.name).is_ok() {
            return Err(Code::DUPLICATE.at("/name").with("fields", "name"));
        }
        if self.fields.is_empty() {
            return Err(Code::REQUIRED.at("/fields"));
        }
        let kind_no = work.next_number("definition/kind")? + i64::from(FIRST_CUSTOM_KIND) - 1;
        work.insert(&CustomKind {
            name: self.name.clone(),
            kind_no,
            label_en: self.labels.en.clone(),
            label_zh_cn: self.labels.zh_cn.clone(),
            label_zh_tw: self.labels.zh_tw.clone(),
        })?;
        let number = u32::try_from(kind_no).map_err(|_| Code::OUT_OF_RANGE.error())?;
        let checks: Vec<Option<String>> = self.fields.iter().map(|field| field.check.clone()).collect();
        let mut fields = Vec::with_capacity(self.fields.len());
        for (at, field) in self.fields.into_iter().enumerate() {
            let prefix = format!("/fields/{at}");
            let field = field.on(&self.name);
            fields.push(add_field(work, number, false, true, &field, &prefix)?);
        }
        put_in_force(work, &self.name, &fields, "/fields")?;
        for (at, check) in checks.iter().enumerate() {
            judge_check(work, number, check.as_deref(), &format!("/fields/{at}/check"))?;
        }
        Ok(DefinitionAnswer { kind: self.name, kind_no, fields })
    }
}

impl NewField {
    fn on(self, kind: &str) -> AddField {
        AddField {
            kind: kind.to_owned(),
            name: self.name,
            r#type: self.r#type,
            labels: self.labels,
            required: self.required,
            default: self.default,
            longest: self.longest,
            decimals: self.decimals,
            list: self.list,
            target: self.target,
            role: self.role,
            indexed: self.indexed,
            unique: self.unique,
            sensitive: self.sensitive,
            check: self.check,
        }
    }
}

/// Changes what may change of a field made at run time: its labels, whether it is required, its default.
#[derive(Clone, Debug, Record)]
#[record(name = "definition_change_field")]
pub struct ChangeField {
    /// The kind's name.
    pub kind: String,
    /// The field's name.
    pub name: String,
    /// What people read.
    pub labels: Option<Labels>,
    /// True where a record without it is refused from now on.
    pub required: Option<bool>,
    /// The value of new records that have none; it stays where none is given here.
    pub default: Option<Json>,
    /// A condition that every record has to fulfil from now on; an empty text takes it away.
    #[field(text = 1000)]
    pub check: Option<String>,
}

impl Operation for ChangeField {
    const NAME: &'static str = "definition.change_field";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "custom_field", verb: "update" };
    const ERRORS: &'static [Code] = &[DEFINITION_INVALID, REQUIRED_WITHOUT_DEFAULT, DEFINITION_RETIRED];
    const CAPABILITIES: &'static [&'static str] = &["CFG-02"];
    const EXAMPLE: &'static str = r#"{"kind":"customer","name":"vip_note","labels":{"en":"Note for the sales desk","zh_cn":"销售备注","zh_tw":"銷售備註"}}"#;
    type Answer = DefinitionAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DefinitionAnswer> {
        let mut field = stored(work, &self.kind, &self.name)?;
        if field.retired {
            return Err(DEFINITION_RETIRED.at("/name").with("field", self.name));
        }
        if let Some(labels) = self.labels {
            (field.label_en, field.label_zh_cn, field.label_zh_tw) = (labels.en, labels.zh_cn, labels.zh_tw);
        }
        field.required = self.required.unwrap_or(field.required);
        if self.default.is_some() {
            field.default_value = self.default;
        }
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind)?;
        if field.required && field.default_value.is_none() && kind.def.managed {
            return Err(REQUIRED_WITHOUT_DEFAULT.at("/default"));
        }
        if let Some(check) = self.check {
            field.check = Some(check).filter(|check| !check.trim().is_empty());
        }
        work.save(&mut field)?;
        put_in_force(work, &self.kind, &[field.field_no], "")?;
        judge_check(work, kind.no(), field.check.as_deref(), "/check")?;
        Ok(DefinitionAnswer { kind: self.kind, kind_no: i64::from(kind.no()), fields: vec![field.field_no] })
    }
}

/// Retires a field made at run time: what it holds stays readable, and it cannot be set any more.
#[derive(Clone, Debug, Record)]
#[record(name = "definition_retire_field")]
pub struct RetireField {
    /// The kind's name.
    pub kind: String,
    /// The field's name.
    pub name: String,
}

impl Operation for RetireField {
    const NAME: &'static str = "definition.retire_field";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "custom_field", verb: "delete" };
    const ERRORS: &'static [Code] = &[DEFINITION_RETIRED];
    const CAPABILITIES: &'static [&'static str] = &["CFG-02"];
    const EXAMPLE: &'static str = r#"{"kind":"customer","name":"vip_note"}"#;
    type Answer = DefinitionAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DefinitionAnswer> {
        let mut field = stored(work, &self.kind, &self.name)?;
        if field.retired {
            return Err(DEFINITION_RETIRED.at("/name").with("field", self.name));
        }
        field.retired = true;
        work.save(&mut field)?;
        put_in_force(work, &self.kind, &[], "")?;
        let kind_no = i64::from(work.catalogue().named(&self.kind)?.no());
        Ok(DefinitionAnswer { kind: self.kind, kind_no, fields: vec![field.field_no] })
    }
}

fn stored(work: &mut Work<'_>, kind: &str, name: &str) -> Result<Stored<CustomField>> {
    let names =
        [("k", Ty::Text, Value::Text(kind.to_owned())), ("n", Ty::Text, Value::Text(name.to_owned()))];
    let found = work.system(|work| work.only::<CustomField>("kind == k && name == n", &names))?;
    let known = || Code::UNKNOWN_FIELD.at("/name").with("allowed", "");
    found.ok_or_else(known)
}

/// Stores the definition of a field; gives its number.
fn add_field(
    work: &mut Work<'_>,
    kind_no: u32,
    managed: bool,
    custom: bool,
    field: &AddField,
    prefix: &str,
) -> Result<i64> {
    let missing = |name: &str| Code::REQUIRED.at(format!("{prefix}/{name}"));
    let surplus = |name: &str| Code::UNKNOWN_FIELD.at(format!("{prefix}/{name}")).with("allowed", "");
    let ty = field.r#type;
    match (&field.list, ty == CustomType::Picklist) {
        (None, true) => return Err(missing("list")),
        (Some(_), false) => return Err(surplus("list")),
        _ => {}
    }
    match (&field.target, ty == CustomType::Reference) {
        (None, true) => return Err(missing("target")),
        (Some(_), false) => return Err(surplus("target")),
        (Some(target), true) if *target != field.kind => {
            work.catalogue().named(target).map_err(|error| error.at(format!("{prefix}/target")))?;
        }
        _ => {}
    }
    range(field.longest, 1, 65_535, ty == CustomType::Text, &format!("{prefix}/longest"))?;
    range(field.decimals, 0, 12, ty == CustomType::Decimal, &format!("{prefix}/decimals"))?;
    let role_fits = match field.role {
        CustomRole::Plain => true,
        CustomRole::Title => ty == CustomType::Text,
        CustomRole::Number => ty == CustomType::Text && field.unique,
        CustomRole::BusinessDate => ty == CustomType::Date,
        CustomRole::Owner => field.target.as_deref() == Some(&Employee::def().name),
        CustomRole::Department => field.target.as_deref() == Some(&Department::def().name),
    };
    if !role_fits || (field.role != CustomRole::Plain && !custom) {
        return Err(invalid(&field.name, "role").at(format!("{prefix}/role")));
    }
    if field.required && field.default.is_none() && managed {
        return Err(REQUIRED_WITHOUT_DEFAULT.at(format!("{prefix}/default")));
    }
    let field_no =
        work.next_number(&format!("definition/field/{kind_no}"))? + i64::from(FIRST_CUSTOM_FIELD) - 1;
    work.insert(&CustomField {
        kind: field.kind.clone(),
        name: field.name.clone(),
        field_no,
        field_type: ty,
        longest: field.longest,
        decimals: field.decimals,
        list: field.list.clone(),
        target: field.target.clone(),
        role: field.role,
        required: field.required,
        default_value: field.default.clone().filter(|value| !value.is_null()),
        indexed: field.indexed,
        is_unique: field.unique,
        sensitive: field.sensitive,
        label_en: field.labels.en.clone(),
        label_zh_cn: field.labels.zh_cn.clone(),
        label_zh_tw: field.labels.zh_tw.clone(),
        retired: false,
        check: field.check.clone(),
    })?;
    Ok(field_no)
}

/// A check is a condition over the kind as it is now defined.
fn judge_check(work: &Work<'_>, kind: u32, check: Option<&str>, path: &str) -> Result<()> {
    let Some(check) = check else { return Ok(()) };
    let expression = work.expression(kind, check, &[]).map_err(|error| error.at(path))?;
    if expression.ty() == &Ty::Bool {
        return Ok(());
    }
    Err(Code::WRONG_TYPE.at(path).coded("wanted", "type", "condition").coded("found", "type", "value"))
}

fn invalid(place: &str, fault: &str) -> Error {
    DEFINITION_INVALID.error().with("place", place).coded("fault", "definition", fault)
}

fn range(given: Option<i64>, least: i64, most: i64, applies: bool, path: &str) -> Result<()> {
    match given {
        Some(_) if !applies => Err(Code::UNKNOWN_FIELD.at(path).with("allowed", "")),
        Some(given) if !(least..=most).contains(&given) => {
            Err(Code::OUT_OF_RANGE.at(path).with("value", given.to_string()))
        }
        _ => Ok(()),
    }
}

/// Makes the catalogue of the definitions as they now stand, judges it and puts it in force.
fn put_in_force(work: &mut Work<'_>, kind: &str, fields: &[i64], prefix: &str) -> Result<()> {
    let declared = work.model().catalogue().map_err(|_| DEFINITION_INVALID.error())?;
    let made = definitions(work.tx()?, &declared)?;
    let catalogue = declared.with(made).map_err(|problems| match problems.into_iter().next() {
        Some(problem) => invalid(&problem.place, problem.code).at(prefix).with("detail", problem.fault),
        None => DEFINITION_INVALID.at(prefix),
    })?;
    let kind = catalogue.named(kind)?.clone();
    for (at, no) in fields.iter().enumerate() {
        let path = if prefix.is_empty() { "/default".to_owned() } else { format!("{prefix}/{at}/default") };
        check_default(work, &kind, *no).map_err(|error| error.at(path))?;
    }
    work.define(catalogue)
}

/// A default is a value of its field.
fn check_default(work: &mut Work<'_>, kind: &Kind, no: i64) -> Result<()> {
    let position = u32::try_from(no).ok().and_then(|no| kind.position_of_no(no));
    let Some(field) = position.and_then(|position| kind.field(position)) else { return Ok(()) };
    let Some(default) = &field.default else { return Ok(()) };
    let default = Json::parse(default)?;
    let of_type = match (&field.ty, &default) {
        (FieldType::Bool, Json::Bool(_)) | (FieldType::Int, Json::Int(_)) => true,
        (FieldType::Bool | FieldType::Int, _) => false,
        (_, Json::Text(_)) => true,
        _ => false,
    };
    if !of_type || field.role == FieldRole::Number {
        return Err(Code::WRONG_TYPE.error().coded("wanted", "type", field.ty.name()).coded(
            "found",
            "type",
            default.sort(),
        ));
    }
    scalar(&field.ty, &default_text(&default)).map_err(|problem| problem.code.error())?;
    if let FieldType::Picklist(list) = &field.ty {
        crate::settings::picklists::may_choose(work, list, &default_text(&default))?;
    }
    Ok(())
}
