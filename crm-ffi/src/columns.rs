//! A report as columns, by the Arrow C Data Interface: `report.run` for hosts that compute.

use crate::call::{entry, received};
use crate::error::{crm_class, crm_error};
use crate::handles::{self, crm_session};
use crate::text::borrow;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::json::Json;
use std::ffi::{CString, c_char, c_void};
use std::ptr::{null, null_mut};

/// The type of a column, or of the table: `ArrowSchema` of the Arrow C Data Interface.
#[repr(C)]
#[derive(Debug)]
#[allow(dead_code)] // read by C
pub struct ArrowSchema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut ArrowSchema,
    dictionary: *mut ArrowSchema,
    release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    private_data: *mut c_void,
}

/// The values of a column, or of the table: `ArrowArray` of the Arrow C Data Interface.
#[repr(C)]
#[derive(Debug)]
#[allow(dead_code)] // read by C
pub struct ArrowArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut ArrowArray,
    dictionary: *mut ArrowArray,
    release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    private_data: *mut c_void,
}

/// Runs a report and gives its rows as columns, by the Arrow C Data Interface: one array of a struct type with a field for each
/// column of `report.run`. Booleans, integers (int64), decimals (decimal128 of the most decimals that the column has), texts and
/// ids (utf8), dates (date32), instants (timestamp in milliseconds, UTC); a missing value is null. The metadata of the schema
/// has `as_of` and `scope`.
///
/// `request`, `request_len`: that of `report.run`; with length 0 it is `{}`. `schema`, `array`: receive the table, released by their
/// `release`; where the call was refused `release` is NULL. `error`: receives why; may be NULL.
/// Errors: `handle.invalid`, `request.invalid_text`, `value.out_of_range` for a column of more than 2^31 bytes of text, those of
/// `report.run`.
///
/// # Safety
/// `request` points to `request_len` bytes; `schema`, `array` and `error` are NULL or point to their types. What they held is
/// overwritten, not released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_report(
    session: crm_session,
    request: *const c_char,
    request_len: usize,
    schema: *mut ArrowSchema,
    array: *mut ArrowArray,
    error: *mut crm_error,
) -> crm_class {
    let run = || -> Result<()> {
        if !schema.is_null() {
            // SAFETY: valid for writing, by the caller's promise.
            unsafe { schema.write(NO_TYPE) };
        }
        if !array.is_null() {
            // SAFETY: as above.
            unsafe { array.write(NO_VALUES) };
        }
        let (session, _user) = handles::session(session)?;
        received(schema, "schema")?;
        received(array, "array")?;
        // SAFETY: by the caller's promise.
        let request = unsafe { borrow(request, request_len, "request") }?;
        let answer = session.call_json("report.run", if request.is_empty() { "{}" } else { request })?;
        let (types, values) = table(&Json::parse(&answer)?)?;
        // SAFETY: valid for writing, by the caller's promise.
        unsafe { schema.write(types.into_c()) };
        // SAFETY: as above.
        unsafe { array.write(values.into_c()) };
        Ok(())
    };
    // SAFETY: as promised by the caller; what is given is written above.
    unsafe { entry(null_mut(), (), error, run) }
}

/// A type with those of its fields.
#[derive(Default)]
struct Schema {
    format: CString,
    name: CString,
    metadata: Option<Vec<u8>>,
    nullable: bool,
    fields: Vec<Schema>,
}

/// Values with those of their fields.
#[derive(Default)]
struct Array {
    length: usize,
    nulls: usize,
    buffers: Vec<Buffer>,
    fields: Vec<Array>,
}

