"""A report as pyarrow reads it equals the JSON of its operation: python3 arrow.py path/to/libcrm.so.0"""
import ctypes as c
import datetime
import decimal
import json
import sys

import pyarrow
from pyarrow.cffi import ffi

lib = c.CDLL(sys.argv[1])
u64, text, size, pointer = c.c_uint64, c.c_char_p, c.c_size_t, c.c_void_p
lib.crm_session_open.argtypes = [u64, u64, text, size, pointer, pointer]
lib.crm_call.argtypes = [u64, text, size, text, size, pointer, pointer]
lib.crm_report.argtypes = [u64, text, size, pointer, pointer, pointer]


class Buffer(c.Structure):
    _fields_ = [("data", pointer), ("len", size)]


def call(session, operation, request):
    answer, request = Buffer(), json.dumps(request).encode()
    assert lib.crm_call(session, operation.encode(), len(operation), request, len(request), c.byref(answer), None) == 0
    told = json.loads(c.string_at(answer.data, answer.len))
    lib.crm_buffer_free(c.byref(answer))
    return told


def report(session, request):
    request = json.dumps(request).encode()
    schema, array = ffi.new("struct ArrowSchema*"), ffi.new("struct ArrowArray*")
    at = lambda struct: int(ffi.cast("uintptr_t", struct))
    assert lib.crm_report(session, request, len(request), at(schema), at(array), None) == 0
    batch = pyarrow.RecordBatch._import_from_c(at(array), at(schema))
    batch.validate(full=True)
    return batch


def plain(value):
    """A value of pyarrow as JSON has it."""
    if isinstance(value, decimal.Decimal):
        shown = format(value, "f")
        return shown.rstrip("0").rstrip(".") if "." in shown else shown
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, datetime.date) else value


def shown(value):
    """A value of JSON without the zeros at a decimal's end."""
    try:
        return plain(decimal.Decimal(value)) if isinstance(value, str) and "." in value else value
    except decimal.InvalidOperation:
        return value


database, session = u64(), u64()
assert lib.crm_open_memory(c.byref(database), None) == 0
assert lib.crm_session_open(database, 0, b"", 0, c.byref(session), None) == 0
setup = call(session, "enterprise.setup", {"name": "A", "base_currency": "CNY", "administrator": "安然"})
assert lib.crm_session_open(database, int(setup["administrator"]), b"", 0, c.byref(session), None) == 0
unit = call(session, "record.create", {"kind": "unit", "values": {"code": "PCS", "name": "件"}})["record"]["id"]
for code, price in [("A", "950"), ("B", "128.50"), ("C", "0.000001"), ("D", None)]:
    values = {"code": code, "name": f"仪器 {code}", "unit": unit, "list_price": price, "currency": price and "CNY"}
    call(session, "record.create", {"kind": "product", "values": values})
for day, rate in [("2026-01-01", "7.1"), ("2026-02-01", "7.25")]:
    values = {"from_currency": "USD", "to_currency": "CNY", "valid_from": day, "rate": rate}
    call(session, "record.create", {"kind": "exchange_rate", "values": values})
requests = [
    {"kind": "product", "order": ["code"],
     "group": [{"name": "code", "by": "code"}, {"name": "unit", "by": "unit"}, {"name": "price", "by": "list_price"}],
     "measures": [{"name": "n", "measure": "count"}, {"name": "sum", "measure": "sum", "of": "list_price"}]},
    {"kind": "product", "measures": [{"name": "n", "measure": "count"}], "filter": "code == 'nothing'"},
    {"kind": "employee", "group": [{"name": "works", "by": "active"}, {"name": "upper", "by": "superior"}],
     "measures": [{"name": "n", "measure": "count"}]},
    {"kind": "exchange_rate", "group": [{"name": "from", "by": "valid_from"}, {"name": "rate", "by": "rate"}],
     "measures": [{"name": "latest", "measure": "max", "of": "valid_from"}], "order": ["from"]},
]
for request in requests:
    batch, answer = report(session, request), call(session, "report.run", request)
    assert batch.schema.names == [column["name"] for column in answer["columns"]], batch.schema
    assert batch.schema.metadata[b"scope"].decode() == answer["scope"]
    columns = [column.to_pylist() for column in batch.columns]
    rows = [[plain(column[at]) for column in columns] for at in range(batch.num_rows)]
    assert rows == [[shown(value) for value in row] for row in answer["rows"]], (rows, answer["rows"])
assert lib.crm_close(database, None) == 0
print("pyarrow reads what report.run gives")
