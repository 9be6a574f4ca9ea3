/*
 * crm.h: the CRM engine for C.
 * Generated from crm-ffi/src. Do not edit: cargo run --release -p crm-tests --bin generate
 *
 * Calls
 *   One call reaches every operation: crm_call(session, name, request, &answer, &error). Names, requests and answers stand in
 *   docs/reference/operations.md; both sides are JSON in UTF-8. Decimals, ids, dates and instants are strings there.
 *
 * Memory
 *   What goes in is a pointer and a length, borrowed until the function returns; NUL inside is legal where the text allows it,
 *   and UTF-8 that is none is an error. What comes out is owned by the host: a crm_buffer is freed by crm_buffer_free, a crm_error
 *   by crm_error_free. Both take NULL, and both empty what they freed, so freeing twice does nothing. Out-parameters are
 *   written by every call, also by one that fails: they need not be initialised, and what they held is not freed.
 *   Nothing that is returned is borrowed, except the text of crm_version, which lives as long as the library.
 *
 * Handles
 *   Databases and sessions are numbers and never 0. A closed, forged or otherwise wrong one is CRM_CLASS_HANDLE. Closing a
 *   database closes its sessions.
 *
 * Errors
 *   Every function returns a class; CRM_CLASS_OK is 0. The error object says more: a stable code to branch on, a message for the
 *   user, and JSON with the path in the request and other details, with every problem of a request at once. There is no last
 *   error to ask for. Fields of a request that are not known are refused; a host ignores fields of an answer that it does not
 *   know, since later versions add some.
 *
 * Threads
 *   Any handle may be used from any thread. Calls on one database run one after the other. The library starts no thread,
 *   installs no signal handler and registers nothing at exit. A panic inside is caught: CRM_CLASS_PANIC, its transaction undone.
 *
 * Callbacks
 *   A callback is called on the thread of a call, with nothing locked: it may call the library, with the same handles, and may
 *   close them. It does not throw. When the function that closes a handle or replaces a callback has returned, the callback is
 *   no longer in use and its context may be freed; only from within a callback that function does not wait for other threads.
 *
 * The world outside
 *   The time comes from the system or from the clock that the host gives; the zone is the enterprise's or the one that the host
 *   gives, never the system's. The engine draws no random numbers. The same calls at the same times on the same database
 *   give the same bytes.
 *
 * Trust
 *   Rights are judged for the actor that a session was opened with, and the host vouches for the actor. A file protects nothing
 *   from who can read it.
 */

#ifndef CRM_H
#define CRM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

// A type, by the Arrow C Data Interface.
struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

// Values, by the Arrow C Data Interface.
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif // ARROW_C_DATA_INTERFACE

// The revision of the binary interface: functions and types are only added while it stays the same.
#define CRM_ABI_VERSION 0

// What a host does about an outcome. Only added to, never renumbered.
enum crm_class
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // It was done.
    CRM_CLASS_OK = 0,
    // The request is wrong; sending it again cannot help.
    CRM_CLASS_INVALID = 1,
    // No such record, or none that the actor may see.
    CRM_CLASS_NOT_FOUND = 2,
    // The state of the records does not allow it, or somebody was faster.
    CRM_CLASS_CONFLICT = 3,
    // The actor may not.
    CRM_CLASS_FORBIDDEN = 4,
    // Somebody has to approve first.
    CRM_CLASS_NEEDS_APPROVAL = 5,
    // Another writer holds the database; try again.
    CRM_CLASS_BUSY = 6,
    // Reading or writing failed.
    CRM_CLASS_IO = 7,
    // The database is damaged or is none.
    CRM_CLASS_CORRUPT = 8,
    // Not in this build, on this platform or with this version of the file.
    CRM_CLASS_UNSUPPORTED = 9,
    // The host asked to stop.
    CRM_CLASS_INTERRUPTED = 10,
    // A handle that is closed, forged or of another kind.
    CRM_CLASS_HANDLE = 11,
    // A defect was caught; the transaction was rolled back.
    CRM_CLASS_PANIC = 12,
    // An invariant did not hold; the transaction was rolled back.
    CRM_CLASS_INTERNAL = 13,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum crm_class crm_class;