/// Values in the alignment that they want. An absent one says that nothing is null.
enum Buffer {
    Absent,
    Bytes(Vec<u8>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    I128(Vec<i128>),
}

impl Buffer {
    fn as_ptr(&self) -> *const c_void {
        match self {
            Buffer::Absent => null(),
            Buffer::Bytes(values) => values.as_ptr().cast(),
            Buffer::I32(values) => values.as_ptr().cast(),
            Buffer::I64(values) => values.as_ptr().cast(),
            Buffer::I128(values) => values.as_ptr().cast(),
        }
    }
}

/// What an `ArrowSchema` of ours points to.
struct KeptSchema {
    kept: Schema,
    children: Vec<*mut ArrowSchema>,
}

/// What an `ArrowArray` of ours points to.
struct KeptArray {
    _buffers: Vec<Buffer>,
    pointers: Vec<*const c_void>,
    children: Vec<*mut ArrowArray>,
}

const NO_TYPE: ArrowSchema = ArrowSchema {
    format: null(),
    name: null(),
    metadata: null(),
    flags: 0,
    n_children: 0,
    children: null_mut(),
    dictionary: null_mut(),
    release: None,
    private_data: null_mut(),
};

const NO_VALUES: ArrowArray = ArrowArray {
    length: 0,
    null_count: 0,
    offset: 0,
    n_buffers: 0,
    n_children: 0,
    buffers: null_mut(),
    children: null_mut(),
    dictionary: null_mut(),
    release: None,
    private_data: null_mut(),
};

/// The flag of a field that may be null.
const NULLABLE: i64 = 2;

impl Schema {
    fn into_c(mut self) -> ArrowSchema {
        let fields = std::mem::take(&mut self.fields);
        let children = fields.into_iter().map(|field| Box::into_raw(Box::new(field.into_c()))).collect();
        // In a box, so that what is pointed to stays where it is.
        let mut kept = Box::new(KeptSchema { kept: self, children });
        ArrowSchema {
            format: kept.kept.format.as_ptr(),
            name: kept.kept.name.as_ptr(),
            metadata: kept.kept.metadata.as_ref().map_or(null(), |metadata| metadata.as_ptr().cast()),
            flags: if kept.kept.nullable { NULLABLE } else { 0 },
            n_children: count(kept.children.len()),
            children: kept.children.as_mut_ptr(),
            release: Some(release_schema),
            private_data: Box::into_raw(kept).cast(),
            ..NO_TYPE
        }
    }
}

impl Array {
    fn into_c(mut self) -> ArrowArray {
        let fields = std::mem::take(&mut self.fields);
        let children = fields.into_iter().map(|field| Box::into_raw(Box::new(field.into_c()))).collect();
        let pointers = self.buffers.iter().map(Buffer::as_ptr).collect();
        let mut kept = Box::new(KeptArray { _buffers: self.buffers, pointers, children });
        ArrowArray {
            length: count(self.length),
            null_count: count(self.nulls),
            n_buffers: count(kept.pointers.len()),
            n_children: count(kept.children.len()),
            buffers: kept.pointers.as_mut_ptr(),
            children: kept.children.as_mut_ptr(),
            release: Some(release_array),
            private_data: Box::into_raw(kept).cast(),
            ..NO_VALUES
        }
    }
}

/// # Safety
/// `schema` is one that [`Schema::into_c`] made and that was not released; its children were perhaps moved away, which clears
/// their `release`.
unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: by the caller's promise, also below.
    unsafe {
        let kept = Box::from_raw((*schema).private_data.cast::<KeptSchema>());
        for child in kept.children {
            let mut child = Box::from_raw(child);
            if let Some(release) = child.release {
                release(&mut *child);
            }
        }
        (*schema).release = None;
    }
}

/// # Safety
/// As [`release_schema`].
unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: by the caller's promise, also below.
    unsafe {
        let kept = Box::from_raw((*array).private_data.cast::<KeptArray>());
        for child in kept.children {
            let mut child = Box::from_raw(child);
            if let Some(release) = child.release {
                release(&mut *child);
            }
        }
        (*array).release = None;
    }
}

/// The answer of `report.run` as a struct of columns.
fn table(answer: &Json) -> Result<(Schema, Array)> {
    let list = |name| answer.get(name).and_then(Json::as_list).unwrap_or_default();
    let text = |name| answer.get(name).and_then(Json::as_text).unwrap_or_default();
    let rows = list("rows");
    let (mut types, mut values) = (Vec::new(), Vec::new());
    for (at, column) in list("columns").iter().enumerate() {
        let member = |name| column.get(name).and_then(Json::as_text).unwrap_or_default();
        let cells = rows.iter().map(|row| row.as_list().and_then(|row| row.get(at)).unwrap_or(&Json::Null));
        let cells: Vec<Option<&Json>> =
            cells.map(|cell| if matches!(cell, Json::Null) { None } else { Some(cell) }).collect();
        let (format, array) = column_of(member("type"), &cells)?;
        let name = CString::new(member("name")).map_err(|_| Error::internal("NUL in a name"))?;
        types.push(Schema { format, name, nullable: true, ..Schema::default() });
        values.push(array);
    }
    let metadata = metadata(&[("as_of", text("as_of")), ("scope", text("scope"))]);
    let schema =
        Schema { format: c"+s".into(), metadata: Some(metadata), fields: types, ..Schema::default() };
    let array =
        Array { length: rows.len(), buffers: vec![Buffer::Absent], fields: values, ..Array::default() };
    Ok((schema, array))
}

