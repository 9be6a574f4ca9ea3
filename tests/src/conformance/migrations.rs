//! A catalogue that grows: what is stored stays, what is new is null.

use super::values::*;
use super::{Case, Lab, code, kinds};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::error::Code;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::{FieldDef, FieldRole, FieldType, IndexDef, RecordDef};
use crm_kernel::value::{Row, Value};
use std::sync::Arc;

pub(super) const CASES: &[Case] = &[
    ("a new store is at revision 0 and takes the catalogue's", revision),
    ("the same catalogue twice changes nothing", twice),
    ("a field made at run time is null in old rows and kept in new ones", new_field),
    ("a field made at run time on lines is null in old lines", new_line_field),
    ("a kind made at run time holds records and lines", new_kind),
    ("a unique index made at run time is kept, and refused over values that stand twice", new_index),
    ("a field that is gone moves no other", field_gone),
    ("a field of another name keeps its values", renamed),
    ("a number gets other decimals where it can", other_decimals),
    ("a field cannot become another sort of field", other_sort),
    ("a required field is asked for from the beginning of its kind only", required),
    ("an undone migration has never been", undone),
];

fn field(no: u32, name: &'static str, ty: FieldType) -> FieldDef {
    FieldDef {
        no,
        name: name.into(),
        doc: "Made at run time.".into(),
        ty,
        required: false,
        default: None,
        role: FieldRole::Plain,
        managed: false,
        sensitive: false,
        labels: Some(["甲".into(), "甲".into(), "A".into()]),
    }
}

fn with_field(catalogue: &Catalogue, kind: u32, field: FieldDef) -> RecordDef {
    let mut def = catalogue.kind(kind).unwrap().def.clone();
    def.fields.to_mut().push(field);
    def
}

fn grown(lab: &Lab, revision: i64, defs: Vec<RecordDef>) -> Arc<Catalogue> {
    let mut catalogue = lab.catalogue.with(defs).unwrap();
    catalogue.revision = revision;
    Arc::new(catalogue)
}

/// Migrates and uses the new catalogue from then on.
fn migrate(lab: &mut Lab, catalogue: Arc<Catalogue>) {
    lab.write(|tx| tx.migrate(&catalogue)).unwrap();
    lab.catalogue = catalogue;
}

fn revision(lab: &mut Lab) {
    assert_eq!(lab.read(|tx| tx.definitions_revision()).unwrap(), 0);
    let next = grown(lab, 17, Vec::new());
    migrate(lab, next);
    assert_eq!(lab.read(|tx| tx.definitions_revision()).unwrap(), 17);
}

fn twice(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    migrate(lab, kinds::catalogue());
    assert_eq!(lab.get(CUSTOMER, 1), Some(customer(1, "Ada")));
}

fn new_field(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    let size = field(1001, "size_class", FieldType::decimal(9, 3));
    let next = grown(lab, 1, vec![with_field(&lab.catalogue, CUSTOMER, size)]);
    migrate(lab, next);
    let mut old = customer(1, "Ada");
    old.set(7, Value::Null);
    assert_eq!(lab.get(CUSTOMER, 1), Some(old));
    lab.change(CUSTOMER, 1, |row| row.set(7, num("-1.5", 3))).unwrap();
    let mut new = customer(2, "Bea");
    new.set(7, num("999999.999", 3));
    lab.insert(CUSTOMER, [new.clone(), customer(3, "a short row")]);
    assert_eq!(lab.get(CUSTOMER, 1).unwrap().at(7), &num("-1.5", 3));
    assert_eq!(lab.get(CUSTOMER, 2), Some(new));
    let more = field(1002, "boss", FieldType::Ref(CUSTOMER));
    let next = grown(lab, 2, vec![with_field(&lab.catalogue, CUSTOMER, more)]);
    migrate(lab, next);
    lab.change(CUSTOMER, 1, |row| row.set(8, to(2))).unwrap();
    assert_eq!(lab.get(CUSTOMER, 1).unwrap().values[7..], [num("-1.5", 3), to(2)]);
    let used = lab.get(CUSTOMER, 2).unwrap();
    assert_eq!(code(lab.undone(|tx| tx.delete(CUSTOMER, &used))), Code::IN_USE);
    assert_eq!(lab.get(CUSTOMER, 3).unwrap().values.len(), 9);
}

fn new_line_field(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    lab.insert(ORDER, [order(1, "A", 1, [line(1, "pen", None, None)])]);
    let next = grown(lab, 1, vec![with_field(&lab.catalogue, LINE, field(1001, "colour", FieldType::TEXT))]);
    migrate(lab, next);
    let mut old = line(1, "pen", None, None);
    old.set(5, Value::Null);
    assert_eq!(lab.get(ORDER, 1).unwrap().at(LINES), &Value::Rows(vec![old.clone()]));
    let mut new = line(2, "ink", None, None);
    new.set(5, text("blue"));
    lab.change(ORDER, 1, |row| row.set(LINES, Value::Rows(vec![new.clone(), old.clone()]))).unwrap();
    assert_eq!(lab.get(ORDER, 1).unwrap().at(LINES), &Value::Rows(vec![new, old]));
}

