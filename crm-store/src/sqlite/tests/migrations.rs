//! A file follows its catalogue.

use super::{catalogue, catalogue_of, customer, defs, list, read, store, whole, write};
use crate::sqlite::{SqliteStore, schema_sql};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::error::{Class, Code};
use crm_kernel::json::Json;
use crm_kernel::record::{FieldDef, FieldRole, FieldType, IndexDef, RecordDef};
use crm_kernel::store::Store as _;
use crm_kernel::value::{Num, Value};
use rusqlite::Connection;
use std::borrow::Cow;
use std::sync::Arc;

fn field(no: u32, name: &'static str, ty: FieldType) -> FieldDef {
    FieldDef {
        no,
        name: Cow::Borrowed(name),
        doc: Cow::Borrowed("A field."),
        ty,
        required: false,
        default: None,
        role: FieldRole::Plain,
        managed: false,
        sensitive: false,
        labels: (no >= 1_000).then(|| ["甲", "甲", "A"].map(str::to_owned)),
    }
}

/// The catalogue with the customer's definition changed.
fn changed(change: impl FnOnce(&mut RecordDef)) -> Arc<Catalogue> {
    let mut defs = defs();
    change(&mut defs[0]);
    catalogue_of(defs)
}

fn migrate(store: &mut SqliteStore, catalogue: &Arc<Catalogue>) {
    write(store, catalogue, |tx| tx.migrate(catalogue).unwrap());
    assert!(store.fits(catalogue).unwrap());
    assert_eq!(store.plan_migration(catalogue).unwrap(), Vec::<String>::new());
}

#[test]
fn a_custom_field_becomes_a_column() {
    let (mut store, old) = store();
    write(&mut store, &old, |tx| tx.put(1, None, &customer(1)).unwrap());
    let new = changed(|def| def.fields.to_mut().push(field(1_000, "colour", FieldType::TEXT)));
    assert_eq!(
        store.plan_migration(&new).unwrap(),
        ["ALTER TABLE \"customers\" ADD COLUMN \"colour\" TEXT"],
        "what would run is shown before it does"
    );
    migrate(&mut store, &new);
    let mut blue = whole(customer(2), 10);
    blue.values[9] = Value::Text("blue".into());
    write(&mut store, &new, |tx| tx.put(1, None, &blue).unwrap());
    let found = read(&mut store, &new, |tx| (tx.get(1, 1).unwrap(), tx.get(1, 2).unwrap()));
    assert_eq!(found, (Some(whole(customer(1), 10)), Some(blue)));
    let listed = list(&new, 1, "colour == null", &["colour"], None);
    assert_eq!(read(&mut store, &new, |tx| tx.query(&listed).unwrap()).len(), 1);
    // Somebody who has not heard of the field goes on.
    let old_row = read(&mut store, &old, |tx| tx.get(1, 2).unwrap()).unwrap();
    assert_eq!(old_row.values.len(), 9);
}

#[test]
fn the_revision_of_definitions_goes_with_the_file() {
    let (mut store, old) = store();
    let mut new = (*catalogue()).clone();
    new.revision = 17;
    let new = Arc::new(new);
    assert_eq!(read(&mut store, &old, |tx| tx.definitions_revision().unwrap()), 0);
    migrate(&mut store, &new);
    assert_eq!(read(&mut store, &old, |tx| tx.definitions_revision().unwrap()), 17);
}

#[test]
fn a_renamed_field_keeps_its_values_also_where_names_change_places() {
    let (mut store, old) = store();
    let mut row = whole(customer(1), 9);
    row.values[2] = Value::Text("north".into());
    write(&mut store, &old, |tx| tx.put(1, None, &row).unwrap());
    let new = changed(|def| {
        for field in def.fields.to_mut() {
            match field.no {
                1 => field.name = Cow::Borrowed("code"),
                2 => field.name = Cow::Borrowed("region"),
                3 => field.name = Cow::Borrowed("name"),
                _ => {}
            }
        }
        for index in def.indexes.to_mut() {
            for name in index.fields.to_mut() {
                if name == "number" {
                    *name = Cow::Borrowed("code");
                }
            }
        }
    });
    migrate(&mut store, &new);
    assert_eq!(read(&mut store, &new, |tx| tx.get(1, 1).unwrap()), Some(row));
    let names: i64 = store
        .conn
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name='ix_customers_code'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(names, 1);
}

