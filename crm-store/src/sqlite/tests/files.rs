//! Whose a file is, and what may go wrong with it.

use super::{Folder, catalogue, customer, file, list, read, whole, write};
use crate::sqlite::{APPLICATION_ID, FORMAT, Journal, Options, SqliteStore, Synchronous};
use crm_kernel::error::{Code, Result};
use crm_kernel::store::{Interrupter, Store as _};
use rusqlite::Connection;
use std::path::Path;

fn refused(result: Result<SqliteStore>) -> Code {
    result.err().unwrap().code()
}

fn pragma<T: rusqlite::types::FromSql>(path: &Path, name: &str) -> T {
    Connection::open(path).unwrap().pragma_query_value(None, name, |row| row.get(0)).unwrap()
}

#[test]
fn a_file_is_marked_and_opened_again() {
    let folder = Folder::new();
    let path = folder.file("a.crm");
    let catalogue = catalogue();
    let mut store = file(&path);
    write(&mut store, &catalogue, |tx| tx.put(1, None, &customer(1)).unwrap());
    drop(store);
    assert_eq!(pragma::<i32>(&path, "application_id"), APPLICATION_ID);
    assert_eq!(pragma::<i32>(&path, "user_version"), FORMAT);
    assert_eq!(pragma::<String>(&path, "journal_mode"), "wal");
    let mut store = SqliteStore::open(&path, Options::default()).unwrap();
    assert!(store.fits(&catalogue).unwrap());
    assert_eq!(store.plan_migration(&catalogue).unwrap(), Vec::<String>::new());
    let found = read(&mut store, &catalogue, |tx| tx.get(1, 1).unwrap());
    assert_eq!(found, Some(whole(customer(1), 9)));
    assert!(store.conn.pragma_query_value(None, "foreign_keys", |row| row.get::<_, bool>(0)).unwrap());
    assert_eq!(store.conn.pragma_query_value(None, "synchronous", |row| row.get::<_, i32>(0)).unwrap(), 2);
}

#[test]
fn options_are_followed() {
    let folder = Folder::new();
    let options =
        Options { journal: Journal::Rollback, synchronous: Synchronous::Normal, ..Options::default() };
    let store = SqliteStore::open(folder.file("a.crm"), options).unwrap();
    let mode: String = store.conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete");
    assert_eq!(store.conn.pragma_query_value(None, "synchronous", |row| row.get::<_, i32>(0)).unwrap(), 1);
}

#[test]
fn what_is_not_ours_is_not_opened() {
    let folder = Folder::new();
    let text = folder.file("text");
    std::fs::write(&text, "not a database, and long enough to be read as the header of one, or so one hopes")
        .unwrap();
    assert_eq!(refused(SqliteStore::open(&text, Options::default())), Code::CORRUPT);

    let foreign = folder.file("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t(a)").unwrap();
    assert_eq!(refused(SqliteStore::open(&foreign, Options::default())), Code::FOREIGN);
    assert_eq!(pragma::<String>(&foreign, "journal_mode"), "delete", "the file is left as it was");

    let marked = folder.file("marked.db");
    Connection::open(&marked).unwrap().pragma_update(None, "application_id", 7).unwrap();
    assert_eq!(refused(SqliteStore::open(&marked, Options::default())), Code::FOREIGN);

    let newer = folder.file("newer.crm");
    drop(file(&newer));
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", FORMAT + 1).unwrap();
    assert_eq!(refused(SqliteStore::open(&newer, Options::default())), Code::NEWER_SCHEMA);
    // No library has written such a form.
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", 0).unwrap();
    assert_eq!(refused(SqliteStore::open(&newer, Options::default())), Code::CORRUPT);

    assert_eq!(refused(SqliteStore::open(folder.file("no/such/place"), Options::default())), Code::IO);
}

#[test]
fn an_empty_file_becomes_ours() {
    let folder = Folder::new();
    let path = folder.file("empty");
    std::fs::write(&path, "").unwrap();
    drop(file(&path));
    assert_eq!(pragma::<i32>(&path, "application_id"), APPLICATION_ID);
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let folder = Folder::new();
    let path = folder.file("a.crm");
    let catalogue = catalogue();
    let mut first = file(&path);
    let options = Options { busy_timeout_ms: 20, ..Options::default() };
    let mut second = SqliteStore::open(&path, options).unwrap();
    let mut tx = first.begin(true, &catalogue).unwrap();
    tx.put(1, None, &customer(1)).unwrap();
    assert_eq!(second.begin(true, &catalogue).err().unwrap().code(), Code::BUSY);
    // Readers go on, and see nothing of it.
    assert_eq!(read(&mut second, &catalogue, |tx| tx.get(1, 1).unwrap()), None);
    tx.commit().unwrap();
    assert!(read(&mut second, &catalogue, |tx| tx.get(1, 1).unwrap()).is_some());
    write(&mut second, &catalogue, |tx| tx.put(1, None, &customer(2)).unwrap());
}