fn kind(no: u32, name: &'static str, parent: u32, fields: Vec<FieldDef>) -> RecordDef {
    RecordDef {
        no,
        name: name.into(),
        table: format!("{name}s").into(),
        doc: "Made at run time.".into(),
        parent,
        fields: fields.into(),
        indexes: Vec::new().into(),
        access: Vec::new().into(),
        managed: false,
        closed: false,
        labels: Some(["甲".into(), "甲".into(), "A".into()]),
    }
}

fn new_kind(lab: &mut Lab) {
    const VISIT: u32 = 10_001;
    const NOTE: u32 = 10_002;
    let notes = vec![field(1, "said", FieldType::LONG_TEXT)];
    let visits = vec![
        field(1, "whom", FieldType::Ref(CUSTOMER)),
        field(2, "notes", FieldType::Children(NOTE)),
        field(3, "cost", FieldType::MONEY),
    ];
    let next = grown(lab, 1, vec![kind(VISIT, "visit", 0, visits), kind(NOTE, "visit_note", VISIT, notes)]);
    migrate(lab, next);
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    let note = Row { id: 1, version: 0, values: vec![text("good day")] };
    let visit = row(1, [to(1), Value::Rows(vec![note]), num("12.34", 4), int(1)]);
    lab.insert(VISIT, [visit.clone()]);
    assert_eq!(lab.get(VISIT, 1), Some(visit));
    assert_eq!(code(lab.undone(|tx| tx.delete(CUSTOMER, &customer(1, "Ada")))), Code::IN_USE);
}

fn indexed(lab: &Lab) -> Arc<Catalogue> {
    let mut def = lab.catalogue.kind(CUSTOMER).unwrap().def.clone();
    def.indexes.to_mut().push(IndexDef { fields: vec!["name".into()].into(), unique: true });
    grown(lab, 1, vec![def])
}

fn new_index(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada"), customer(2, "Bea"), customer(3, "Ada")]);
    let next = indexed(lab);
    assert_eq!(code(lab.undone(|tx| tx.migrate(&next))), Code::DUPLICATE);
    lab.change(CUSTOMER, 3, |row| row.set(NAME, text("Cleo"))).unwrap();
    migrate(lab, next);
    assert_eq!(code(lab.undone(|tx| tx.put(CUSTOMER, None, &customer(4, "Bea")))), Code::DUPLICATE);
}

/// The catalogue after a change to the definition of a kind.
fn changed(lab: &Lab, kind: u32, change: impl FnOnce(&mut Vec<FieldDef>)) -> Arc<Catalogue> {
    let mut def = lab.catalogue.kind(kind).unwrap().def.clone();
    change(def.fields.to_mut());
    grown(lab, lab.catalogue.revision + 1, vec![def])
}

/// Two fields made at run time on customers and on lines, with a customer and an order that have them.
fn with_custom_fields(lab: &mut Lab) {
    for kind in [CUSTOMER, LINE] {
        let next = changed(lab, kind, |fields| {
            fields.push(field(1001, "note", FieldType::TEXT));
            fields.push(field(1002, "size_class", FieldType::decimal(6, 2)));
        });
        migrate(lab, next);
    }
    let mut ada = customer(1, "Ada");
    ada.values.extend([text("first"), num("1234.5", 2)]);
    lab.insert(CUSTOMER, [ada]);
    let mut pen = line(1, "pen", None, None);
    pen.values.extend([text("blue"), num("-0.25", 2)]);
    lab.insert(ORDER, [order(1, "A", 1, [pen])]);
}

fn field_gone(lab: &mut Lab) {
    with_custom_fields(lab);
    for kind in [CUSTOMER, LINE] {
        let next = changed(lab, kind, |fields| fields.retain(|field| field.no != 1001));
        migrate(lab, next);
    }
    assert_eq!(lab.get(CUSTOMER, 1).unwrap().values[7..], [num("1234.5", 2)]);
    let order = lab.get(ORDER, 1).unwrap();
    assert_eq!(order.at(LINES).as_rows()[0].values[5..], [num("-0.25", 2)]);
    let plan = Query {
        kind: CUSTOMER,
        filter: lab.filter(CUSTOMER, "size_class == 1234.50"),
        order: Vec::new(),
        after: None,
        limit: None,
        select: Select::Values(vec![lab.expr(CUSTOMER, "size_class * 2")]),
    };
    assert_eq!(lab.read(|tx| tx.query(&plan)).unwrap()[0].values, [num("2469", 2)]);
}