#[test]
fn a_number_may_get_room_and_never_loses_any() {
    let (mut store, old) = store();
    let mut row = whole(customer(1), 9);
    row.values[3] = Value::Num(Num { mantissa: 12_345, scale: 4 });
    write(&mut store, &old, |tx| tx.put(1, None, &row).unwrap());
    let with = |digits, scale| {
        changed(|def| {
            def.fields.to_mut().iter_mut().filter(|field| field.no == 4).for_each(|field| {
                field.ty = FieldType::decimal(digits, scale);
            })
        })
    };
    let finer = with(18, 6);
    migrate(&mut store, &finer);
    let found = read(&mut store, &finer, |tx| tx.get(1, 1).unwrap()).unwrap();
    assert_eq!(found.values[3], Value::Num(Num { mantissa: 1_234_500, scale: 6 }));
    migrate(&mut store, &with(18, 4));
    let text = changed(|def| {
        def.fields.to_mut().iter_mut().filter(|field| field.no == 4).for_each(|field| {
            field.ty = FieldType::TEXT;
        })
    });
    for refused in [with(18, 3), with(4, 4), text] {
        let error = store.plan_migration(&refused).unwrap_err();
        assert_eq!((error.code(), error.class()), (Code::CANNOT_MIGRATE, Class::Unsupported), "{error}");
        assert_eq!(error.arg("field").and_then(Json::as_text), Some("customer.limit"));
        let mut tx = store.begin(true, &refused).unwrap();
        assert!(tx.migrate(&refused).is_err());
        tx.commit().unwrap();
    }
    let found = read(&mut store, &old, |tx| tx.get(1, 1).unwrap()).unwrap();
    assert_eq!(found, row);
}

#[test]
fn a_required_field_may_be_given_up_or_taken_away() {
    let (mut store, old) = store();
    write(&mut store, &old, |tx| tx.put(1, None, &customer(1)).unwrap());
    let new = changed(|def| {
        let fields = def.fields.to_mut();
        fields.retain(|field| field.no != 6);
        fields.iter_mut().filter(|field| field.no == 2).for_each(|field| field.required = false);
        fields.push(FieldDef { name: Cow::Borrowed("active"), ..field(20, "active", FieldType::TEXT) });
    });
    migrate(&mut store, &new);
    let mut row = whole(customer(2), 9);
    row.values = vec![Value::Text("C-2".into()), Value::Null, Value::Null];
    let row = whole(row, 9);
    write(&mut store, &new, |tx| tx.put(1, None, &row).unwrap());
    assert_eq!(read(&mut store, &new, |tx| tx.get(1, 2).unwrap()), Some(row));
    let kept: i64 = store
        .conn
        .query_row("SELECT active_retired_6 FROM customers WHERE id=1", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 1, "values of a field that is gone stay in the file");
    // Null is possible now, so it has to come last.
    let listed = list(&new, 1, "", &["name"], None);
    let ids: Vec<i64> =
        read(&mut store, &new, |tx| tx.query(&listed).unwrap()).iter().map(|found| found.id).collect();
    assert_eq!(ids, [1, 2]);
}

#[test]
fn a_required_field_added_later_takes_its_default() {
    let (mut store, old) = store();
    write(&mut store, &old, |tx| tx.put(1, None, &customer(1)).unwrap());
    let new = changed(|def| {
        let percent = FieldDef {
            required: true,
            default: Some(Cow::Borrowed("\"12.5\"")),
            ..field(30, "discount", FieldType::PERCENT)
        };
        let kind = FieldDef {
            required: true,
            default: Some(Cow::Borrowed("\"it's\"")),
            ..field(31, "sort", FieldType::TEXT)
        };
        def.fields.to_mut().extend([percent, kind]);
    });
    migrate(&mut store, &new);
    let found = read(&mut store, &new, |tx| tx.get(1, 1).unwrap()).unwrap();
    assert_eq!(found.values[9], Value::Num(Num { mantissa: 12_500_000, scale: 6 }));
    assert_eq!(found.values[10], Value::Text("it's".into()));
}