#else
typedef int32_t crm_class;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Text in UTF-8 that the host owns and gives back by `crm_buffer_free`. NUL-terminated behind its length.
typedef struct crm_buffer {
    // The text; NULL where there is none.
    char *data;
    // Its bytes without the NUL behind them.
    size_t len;
} crm_buffer;

// Why a call was refused. The host owns it and gives it back by `crm_error_free`.
typedef struct crm_error {
    // The class: also what the function returned.
    crm_class class_;
    // The stable, dotted code: `order.not_approved`.
    struct crm_buffer code;
    // The message for the user, in the language of the session (English where there is no session).
    struct crm_buffer message;
    // Everything as JSON: `{"class", "code", "message", "details": {"path", ...}}`. Of the details `path` is a JSON pointer into
    // the request, `problems` has every problem of it, `retryable` is true where the same call may succeed later.
    struct crm_buffer json;
} crm_error;

// A database: a number, never 0.
typedef uint64_t crm_database;

// A session: a number, never 0.
typedef uint64_t crm_session;

// The host's clock: gives milliseconds since 1970-01-01T00:00:00Z. Asked once a call, on the thread of the call, from any
// thread that calls, before anything is locked: it may call the library. A time beyond the years 1 to 9999 is the first or
// last there is.
typedef int64_t (*crm_clock)(void *context);

// Called when something has changed; what, `crm_changes` tells. On the thread of the call that changed it, when that call is
// done and nothing is locked: it may call the library. What is changed from within it does not call it again.
typedef void (*crm_wake)(void *context);

// An exact decimal: `mantissa` divided by ten as often as `scale` says, at most 18 times.
typedef struct crm_decimal {
    // The digits.
    int64_t mantissa;
    // How many of them are decimals.
    uint8_t scale;
} crm_decimal;

// What a price is asked for. Zero everywhere but in `product` and `quantity` is what `price.amount` does by itself.
typedef struct crm_price_line {
    // The product.
    uint64_t product;
    // How many, in `unit`.
    struct crm_decimal quantity;
    // The unit; 0 for the product's.
    uint64_t unit;
    // Who buys; 0 for anybody.
    uint64_t customer;
    // Who sells; 0 for the actor.
    uint64_t seller;
    // The price list; 0 for whatever lists hold for everybody.
    uint64_t list;
    // The pricing date in days since 1970-01-01; 0 for today.
    int32_t date;
    // The currency, three capital letters and NUL; empty for the price list's, else the customer's, else the enterprise's.
    char currency[4];
} crm_price_line;

// A price, or why there is none.
typedef struct crm_price {
    // Why there is no price; class `CRM_CLASS_OK` where there is one. Free it by `crm_error_free`.
    struct crm_error error;
    // The price of one.
    struct crm_decimal unit_price;
    // What the quantity costs, posted.
    struct crm_decimal amount;
    // The product's list price in the same currency, where `has_list_price`.
    struct crm_decimal list_price;
    // Whether there is a list price.
    bool has_list_price;
    // The currency of the amounts, with NUL.
    char currency[4];
    // The pricing date in days since 1970-01-01.
    int32_t date;
    // The rule that makes the price; 0 where the list price holds.
    uint64_t rule;
} crm_price;

// Text of the host's, borrowed for a call.
typedef struct crm_text {
    // The text in UTF-8; may be NULL where `len` is 0.
    const char *data;
    // Its bytes.
    size_t len;
} crm_text;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The revision of the binary interface that the library has: compare it with `CRM_ABI_VERSION` of the header.
uint32_t crm_abi_version(void);

// The revision of the table of operations: it rises when anything is added to what hosts rely on, an operation, a field, an
// option or an error code.
uint32_t crm_operations_revision(void);

// The form of the database files that the library writes. It opens files of this form and of every lower one, which it brings
// up to it; a file of a higher one is refused with `store.newer_schema`.
uint32_t crm_schema_version(void);

// The version of the library (semantic versioning), NUL-terminated. Lives as long as the library; not to be freed.
const char *crm_version(void);

