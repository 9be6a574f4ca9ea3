//! Change sets, sequences, tombstones and what the engine notes about itself.

use super::errors::Mapped;
use crm_kernel::change::{ChangeSet, decode, encode};
use crm_kernel::date::Instant;
use crm_kernel::error::{Code, Result};
use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension as _, Params, ToSql};

const CHANGE_COLUMNS: &str = "SELECT no,at,actor,on_behalf,operation,reason,body FROM change_set";

const LAST_NUMBER: &str = "SELECT last FROM sequence WHERE name=?1";

/// The number of the last change set, 0 in a new store.
pub(super) fn last_change(conn: &Connection) -> Result<i64> {
    one(conn, "SELECT no FROM change_set ORDER BY no DESC LIMIT 1", []).map(|no| no.unwrap_or(0))
}

pub(super) fn append(conn: &Connection, change: &ChangeSet) -> Result<()> {
    let sql =
        "INSERT INTO change_set(no,at,actor,on_behalf,operation,reason,body) VALUES(?1,?2,?3,?4,?5,?6,?7)";
    let mut statement = conn.prepare_cached(sql).mapped()?;
    let body = encode(&change.changes);
    let (actor, on_behalf) = (change.actor, change.on_behalf);
    let values = (change.no, change.at.millis(), actor, on_behalf, &change.operation, &change.reason, body);
    statement.execute(values).mapped().map(|_| ())
}

pub(super) fn change(conn: &Connection, no: i64) -> Result<Option<ChangeSet>> {
    changes(conn, &format!("{CHANGE_COLUMNS} WHERE no=?1"), [no]).map(|found| found.into_iter().next())
}

pub(super) fn changes_after(conn: &Connection, no: i64, limit: u32) -> Result<Vec<ChangeSet>> {
    changes(conn, &format!("{CHANGE_COLUMNS} WHERE no>?1 ORDER BY no LIMIT ?2"), [no, i64::from(limit)])
}

fn changes(conn: &Connection, sql: &str, params: impl Params) -> Result<Vec<ChangeSet>> {
    let mut statement = conn.prepare_cached(sql).mapped()?;
    let mut rows = statement.query(params).mapped()?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().mapped()? {
        let at = Instant::from_millis(row.get(1).mapped()?);
        let body = row.get_ref(6).mapped()?.as_blob().map_err(|_| Code::CORRUPT.error())?;
        found.push(ChangeSet {
            no: row.get(0).mapped()?,
            at: at.ok_or_else(|| Code::CORRUPT.error())?,
            actor: row.get(2).mapped()?,
            on_behalf: row.get(3).mapped()?,
            operation: row.get(4).mapped()?,
            reason: row.get(5).mapped()?,
            changes: decode(body)?,
        });
    }
    Ok(found)
}

/// The next number. Errors: `value.out_of_range` after the largest there is.
pub(super) fn next_number(conn: &Connection, sequence: &str) -> Result<i64> {
    // Nobody else writes meanwhile, and `RETURNING` would take a table of its own to keep the one row in.
    let last = one::<i64>(conn, LAST_NUMBER, [sequence])?;
    let next = last.unwrap_or(0).checked_add(1).ok_or_else(|| Code::OUT_OF_RANGE.error())?;
    let sql = match last {
        Some(_) => "UPDATE sequence SET last=?2 WHERE name=?1",
        None => "INSERT INTO sequence(name,last) VALUES(?1,?2)",
    };
    run(conn, sql, (sequence, next)).map(|()| next)
}

pub(super) fn last_number(conn: &Connection, sequence: &str) -> Result<i64> {
    one(conn, LAST_NUMBER, [sequence]).map(|last| last.unwrap_or(0))
}

pub(super) fn raise_number(conn: &Connection, sequence: &str, at_least: i64) -> Result<()> {
    let sql = "INSERT INTO sequence(name,last) SELECT ?1,?2 WHERE ?2>0 \
               ON CONFLICT(name) DO UPDATE SET last=max(last,excluded.last)";
    run(conn, sql, (sequence, at_least))
}

pub(super) fn set_tombstone(conn: &Connection, kind: u32, id: i64, change: Option<i64>) -> Result<()> {
    match change {
        Some(change) => {
            let sql = "INSERT INTO tombstone(kind,id,change_set) VALUES(?1,?2,?3) \
                       ON CONFLICT(kind,id) DO UPDATE SET change_set=excluded.change_set";
            run(conn, sql, (kind, id, change))
        }
        None => run(conn, "DELETE FROM tombstone WHERE kind=?1 AND id=?2", (kind, id)),
    }
}

pub(super) fn tombstone(conn: &Connection, kind: u32, id: i64) -> Result<Option<i64>> {
    one(conn, "SELECT change_set FROM tombstone WHERE kind=?1 AND id=?2", (kind, id))
}

pub(super) fn tombstones(
    conn: &Connection,
    kind: u32,
    after: Option<(i64, i64)>,
    limit: u32,
) -> Result<Vec<(i64, i64)>> {
    let sql = "SELECT id,change_set FROM tombstone WHERE kind=?1 AND (?2 IS NULL OR change_set<?3 OR (change_set=?3 AND id>?2)) \
               ORDER BY change_set DESC,id LIMIT ?4";
    let (id, change) = after.unzip();
    let mut statement = conn.prepare_cached(sql).mapped()?;
    let rows =
        statement.query_map((kind, id, change, limit), |row| Ok((row.get(0)?, row.get(1)?))).mapped()?;
    rows.collect::<rusqlite::Result<Vec<_>>>().mapped()
}

/// A note of the engine about itself.
pub(super) fn note<T: FromSql>(conn: &Connection, key: &str) -> Result<Option<T>> {
    one(conn, "SELECT value FROM meta WHERE key=?1", [key])
}

pub(super) fn set_note(conn: &Connection, key: &str, value: impl ToSql) -> Result<()> {
    let sql = "INSERT INTO meta(key,value) VALUES(?1,?2) ON CONFLICT(key) DO UPDATE SET value=excluded.value";
    run(conn, sql, (key, value))
}

fn one<T: FromSql>(conn: &Connection, sql: &str, params: impl Params) -> Result<Option<T>> {
    let mut statement = conn.prepare_cached(sql).mapped()?;
    statement.query_row(params, |row| row.get(0)).optional().mapped()
}

fn run(conn: &Connection, sql: &str, params: impl Params) -> Result<()> {
    conn.prepare_cached(sql).mapped()?.execute(params).mapped().map(|_| ())
}