fn renamed(lab: &mut Lab) {
    with_custom_fields(lab);
    // The names change places.
    let next = changed(lab, CUSTOMER, |fields| {
        fields[7].name = "size_class".into();
        fields[8].name = "note".into();
    });
    migrate(lab, next);
    assert_eq!(lab.get(CUSTOMER, 1).unwrap().values[7..], [text("first"), num("1234.5", 2)]);
    lab.change(CUSTOMER, 1, |row| row.set(7, text("second"))).unwrap();
    assert_eq!(lab.get(CUSTOMER, 1).unwrap().values[7..], [text("second"), num("1234.5", 2)]);
}

fn other_decimals(lab: &mut Lab) {
    with_custom_fields(lab);
    let with_type = |lab: &Lab, ty: FieldType| changed(lab, CUSTOMER, |fields| fields[8].ty = ty);
    for (ty, scale) in
        [(FieldType::decimal(9, 4), 4), (FieldType::decimal(5, 1), 1), (FieldType::decimal(18, 2), 2)]
    {
        let next = with_type(lab, ty);
        migrate(lab, next);
        assert_eq!(lab.get(CUSTOMER, 1).unwrap().at(8), &num("1234.5", scale));
    }
    for lost in [FieldType::decimal(4, 2), FieldType::decimal(18, 0), FieldType::decimal(18, 15)] {
        let next = with_type(lab, lost);
        assert_eq!(code(lab.undone(|tx| tx.migrate(&next))), Code::CANNOT_MIGRATE);
    }
    assert_eq!(lab.get(CUSTOMER, 1).unwrap().at(8), &num("1234.5", 2));
}

fn other_sort(lab: &mut Lab) {
    with_custom_fields(lab);
    for ty in [
        FieldType::decimal(6, 2),
        FieldType::Date,
        FieldType::Bool,
        FieldType::Json,
        FieldType::Ref(CUSTOMER),
    ] {
        let next = changed(lab, LINE, |fields| fields[5].ty = ty);
        assert_eq!(code(lab.undone(|tx| tx.migrate(&next))), Code::CANNOT_MIGRATE);
    }
    let next = changed(lab, LINE, |fields| fields[5].ty = FieldType::Picklist("colours".into()));
    migrate(lab, next);
    assert_eq!(lab.get(ORDER, 1).unwrap().at(LINES).as_rows()[0].at(5), &text("blue"));
}

fn required(lab: &mut Lab) {
    const VISIT: u32 = 10_001;
    let needed = |no, name| FieldDef { required: true, ..field(no, name, FieldType::TEXT) };
    let next = grown(lab, 1, vec![kind(VISIT, "visit", 0, vec![needed(1, "what")])]);
    migrate(lab, next);
    let refused = super::refusal(lab.undone(|tx| tx.put(VISIT, None, &row(1, [Value::Null]))));
    assert_eq!((refused.code(), refused.path()), (Code::REQUIRED, "/what"));
    lab.insert(VISIT, [row(1, [text("talk")])]);
    let next = changed(lab, VISIT, |fields| fields.push(needed(1001, "why")));
    migrate(lab, next);
    lab.insert(VISIT, [row(2, [text("walk"), Value::Null])]);
    assert_eq!(lab.get(VISIT, 1).unwrap().values, [text("talk"), Value::Null]);
    assert_eq!(code(lab.undone(|tx| tx.put(VISIT, None, &row(3, [Value::Null, text("x")])))), Code::REQUIRED);
    let next = changed(lab, VISIT, |fields| fields[0].required = false);
    migrate(lab, next);
    lab.insert(VISIT, [row(3, [Value::Null, text("x")])]);
}

fn undone(lab: &mut Lab) {
    lab.insert(CUSTOMER, [customer(1, "Ada")]);
    let size = field(1001, "size_class", FieldType::Int);
    let next = grown(lab, 5, vec![with_field(&lab.catalogue, CUSTOMER, size)]);
    lab.undone(|tx| {
        tx.migrate(&next).unwrap();
        let old = tx.get(CUSTOMER, 1).unwrap().unwrap();
        let mut new = old.clone();
        new.set(7, int(3));
        tx.put(CUSTOMER, Some(&old), &new).unwrap();
    });
    assert_eq!(lab.get(CUSTOMER, 1), Some(customer(1, "Ada")));
    assert_eq!(lab.read(|tx| tx.definitions_revision()).unwrap(), 0);
    let plan = Query {
        kind: CUSTOMER,
        filter: None,
        order: Vec::new(),
        after: None,
        limit: None,
        select: Select::Rows,
    };
    assert_eq!(lab.read(|tx| tx.query(&plan)).unwrap()[0].row, Some(customer(1, "Ada")));
}