// Frees a buffer that a function has filled, and empties it: freeing it again does nothing. NULL does nothing.
//
// The caller sees to it:
// `buffer` is NULL or points to a `crm_buffer` that a function of this library has filled or that is all zero.
void crm_buffer_free(struct crm_buffer *buffer);

// Frees the buffers of an error and empties it: freeing it again does nothing. NULL does nothing.
//
// The caller sees to it:
// `error` is NULL or points to a `crm_error` that a function of this library has filled or that is all zero.
void crm_error_free(struct crm_error *error);

// Opens a database file, or makes it.
//
// `path`, `path_len`: its path in UTF-8. `database`: receives the handle, 0 where it could not be opened.
// `error`: receives why; may be NULL.
// Errors: `store.foreign`, `store.newer_schema`, `store.corrupt`, `store.busy`, `store.io`, `request.invalid_text`.
//
// The caller sees to it:
// `path` points to `path_len` bytes; `database` and `error` are NULL or point to their types.
crm_class crm_open(const char *path,
                   size_t path_len,
                   crm_database *database,
                   struct crm_error *error);

// Opens an empty database in memory, which lives until it is closed.
//
// `database`: receives the handle, 0 where it could not be opened. `error`: receives why; may be NULL.
//
// The caller sees to it:
// `database` and `error` are NULL or point to their types.
crm_class crm_open_memory(crm_database *database, struct crm_error *error);

// Closes a database and every session on it. Calls under way on other threads end first, unless it is closed from within a
// callback.
//
// `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
//
// The caller sees to it:
// `error` is NULL or points to its type.
crm_class crm_close(crm_database database,
                    struct crm_error *error);

// Copies a database into a file while calls go on: everything as it is at one moment. The copy is one file without a
// write-ahead log. An earlier copy at the place is overwritten.
//
// `path`, `path_len`: where, in UTF-8. `error`: receives why it could not; may be NULL.
// Errors: `handle.invalid`, `request.invalid_text`, `store.unsupported` for a database in memory, `store.foreign` where another
// program's database lies there, `store.busy`, `store.full`, `store.io`.
//
// The caller sees to it:
// `path` points to `path_len` bytes; `error` is NULL or points to its type.
crm_class crm_backup(crm_database database,
                     const char *path,
                     size_t path_len,
                     struct crm_error *error);

// Puts the content of a copy in the place of everything. The copy is checked first, and it is all or nothing; calls wait
// meanwhile. Sessions stay open and mean the employees of the copy. The change log is the copy's too: a host that follows
// it by `crm_changes` begins anew.
//
// `path`, `path_len`: the copy, in UTF-8. `error`: receives why it could not; may be NULL.
// Errors: `handle.invalid`, `request.invalid_text`, `store.unsupported` for a database in memory, `store.foreign`,
// `store.newer_schema`, `store.corrupt`, `store.busy`, `store.full`, `store.io`.
//
// The caller sees to it:
// `path` points to `path_len` bytes; `error` is NULL or points to its type.
crm_class crm_restore(crm_database database,
                      const char *path,
                      size_t path_len,
                      struct crm_error *error);

// Opens a session of an employee. The host vouches for who that is.
//
// `actor`: the employee's id; 0 where nobody has signed in yet. `language`, `language_len`: `zh-CN`, `zh-TW` or `en`;
// with length 0 it is `en`. `session`: receives the handle, 0 where it could not be opened. `error`: receives why; may be
// NULL. Errors: `handle.invalid`, `request.invalid_text`, `permission.no_actor` for a number that is no id.
//
// The caller sees to it:
// `language` points to `language_len` bytes; `session` and `error` are NULL or point to their types.
crm_class crm_session_open(crm_database database,
                           uint64_t actor,
                           const char *language,
                           size_t language_len,
                           crm_session *session,
                           struct crm_error *error);

// Sets the language of a session's messages.
//
// `language`, `language_len`: `zh-CN`, `zh-TW` or `en`; with length 0 it is `en`. `error`: receives why it could not; may
// be NULL. Errors: `handle.invalid`, `request.invalid_text`.
//
// The caller sees to it:
// `language` points to `language_len` bytes; `error` is NULL or points to its type.
crm_class crm_session_set_language(crm_session session,
                                   const char *language,
                                   size_t language_len,
                                   struct crm_error *error);