#[test]
fn indexes_come_go_and_change() {
    let (mut store, old) = store();
    let mut twin = customer(2);
    twin.values[1] = customer(9).values[1].clone();
    write(&mut store, &old, |tx| {
        tx.put(1, None, &twin).unwrap();
        tx.put(1, None, &customer(9)).unwrap();
    });
    let with = |fields: &'static [&'static str], unique| {
        changed(|def| {
            let fields: Vec<Cow<'static, str>> = fields.iter().map(|name| Cow::Borrowed(*name)).collect();
            *def.indexes.to_mut() = vec![IndexDef { fields: Cow::Owned(fields), unique }];
        })
    };
    migrate(&mut store, &with(&["number"], false));
    let count = |store: &SqliteStore| -> i64 {
        let sql = "SELECT count(*) FROM sqlite_schema WHERE type='index' AND tbl_name='customers' AND sql IS NOT NULL";
        store.conn.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(&store), 1);
    let unique = with(&["name"], true);
    let mut tx = store.begin(true, &old).unwrap();
    let refusal = tx.migrate(&unique).unwrap_err();
    assert_eq!((refusal.code(), refusal.arg("fields").unwrap().as_text()), (Code::DUPLICATE, Some("name")));
    tx.commit().unwrap();
    assert_eq!(count(&store), 1, "a refused migration has changed nothing");
    migrate(&mut store, &with(&["number"], true));
    assert_eq!(count(&store), 1);
}

#[test]
fn a_table_may_be_renamed() {
    let (mut store, old) = store();
    write(&mut store, &old, |tx| tx.put(1, None, &customer(1)).unwrap());
    let new = changed(|def| def.table = Cow::Borrowed("clients"));
    migrate(&mut store, &new);
    assert_eq!(read(&mut store, &new, |tx| tx.get(1, 1).unwrap()), Some(whole(customer(1), 9)));
    let ok: i64 = store
        .conn
        .query_row(
            "SELECT count(*) FROM pragma_foreign_key_list('orders') WHERE \"table\"='clients'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(ok, 1);
    let taken = changed(|def| def.table = Cow::Borrowed("meta"));
    assert!(store.plan_migration(&taken).is_err());
}

#[test]
fn a_migration_is_undone_with_its_savepoint() {
    let (mut store, old) = store();
    let new = changed(|def| def.fields.to_mut().push(field(1_000, "colour", FieldType::TEXT)));
    write(&mut store, &old, |tx| {
        tx.savepoint().unwrap();
        tx.migrate(&new).unwrap();
        tx.put(1, None, &whole(customer(1), 10)).unwrap();
        tx.release(false).unwrap();
        tx.put(1, None, &customer(1)).unwrap();
        assert_eq!(tx.get(1, 1).unwrap(), Some(whole(customer(1), 9)));
    });
    assert!(store.fits(&old).unwrap());
}

#[test]
fn the_schema_written_down_is_the_schema_made() {
    let (store, catalogue) = store();
    let written = Connection::open_in_memory().unwrap();
    let text = schema_sql(&catalogue);
    assert!(text.contains("-- What it may owe. (4 decimals)"), "{text}");
    written.execute_batch(&text).unwrap();
    let objects = |conn: &Connection| -> Vec<(String, String)> {
        let sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
        let mut statement = conn.prepare(sql).unwrap();
        let rows =
            statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
        rows.map(|row| row.map(|(name, sql)| (name, plain(&sql))).unwrap()).collect()
    };
    assert_eq!(objects(&written), objects(&store.conn));
}

/// SQL without comments and blanks.
fn plain(sql: &str) -> String {
    let lines = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
    lines.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect()
}