#[test]
fn a_reader_keeps_what_it_saw() {
    let folder = Folder::new();
    let path = folder.file("a.crm");
    let catalogue = catalogue();
    let mut writer = file(&path);
    let mut reader = SqliteStore::open(&path, Options::default()).unwrap();
    let mut tx = reader.begin(false, &catalogue).unwrap();
    assert_eq!(tx.get(1, 1).unwrap(), None);
    write(&mut writer, &catalogue, |tx| tx.put(1, None, &customer(1)).unwrap());
    assert_eq!(tx.get(1, 1).unwrap(), None);
    assert_eq!(tx.put(1, None, &customer(2)).unwrap_err().code(), Code::READ_ONLY_STORE);
}

#[test]
fn a_full_file_says_so_and_stays_whole() {
    let folder = Folder::new();
    let path = folder.file("a.crm");
    let catalogue = catalogue();
    drop(file(&path));
    let pages: u32 = pragma(&path, "page_count");
    let mut store =
        SqliteStore::open(&path, Options { max_pages: Some(pages + 8), ..Options::default() }).unwrap();
    let mut tx = store.begin(true, &catalogue).unwrap();
    let fault = (1..10_000).find_map(|id| tx.put(1, None, &customer(id)).err()).unwrap();
    assert_eq!(fault.code(), Code::FULL);
    drop(tx);
    assert_eq!(read(&mut store, &catalogue, |tx| tx.get(1, 1).unwrap()), None);
    write(&mut store, &catalogue, |tx| tx.put(1, None, &customer(1)).unwrap());
}

#[test]
fn a_file_may_be_opened_for_reading_only() {
    let folder = Folder::new();
    let path = folder.file("a.crm");
    let catalogue = catalogue();
    let mut store = file(&path);
    write(&mut store, &catalogue, |tx| tx.put(1, None, &customer(1)).unwrap());
    let options = Options { read_only: true, ..Options::default() };
    let mut reader = SqliteStore::open(&path, options.clone()).unwrap();
    assert!(read(&mut reader, &catalogue, |tx| tx.get(1, 1).unwrap()).is_some());
    let refused_write = match reader.begin(true, &catalogue) {
        Err(error) => error,
        Ok(mut tx) => tx.put(1, None, &customer(2)).unwrap_err(),
    };
    assert_eq!(refused_write.code(), Code::READ_ONLY_STORE);
    std::fs::write(folder.file("empty"), "").unwrap();
    assert_eq!(refused(SqliteStore::open(folder.file("empty"), options)), Code::READ_ONLY_STORE);
}

#[test]
fn a_copy_is_one_file_in_rollback_mode() {
    let folder = Folder::new();
    let catalogue = catalogue();
    let mut store = file(&folder.file("a.crm"));
    write(&mut store, &catalogue, |tx| (1..500).for_each(|id| tx.put(1, None, &customer(id)).unwrap()));
    let copy = folder.file("copy.crm");
    store.backup_to(&copy).unwrap();
    // A second copy takes the place of the first.
    write(&mut store, &catalogue, |tx| tx.put(1, None, &customer(500)).unwrap());
    store.backup_to(&copy).unwrap();
    assert_eq!(pragma::<String>(&copy, "journal_mode"), "delete");
    assert!(!folder.file("copy.crm-wal").exists());
    let mut reader = SqliteStore::open(&copy, Options { read_only: true, ..Options::default() }).unwrap();
    let all = read(&mut reader, &catalogue, |tx| tx.query(&list(&catalogue, 1, "", &[], None)).unwrap());
    assert_eq!(all.len(), 500);

    let foreign = folder.file("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t(a)").unwrap();
    assert_eq!(store.backup_to(&foreign).unwrap_err().code(), Code::FOREIGN);
}