// Lets a session work on behalf of another employee, which the change log tells.
//
// `employee`: whose stead; 0 for nobody's. `error`: receives why it could not; may be NULL. Errors: `handle.invalid`,
// `permission.no_actor` for a number that is no id. What an employee may do for another is judged by each call.
//
// The caller sees to it:
// `error` is NULL or points to its type.
crm_class crm_session_set_on_behalf(crm_session session,
                                    uint64_t employee,
                                    struct crm_error *error);

// Gives the reason that the change log keeps with what the session changes from now on.
//
// `reason`, `reason_len`: the text; with length 0 there is none. `error`: receives why it could not; may be NULL.
// Errors: `handle.invalid`, `request.invalid_text`.
//
// The caller sees to it:
// `reason` points to `reason_len` bytes; `error` is NULL or points to its type.
crm_class crm_session_set_reason(crm_session session,
                                 const char *reason,
                                 size_t reason_len,
                                 struct crm_error *error);

// Gives a session the host's clock instead of the system's; NULL gives the system's back. When it returns no call uses the
// clock before, unless it is called from within a callback.
//
// `context`: handed to the clock as it is. `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
//
// The caller sees to it:
// `clock` may be called with `context` from every thread that uses the session until it is closed or given another
// clock; it does not throw and does not jump away. `error` is NULL or points to its type.
crm_class crm_session_set_clock(crm_session session,
                                crm_clock clock,
                                void *context,
                                struct crm_error *error);

// Finds the business dates of a session in a zone of the host instead of the enterprise's. The system's zone is never asked.
//
// `name`, `name_len`: such as `Asia/Shanghai`; with length 0 it is the enterprise's again. `rule`, `rule_len`: the zone's
// rule as a POSIX `TZ` text, such as `CST-8`; with length 0 the rule is the one that the library has under the name.
// `error`: receives why it could not; may be NULL. Errors: `handle.invalid`, `request.invalid_text`.
//
// The caller sees to it:
// `name` and `rule` point to so many bytes; `error` is NULL or points to its type.
crm_class crm_session_set_zone(crm_session session,
                               const char *name,
                               size_t name_len,
                               const char *rule,
                               size_t rule_len,
                               struct crm_error *error);

// Closes a session. A call under way on another thread ends first, unless it is closed from within a callback.
//
// `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
//
// The caller sees to it:
// `error` is NULL or points to its type.
crm_class crm_session_close(crm_session session,
                            struct crm_error *error);

// Runs an operation.
//
// `operation`, `operation_len`: its name, `quote.submit`. `request`, `request_len`: JSON; with length 0 it is `{}`.
// `answer`: receives JSON, empty where the call was refused; free it by `crm_buffer_free`; may be NULL. `error`: receives
// why; free it by `crm_error_free`; may be NULL.
// Errors: `handle.invalid`, `request.invalid_text`, `request.unknown_operation`, those of the operation.
//
// The caller sees to it:
// `operation` and `request` point to so many bytes; `answer` and `error` are NULL or point to their types.
crm_class crm_call(crm_session session,
                   const char *operation,
                   size_t operation_len,
                   const char *request,
                   size_t request_len,
                   struct crm_buffer *answer,
                   struct crm_error *error);

// Stops the calls of a session that have begun, from any thread: each ends with `store.interrupted`, class
// `CRM_CLASS_INTERRUPTED`, and has changed nothing. A call that is being committed is not stopped any more; where there is
// none, nothing happens. Calls that begin later and other sessions are not touched.
//
// `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
//
// The caller sees to it:
// `error` is NULL or points to its type.
crm_class crm_interrupt(crm_session session,
                        struct crm_error *error);

