//! From stored definitions to descriptors.

use super::{CustomField, CustomKind, CustomRole, CustomType, DECIMALS, DIGITS};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::error::{Error, Result};
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::{FieldDef, FieldRole, FieldType, IndexDef, Record, RecordDef, Role};
use crm_kernel::store::Tx;
use std::collections::BTreeMap;

/// Kinds and fields made at run time, as descriptors: custom kinds whole, declared ones with their added fields.
/// `declared` holds the declared kinds. Errors: those of the store; `internal.error` where a stored definition is
/// damaged.
pub fn definitions(tx: &mut dyn Tx, declared: &Catalogue) -> Result<Vec<RecordDef>> {
    let kinds: Vec<CustomKind> = all(tx)?;
    let mut fields: Vec<CustomField> = all(tx)?;
    // A row keeps custom values by position, and positions follow the order in which numbers were given.
    fields.sort_by_key(|field| field.field_no);
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    for kind in &kinds {
        numbers.insert(&kind.name, number(kind.kind_no)?);
    }
    let mut defs: BTreeMap<&str, RecordDef> = BTreeMap::new();
    for kind in &kinds {
        defs.insert(&kind.name, empty(kind)?);
    }
    for field in &fields {
        let kind = field.kind.as_str();
        if !defs.contains_key(kind) {
            defs.insert(kind, declared.named(kind)?.def.clone());
        }
    }
    for field in &fields {
        let target = match &field.target {
            Some(target) => Some(match numbers.get(target.as_str()) {
                Some(number) => *number,
                None => declared.named(target)?.no(),
            }),
            None => None,
        };
        let Some(def) = defs.get_mut(field.kind.as_str()) else { continue };
        let made = field_def(def, field, target)?;
        def.fields.to_mut().push(made);
        if field.indexed || field.is_unique {
            let fields = vec![field.name.clone().into()].into();
            def.indexes.to_mut().push(IndexDef { fields, unique: field.is_unique });
        }
    }
    Ok(defs.into_values().collect())
}

fn empty(kind: &CustomKind) -> Result<RecordDef> {
    Ok(RecordDef {
        no: number(kind.kind_no)?,
        name: kind.name.clone().into(),
        table: format!("{}s", kind.name).into(),
        doc: kind.label_en.clone().into(),
        parent: 0,
        fields: Vec::new().into(),
        indexes: Vec::new().into(),
        access: Vec::new().into(),
        managed: false,
        closed: false,
        labels: Some([kind.label_zh_cn.clone(), kind.label_zh_tw.clone(), kind.label_en.clone()]),
    })
}

fn field_def(def: &RecordDef, field: &CustomField, target: Option<u32>) -> Result<FieldDef> {
    Ok(FieldDef {
        no: number(field.field_no)?,
        name: field.name.clone().into(),
        doc: field.label_en.clone().into(),
        ty: field_type(def, field, target)?,
        required: field.required && !field.retired,
        default: field
            .default_value
            .as_ref()
            .filter(|_| !field.retired)
            .map(|value| value.to_string().into()),
        role: match field.role {
            CustomRole::Plain => FieldRole::Plain,
            CustomRole::Title => FieldRole::Title,
            CustomRole::Number => FieldRole::Number,
            CustomRole::BusinessDate => FieldRole::BusinessDate,
            CustomRole::Owner => FieldRole::Owner,
            CustomRole::Department => FieldRole::Department,
        },
        managed: field.retired,
        sensitive: field.sensitive,
        labels: Some([field.label_zh_cn.clone(), field.label_zh_tw.clone(), field.label_en.clone()]),
    })
}

fn field_type(def: &RecordDef, field: &CustomField, target: Option<u32>) -> Result<FieldType> {
    let damaged = || Error::internal(format!("the definition of {}.{} is damaged", field.kind, field.name));
    Ok(match field.field_type {
        CustomType::Text => match field.longest {
            Some(longest) => FieldType::Text { max: number(longest)? },
            None => FieldType::TEXT,
        },
        CustomType::LongText => FieldType::LONG_TEXT,
        CustomType::Boolean => FieldType::Bool,
        CustomType::Integer => FieldType::Int,
        CustomType::Decimal => {
            let scale = u8::try_from(field.decimals.unwrap_or(DECIMALS)).map_err(|_| damaged())?;
            FieldType::Num { role: Role::Plain, digits: DIGITS, scale }
        }
        CustomType::Money if def.fields.iter().any(|field| field.ty == FieldType::Currency) => {
            FieldType::MONEY
        }
        CustomType::Money => FieldType::BASE_MONEY,
        CustomType::Percent => FieldType::PERCENT,
        CustomType::Date => FieldType::Date,
        CustomType::Instant => FieldType::Instant,
        CustomType::Currency => FieldType::Currency,
        CustomType::Picklist => FieldType::Picklist(field.list.clone().ok_or_else(damaged)?.into()),
        CustomType::Reference => FieldType::Ref(target.ok_or_else(damaged)?),
    })
}

/// All records of a kind, by id.
fn all<T: Record>(tx: &mut dyn Tx) -> Result<Vec<T>> {
    let select = Select::Heads;
    let plan = Query { kind: T::NO, filter: None, order: Vec::new(), after: None, limit: None, select };
    let found = tx.query(&plan)?;
    found.iter().filter_map(|found| found.row.as_ref()).map(T::from_row).collect()
}

fn number(number: i64) -> Result<u32> {
    u32::try_from(number).map_err(|_| Error::internal(format!("{number} is no number of a definition")))
}
