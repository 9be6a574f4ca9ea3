"""The engine from Python by ctypes, to show that any language reaches it: python3 crm_ctypes.py path/to/libcrm.so.0"""
import ctypes as c, json, sys

class Buffer(c.Structure):
    _fields_ = [("data", c.c_void_p), ("len", c.c_size_t)]
    def text(self): return c.string_at(self.data, self.len).decode() if self.data else ""

class Error(c.Structure):
    _fields_ = [("class_", c.c_int32), ("code", Buffer), ("message", Buffer), ("json", Buffer)]

lib = c.CDLL(sys.argv[1])
lib.crm_session_open.argtypes = [c.c_uint64, c.c_uint64, c.c_char_p, c.c_size_t, c.c_void_p, c.c_void_p]
lib.crm_call.argtypes = [c.c_uint64, c.c_char_p, c.c_size_t, c.c_char_p, c.c_size_t, c.c_void_p, c.c_void_p]
lib.crm_close.argtypes = [c.c_uint64, c.c_void_p]

def checked(function, *arguments):
    error = Error()
    if function(*arguments, c.byref(error)) != 0:
        refused = RuntimeError(error.code.text(), error.message.text(), json.loads(error.json.text())["details"])
        lib.crm_error_free(c.byref(error))
        raise refused

def session(database, actor=0, language="en"):
    handle = c.c_uint64()
    checked(lib.crm_session_open, database, actor, language.encode(), len(language), c.byref(handle))
    return handle

def call(session, operation, **request):
    answer, text = Buffer(), json.dumps(request).encode()
    checked(lib.crm_call, session, operation.encode(), len(operation), text, len(text), c.byref(answer))
    try: return json.loads(answer.text())
    finally: lib.crm_buffer_free(c.byref(answer))

database = c.c_uint64()
checked(lib.crm_open_memory, c.byref(database))
company = call(session(database), "enterprise.setup", name="海港仪器", base_currency="CNY", administrator="安然")
desk = session(database, int(company["administrator"]), "zh-CN")
call(desk, "record.create", kind="customer", values={"name": "江南检测中心", "currency": "CNY"})
print([customer["name"] for customer in call(desk, "record.list", kind="customer")["records"]])
try: call(desk, "record.create", kind="customer", values={"colour": "red"})
except RuntimeError as refused: print(*refused.args)
checked(lib.crm_close, database)
