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
        access: None,
        managed: false,
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
    let visit = row(1, [to(1), Value::Rows(vec![note]), num("12.34", 4)]);
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
    let plan = Query { kind: CUSTOMER, filter: None, order: Vec::new(), after: None, limit: None, select: Select::Rows };
    assert_eq!(lab.read(|tx| tx.query(&plan)).unwrap()[0].row, Some(customer(1, "Ada")));
}