/// The format and the values of a column.
fn column_of(ty: &str, cells: &[Option<&Json>]) -> Result<(CString, Array)> {
    let nulls = cells.iter().filter(|cell| cell.is_none()).count();
    let validity =
        if nulls == 0 { Buffer::Absent } else { Buffer::Bytes(bits(cells.iter().map(Option::is_some))) };
    let texts = || cells.iter().map(|cell| cell.and_then(Json::as_text));
    let (format, values) = match ty {
        "boolean" => {
            let truths = cells.iter().map(|cell| matches!(cell, Some(Json::Bool(true))));
            (c"b".to_owned(), vec![Buffer::Bytes(bits(truths))])
        }
        "integer" => {
            let numbers = cells.iter().map(|cell| cell.and_then(Json::as_int).unwrap_or(0));
            (c"l".to_owned(), vec![Buffer::I64(numbers.collect())])
        }
        "decimal" => {
            let read = texts().map(|text| text.map_or(Ok(Dec::ZERO), Dec::parse));
            let decimals = read.collect::<std::result::Result<Vec<Dec>, _>>()?;
            let scale = decimals.iter().map(|value| value.scale()).max().unwrap_or(0);
            let aligned = decimals.into_iter().map(|value| value.rescale(scale).map(Dec::mantissa));
            let aligned = aligned.collect::<std::result::Result<Vec<i128>, _>>()?;
            let format = CString::new(format!("d:38,{scale}")).unwrap_or_default();
            (format, vec![Buffer::I128(aligned)])
        }
        "date" => {
            let days = texts().map(|text| match text.map(Date::parse) {
                Some(Ok(date)) => i32::try_from(date.days_since_epoch()).unwrap_or(0),
                _ => 0,
            });
            (c"tdD".to_owned(), vec![Buffer::I32(days.collect())])
        }
        "instant" => {
            let millis = texts().map(|text| match text.map(Instant::parse) {
                Some(Ok(instant)) => instant.millis(),
                _ => 0,
            });
            (c"tsm:UTC".to_owned(), vec![Buffer::I64(millis.collect())])
        }
        // A column of nothing else: without buffers, as the interface has it.
        "null" => return Ok((c"n".to_owned(), Array { length: cells.len(), nulls, ..Array::default() })),
        _ => {
            let (mut offsets, mut bytes) = (vec![0], Vec::new());
            for text in texts() {
                bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
                offsets.push(i32::try_from(bytes.len()).map_err(|_| Code::OUT_OF_RANGE.error())?);
            }
            (c"u".to_owned(), vec![Buffer::I32(offsets), Buffer::Bytes(bytes)])
        }
    };
    let buffers = std::iter::once(validity).chain(values).collect();
    Ok((format, Array { length: cells.len(), nulls, buffers, fields: Vec::new() }))
}

/// Bits, the first value in the lowest.
fn bits(values: impl Iterator<Item = bool>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (at, value) in values.enumerate() {
        if at % 8 == 0 {
            bytes.push(0);
        }
        if let Some(last) = bytes.last_mut() {
            *last |= u8::from(value) << (at % 8);
        }
    }
    bytes
}

/// Pairs as the interface writes them: lengths as 32 bits of the machine.
fn metadata(pairs: &[(&str, &str)]) -> Vec<u8> {
    let length = |len: usize| i32::try_from(len).unwrap_or(0).to_ne_bytes();
    let mut bytes = length(pairs.len()).to_vec();
    for text in pairs.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend_from_slice(&length(text.len()));
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