// Tells what has changed: every change set above a number, in order, with the records that it touched. A host that keeps
// `next` together with what it made of the changes misses nothing and sees nothing twice, also over a restart or a crash.
// How a record looks now, the host asks by a session.
//
// `after`: the `next` of the answer before; 0 for everything. `limit`: at most so many change sets.
// `answer`: receives JSON, `{"changes":[{"no","at","actor","on_behalf","operation","reason","records":[{"kind","id",
// "action"}]}],"next","last"}`, with `action` one of `created`, `updated`, `deleted`, `restored`; there is more while `next` is
// below `last`. Free it by `crm_buffer_free`. `error`: receives why it could not; may be NULL.
// Errors: `handle.invalid`, `list.bad_cursor` where there is no such change set, as after an older copy was restored;
// `store.io`, `store.corrupt`.
//
// The caller sees to it:
// `answer` and `error` are NULL or point to their types.
crm_class crm_changes(crm_database database,
                      int64_t after,
                      uint32_t limit,
                      struct crm_buffer *answer,
                      struct crm_error *error);

// Has a function called when something has changed; NULL ends it. There is one for a database. It is also called when a call
// finds that another process has changed something, not before. When this returns the function before is no longer in use,
// unless it is called from within a callback.
//
// `context`: handed to the function as it is. `error`: receives why it could not; may be NULL. Errors: `handle.invalid`.
//
// The caller sees to it:
// `wake` may be called with `context` from every thread that uses the database until it is closed or given another
// function; it does not throw and does not jump away. `error` is NULL or points to its type.
crm_class crm_set_wake(crm_database database,
                       crm_wake wake,
                       void *context,
                       struct crm_error *error);

// Prices many lines at one moment: for each what `price.amount` gives.
//
// `lines`, `count`: what is asked. `prices`: receives so many prices; a line that is refused has its error and refuses none
// of the others. `error`: receives why nothing could be priced; may be NULL.
// Errors: `handle.invalid`, `request.invalid_text`, `permission.forbidden`, `permission.no_actor`, `store.interrupted`; for a line
// those of `price.amount`.
//
// The caller sees to it:
// `lines` points to `count` lines and `prices` to room for as many; what was there is overwritten, not freed. `error` is NULL
// or points to its type.
crm_class crm_price_lines(crm_session session,
                          const struct crm_price_line *lines,
                          size_t count,
                          struct crm_price *prices,
                          struct crm_error *error);

// Runs a report and gives its rows as columns, by the Arrow C Data Interface: one array of a struct type with a field for each
// column of `report.run`. Booleans, integers (int64), decimals (decimal128 of the most decimals that the column has), texts and
// ids (utf8), dates (date32), instants (timestamp in milliseconds, UTC); a missing value is null. The metadata of the schema
// has `as_of` and `scope`.
//
// `request`, `request_len`: that of `report.run`; with length 0 it is `{}`. `schema`, `array`: receive the table, released by their
// `release`; where the call was refused `release` is NULL. `error`: receives why; may be NULL.
// Errors: `handle.invalid`, `request.invalid_text`, `value.out_of_range` for a column of more than 2^31 bytes of text, those of
// `report.run`.
//
// The caller sees to it:
// `request` points to `request_len` bytes; `schema`, `array` and `error` are NULL or point to their types. What they held is
// overwritten, not released.
crm_class crm_report(crm_session session,
                     const char *request,
                     size_t request_len,
                     struct ArrowSchema *schema,
                     struct ArrowArray *array,
                     struct crm_error *error);

// Imports rows: what `import.run` does with one file of such columns and rows.
//
// `mapping`, `mapping_len`: the mapping as JSON; the file that it names is these rows, whatever separator it says. `columns`, `column_count`: the names of the
// columns. `cells`, `row_count`: the rows one after the other, each of `column_count` cells; an empty text is a missing value.
// `answer`: receives the answer of `import.run`; free it by `crm_buffer_free`; may be NULL. `error`: receives why nothing was
// imported; may be NULL. Errors: `handle.invalid`, `request.invalid_text`, those of `import.run`.
//
// The caller sees to it:
// `mapping` and every text point to so many bytes, `columns` to `column_count` texts and `cells` to `column_count` times
// `row_count`; `answer` and `error` are NULL or point to their types.
crm_class crm_import_rows(crm_session session,
                          const char *mapping,
                          size_t mapping_len,
                          const struct crm_text *columns,
                          size_t column_count,
                          const struct crm_text *cells,
                          size_t row_count,
                          struct crm_buffer *answer,
                          struct crm_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CRM_H */