#[test]
fn a_copy_takes_the_place_of_everything_or_nothing() {
    let folder = Folder::new();
    let catalogue = catalogue();
    let mut store = file(&folder.file("a.crm"));
    write(&mut store, &catalogue, |tx| (1..500).for_each(|id| tx.put(1, None, &customer(id)).unwrap()));
    let copy = folder.file("copy.crm");
    store.backup_to(&copy).unwrap();
    write(&mut store, &catalogue, |tx| tx.put(1, None, &customer(500)).unwrap());
    let count = |store: &mut SqliteStore| {
        read(store, &catalogue, |tx| tx.query(&list(&catalogue, 1, "", &[], None)).unwrap()).len()
    };

    let damaged = folder.file("damaged.crm");
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].iter_mut().for_each(|byte| *byte = 0xa5);
    std::fs::write(&damaged, bytes).unwrap();
    let foreign = folder.file("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t(a)").unwrap();
    std::fs::write(folder.file("empty"), "").unwrap();
    let rows = [
        (damaged, Code::CORRUPT),
        (foreign, Code::FOREIGN),
        (folder.file("empty"), Code::FOREIGN),
        (folder.file("missing"), Code::IO),
    ];
    for (path, code) in rows {
        assert_eq!(store.restore_from(&path).unwrap_err().code(), code, "{path:?}");
        assert_eq!(count(&mut store), 500);
    }

    // Another connection sees it too, and the file is written as it was before.
    let mut other = file(&folder.file("a.crm"));
    store.restore_from(&copy).unwrap();
    assert_eq!((count(&mut store), count(&mut other)), (499, 499));
    assert_eq!(pragma::<String>(&folder.file("a.crm"), "journal_mode"), "wal");
    write(&mut other, &catalogue, |tx| tx.put(1, None, &customer(500)).unwrap());
    assert_eq!(count(&mut store), 500);
}

#[test]
fn bytes_are_a_copy_too() {
    let folder = Folder::new();
    let catalogue = catalogue();
    let path = folder.file("a.crm");
    let mut store = file(&path);
    write(&mut store, &catalogue, |tx| (1..500).for_each(|id| tx.put(1, None, &customer(id)).unwrap()));
    let copy = folder.file("copy.crm");
    let bytes = store.to_bytes().unwrap();
    std::fs::write(&copy, &bytes).unwrap();
    assert_eq!(pragma::<String>(&copy, "journal_mode"), "delete");
    let count = |store: &mut SqliteStore| {
        read(store, &catalogue, |tx| tx.query(&list(&catalogue, 1, "", &[], None)).unwrap()).len()
    };
    assert_eq!(count(&mut file(&copy)), 499);

    let mut other = file(&folder.file("b.crm"));
    write(&mut other, &catalogue, |tx| tx.put(1, None, &customer(1)).unwrap());
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2..].fill(0xa5);
    let foreign = folder.file("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t(a)").unwrap();
    let foreign = std::fs::read(foreign).unwrap();
    let rows = [
        (&b""[..], Code::CORRUPT),
        (b"no database, and long enough to have what looks like a header", Code::CORRUPT),
        (&bytes[..bytes.len() / 2], Code::CORRUPT),
        (&damaged, Code::CORRUPT),
        (&foreign, Code::FOREIGN),
    ];
    for (bytes, code) in rows {
        assert_eq!(other.restore_from_bytes(bytes).unwrap_err().code(), code, "{} bytes", bytes.len());
        assert_eq!(count(&mut other), 1);
    }
    // The file of a program that writes a log beside it, as it is when that was taken in.
    drop(store);
    let logged = std::fs::read(&path).unwrap();
    assert_eq!(logged[18..20], [2, 2]);
    other.restore_from_bytes(&logged).unwrap();
    assert_eq!(count(&mut other), 499);
}

#[test]
fn a_damaged_file_is_noticed() {
    let folder = Folder::new();
    let path = folder.file("a.crm");
    let catalogue = catalogue();
    let mut store = file(&path);
    write(&mut store, &catalogue, |tx| (1..2_000).for_each(|id| tx.put(1, None, &customer(id)).unwrap()));
    drop(store);
    let mut bytes = std::fs::read(&path).unwrap();
    let length = bytes.len();
    bytes[8_192..length].iter_mut().for_each(|byte| *byte = 0xa5);
    std::fs::write(&path, bytes).unwrap();
    let fault = SqliteStore::open(&path, Options::default()).and_then(|mut store| {
        let mut tx = store.begin(false, &catalogue)?;
        tx.query(&list(&catalogue, 1, "active", &["region", "limit"], None)).map(|_| ())
    });
    assert_eq!(fault.unwrap_err().code(), Code::CORRUPT);
}

#[test]
fn a_long_call_is_stopped_from_outside() {
    let (mut store, catalogue) = super::store();
    write(&mut store, &catalogue, |tx| (1..3_000).for_each(|id| tx.put(1, None, &customer(id)).unwrap()));
    let interrupt: Interrupter = store.interrupter().unwrap();
    let (started, waits) = std::sync::mpsc::channel();
    let stopper = std::thread::spawn(move || {
        waits.recv().unwrap();
        // The call may not have begun yet: asked again until it has stopped.
        while waits.recv_timeout(std::time::Duration::from_millis(1)).is_err() {
            interrupt();
        }
    });
    started.send(()).unwrap();
    let plan = list(&catalogue, 1, "active", &["name.lower()"], None);
    let fault = read(&mut store, &catalogue, |tx| (0..100_000).find_map(|_| tx.query(&plan).err()));
    started.send(()).unwrap();
    stopper.join().unwrap();
    assert_eq!(fault.unwrap().code(), Code::INTERRUPTED);
}
