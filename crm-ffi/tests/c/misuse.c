/* Wrong handles, wrong text, missing pointers, callbacks that call back: every one an error class, none a crash. */

#include "check.h"

#include <pthread.h>

typedef struct {
    crm_database database;
    crm_session session;
} both;

static both open_both(void)
{
    both opened = {0, 0};
    CHECK(crm_open_memory(&opened.database, NULL) == CRM_CLASS_OK);
    CHECK(crm_session_open(opened.database, 0, NULL, 0, &opened.session, NULL) == CRM_CLASS_OK);
    CHECK(opened.database != 0 && opened.session != 0 && opened.database != opened.session);
    return opened;
}

/* Every function that takes a database refuses what is none. */
static void no_database(crm_database wrong)
{
    crm_session session = 7;
    crm_buffer answer;
    crm_error error;
    CHECK(crm_session_open(wrong, 0, NULL, 0, &session, &error) == CRM_CLASS_HANDLE && session == 0);
    CHECK(strcmp(error.code.data, "handle.invalid") == 0);
    crm_error_free(&error);
    CHECK(crm_backup(wrong, "x", 1, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_restore(wrong, "x", 1, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_changes(wrong, 0, 1, &answer, NULL) == CRM_CLASS_HANDLE && answer.data == NULL);
    CHECK(crm_set_wake(wrong, NULL, NULL, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_close(wrong, NULL) == CRM_CLASS_HANDLE);
}

/* Every function that takes a session refuses what is none. */
static void no_session(crm_session wrong)
{
    crm_buffer answer;
    crm_error error;
    CHECK(call(wrong, "system.info", "{}", &answer, &error) == CRM_CLASS_HANDLE && answer.data == NULL);
    CHECK(error.class_ == CRM_CLASS_HANDLE && strcmp(error.code.data, "handle.invalid") == 0 && error.message.len > 0);
    crm_error_free(&error);
    CHECK(crm_interrupt(wrong, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_session_set_clock(wrong, NULL, NULL, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_session_set_zone(wrong, NULL, 0, NULL, 0, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_session_set_language(wrong, NULL, 0, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_session_set_on_behalf(wrong, 0, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_session_set_reason(wrong, NULL, 0, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_session_close(wrong, NULL) == CRM_CLASS_HANDLE);
}

static void handles(void)
{
    const both open = open_both(), closed = open_both();
    CHECK(crm_close(closed.database, NULL) == CRM_CLASS_OK); /* and its session with it */
    const uint64_t forged[] = {0, 1, 12345, UINT32_MAX, UINT64_MAX, INT64_MAX, 1ULL << 63, open.session ^ (1ULL << 32)};
    for (size_t at = 0; at < sizeof forged / sizeof *forged; at++) {
        no_database(forged[at]);
        no_session(forged[at]);
    }
    no_database(open.session);
    no_session(open.database);
    no_database(closed.database);
    no_session(closed.session);
    CHECK(crm_session_close(open.session, NULL) == CRM_CLASS_OK);
    no_session(open.session);
    CHECK(crm_close(open.database, NULL) == CRM_CLASS_OK);
    no_database(open.database);
}

static void texts(void)
{
    const both open = open_both();
    crm_buffer answer;
    crm_error error;
    const struct { const char *text; size_t len; } wrong[] = {
        {NULL, 3},                         /* NULL with a length */
        {"\xff\xfe", 2},                   /* no UTF-8 */
        {"\xed\xa0\x80", 3},               /* half of a pair */
        {"\xe4\xbd", 2},                   /* cut off */
        {"{}", SIZE_MAX},                  /* longer than memory */
        {"{}", (SIZE_MAX >> 1) + 1},
    };
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        const char *text = wrong[at].text;
        const size_t len = wrong[at].len;
        CHECK(crm_call(open.session, text, len, "{}", 2, &answer, &error) == CRM_CLASS_INVALID);
        CHECK(answer.data == NULL && strcmp(error.code.data, "request.invalid_text") == 0);
        crm_error_free(&error);
        CHECK(crm_call(open.session, "system.info", 11, text, len, &answer, NULL) == CRM_CLASS_INVALID);
        CHECK(crm_session_set_language(open.session, text, len, NULL) == CRM_CLASS_INVALID);
        CHECK(crm_session_set_reason(open.session, text, len, NULL) == CRM_CLASS_INVALID);
        CHECK(crm_session_set_zone(open.session, text, len, NULL, 0, NULL) == CRM_CLASS_INVALID);
        CHECK(crm_session_set_zone(open.session, "X", 1, text, len, NULL) == CRM_CLASS_INVALID);
        CHECK(crm_backup(open.database, text, len, NULL) == CRM_CLASS_INVALID);
        CHECK(crm_restore(open.database, text, len, NULL) == CRM_CLASS_INVALID);
        crm_database database = 7;
        CHECK(crm_open(text, len, &database, NULL) == CRM_CLASS_INVALID && database == 0);
        crm_session session = 7;
        CHECK(crm_session_open(open.database, 0, text, len, &session, NULL) == CRM_CLASS_INVALID && session == 0);
    }
    /* NUL is a character like others: an error of the JSON, and kept inside a text. */
    CHECK(crm_call(open.session, "system.info", 11, "{\0}", 3, &answer, &error) == CRM_CLASS_INVALID);
    CHECK(strcmp(error.code.data, "request.invalid_json") == 0);
    crm_error_free(&error);
    CHECK(crm_call(open.session, "system\0info", 11, "{}", 2, &answer, &error) == CRM_CLASS_INVALID);
    CHECK(strcmp(error.code.data, "request.unknown_operation") == 0);
    crm_error_free(&error);
    CHECK(crm_session_set_reason(open.session, "a\0b", 3, NULL) == CRM_CLASS_OK);
    /* No request is {}. */
    CHECK(crm_call(open.session, "system.info", 11, NULL, 0, &answer, NULL) == CRM_CLASS_OK);
    crm_buffer_free(&answer);

    crm_session session = 7;
    CHECK(crm_session_open(open.database, 0, "fr", 2, &session, NULL) == CRM_CLASS_INVALID && session == 0);
    CHECK(crm_session_open(open.database, UINT64_MAX, NULL, 0, &session, NULL) == CRM_CLASS_FORBIDDEN && session == 0);
    CHECK(crm_session_set_on_behalf(open.session, UINT64_MAX, NULL) == CRM_CLASS_FORBIDDEN);
    CHECK(crm_changes(open.database, -1, 10, &answer, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_changes(open.database, INT64_MAX, 10, &answer, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_backup(open.database, "x", 1, NULL) == CRM_CLASS_UNSUPPORTED);
    CHECK(crm_restore(open.database, "x", 1, NULL) == CRM_CLASS_UNSUPPORTED);
    CHECK(crm_close(open.database, NULL) == CRM_CLASS_OK);
}

typedef struct {
    crm_session session;
    int asked;
} clock_of_another;

static int64_t clock_that_asks(void *context)
{
    clock_of_another *other = context;
    other->asked = call(other->session, "record.list", "{\"kind\":\"department\"}", NULL, NULL) == CRM_CLASS_FORBIDDEN;
    return 1772424000000;
}

/* The session's language also where the engine is not reached. */
static void languages(void)
{
    const both open = open_both();
    const struct { const char *tag, *null, *no_utf8, *no_zone; } told[] = {
        {"en", "`operation` cannot be used: it is NULL", "`mapping` cannot be used: it is no UTF-8",
            "`name` cannot be used: there is no such value (`Nowhere`)"},
        {"zh-CN", "参数“operation”无法使用：为 NULL", "参数“mapping”无法使用：不是 UTF-8 文本",
            "参数“name”无法使用：没有这样的值（Nowhere）"},
        {"zh-TW", "參數「operation」無法使用：為 NULL", "參數「mapping」無法使用：不是 UTF-8 文字",
            "參數「name」無法使用：沒有這樣的值（Nowhere）"},
    };
    for (size_t at = 0; at < sizeof told / sizeof *told; at++) {
        crm_error error;
        CHECK(crm_session_set_language(open.session, told[at].tag, strlen(told[at].tag), NULL) == CRM_CLASS_OK);
        CHECK(crm_call(open.session, NULL, 3, NULL, 0, NULL, &error) == CRM_CLASS_INVALID);
        CHECK(strcmp(error.message.data, told[at].null) == 0);
        CHECK(strstr(error.json.data, "\"argument\":\"operation\",\"fault\":\"null\"") != NULL);
        crm_error_free(&error);
        CHECK(crm_import_rows(open.session, "\xff", 1, NULL, 0, NULL, 0, NULL, &error) == CRM_CLASS_INVALID);
        CHECK(strcmp(error.message.data, told[at].no_utf8) == 0);
        crm_error_free(&error);
        CHECK(crm_session_set_zone(open.session, "Nowhere", 7, NULL, 0, &error) == CRM_CLASS_INVALID);
        CHECK(strcmp(error.message.data, told[at].no_zone) == 0);
        crm_error_free(&error);
    }
    /* A call from within a callback speaks its own language, and the outer one goes on in its own. */
    clock_of_another other = {0, 0};
    CHECK(crm_session_open(open.database, 0, "en", 2, &other.session, NULL) == CRM_CLASS_OK);
    CHECK(crm_session_set_clock(open.session, clock_that_asks, &other, NULL) == CRM_CLASS_OK);
    crm_error error;
    CHECK(call(open.session, "record.list", "{\"kind\":\"department\"}", NULL, &error) == CRM_CLASS_FORBIDDEN);
    CHECK(other.asked && strcmp(error.message.data, "尚未登入") == 0);
    crm_error_free(&error);
    CHECK(crm_close(open.database, NULL) == CRM_CLASS_OK);
}

static void pointers(void)
{
    crm_database database = 7;
    crm_error error;
    CHECK(crm_open_memory(NULL, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_open("x", 1, NULL, &error) == CRM_CLASS_INVALID);
    CHECK(strcmp(error.code.data, "request.invalid_text") == 0);
    crm_error_free(&error);
    CHECK(crm_open(NULL, 0, &database, NULL) == CRM_CLASS_INVALID && database == 0);
    CHECK(crm_open("/no/such/folder/x.db", 20, &database, &error) == CRM_CLASS_IO && database == 0);
    CHECK(error.message.len > 0 && error.message.data[error.message.len] == '\0');
    crm_error_free(&error);

    const both open = open_both();
    CHECK(crm_session_open(open.database, 0, NULL, 0, NULL, NULL) == CRM_CLASS_INVALID);
    CHECK(call(open.session, "no.such", "{}", NULL, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_changes(open.database, 0, 1, NULL, NULL) == CRM_CLASS_OK);
    CHECK(crm_close(open.database, NULL) == CRM_CLASS_OK);
    crm_error_free(NULL);
    crm_buffer_free(NULL);
    crm_error nothing = {0};
    crm_error_free(&nothing);
    crm_buffer empty = {0};
    crm_buffer_free(&empty);
}

/* A clock that uses the session that asks it, and in the end closes it. */
typedef struct {
    both open;
    int depth, asked;
    int closes;
} reentrant;

static int64_t clock_that_calls(void *context)
{
    reentrant *self = context;
    self->asked++;
    if (self->depth++ < 3) {
        crm_buffer answer;
        CHECK(call(self->open.session, "system.info", "{}", &answer, NULL) == CRM_CLASS_OK);
        crm_buffer_free(&answer);
    } else if (self->closes) {
        CHECK(crm_session_close(self->open.session, NULL) == CRM_CLASS_OK);
    }
    return 1772424000000;
}

static void wake_that_calls(void *context)
{
    reentrant *self = context;
    self->asked++;
    add_department(self->open.session, self->asked == 1 ? "WAKE1" : "WAKE2"); /* does not call this again */
    if (self->closes) CHECK(crm_close(self->open.database, NULL) == CRM_CLASS_OK);
}

static void callbacks(void)
{
    for (int closes = 0; closes < 2; closes++) {
        reentrant state = {open_both(), 0, 0, closes};
        CHECK(crm_session_set_clock(state.open.session, clock_that_calls, &state, NULL) == CRM_CLASS_OK);
        /* Closed meanwhile, the call is done all the same; the handle is not good for another. */
        CHECK(call(state.open.session, "system.info", "{}", NULL, NULL) == CRM_CLASS_OK);
        CHECK(state.asked == 4);
        CHECK(call(state.open.session, "system.info", "{}", NULL, NULL) == (closes ? CRM_CLASS_HANDLE : CRM_CLASS_OK));
        CHECK(crm_close(state.open.database, NULL) == CRM_CLASS_OK);
    }
    for (int closes = 0; closes < 2; closes++) {
        reentrant state = {open_both(), 0, 0, closes};
        const unsigned long long administrator = set_up(state.open.database);
        CHECK(crm_session_open(state.open.database, administrator, NULL, 0, &state.open.session, NULL) == CRM_CLASS_OK);
        CHECK(crm_set_wake(state.open.database, wake_that_calls, &state, NULL) == CRM_CLASS_OK);
        add_department(state.open.session, "EAST");
        CHECK(state.asked == 1);
        if (!closes) {
            CHECK(departments(state.open.session) == 3); /* headquarters, EAST, WAKE1 */
            CHECK(state.asked == 1);                     /* reading wakes nobody */
            CHECK(crm_set_wake(state.open.database, NULL, NULL, NULL) == CRM_CLASS_OK);
            add_department(state.open.session, "WEST");
            CHECK(state.asked == 1);
        }
        CHECK(crm_close(state.open.database, NULL) == (closes ? CRM_CLASS_HANDLE : CRM_CLASS_OK));
    }
}

/* The context of a callback is freed as soon as the function that ends its use has returned. */
static int64_t clock_on_heap(void *context)
{
    return *(volatile int64_t *)context;
}

static void *calls_until_closed(void *session)
{
    crm_class class_;
    do class_ = call(*(crm_session *)session, "system.info", "{}", NULL, NULL);
    while (class_ == CRM_CLASS_OK);
    CHECK(class_ == CRM_CLASS_HANDLE);
    return NULL;
}

static int64_t *time_on_heap(void)
{
    int64_t *time = malloc(sizeof *time);
    *time = 1772424000000;
    return time;
}

static void contexts(void)
{
    for (int round = 0; round < 20; round++) {
        const both open = open_both();
        crm_session session = open.session;
        int64_t *time = time_on_heap();
        CHECK(crm_session_set_clock(session, clock_on_heap, time, NULL) == CRM_CLASS_OK);
        pthread_t threads[4];
        for (int at = 0; at < 4; at++) pthread_create(&threads[at], NULL, calls_until_closed, &session);
        for (int change = 0; change < 20; change++) {
            int64_t *next = time_on_heap();
            CHECK(crm_session_set_clock(session, clock_on_heap, next, NULL) == CRM_CLASS_OK);
            *time = -1;
            free(time);
            time = next;
        }
        CHECK((round % 2 ? crm_close(open.database, NULL) : crm_session_close(session, NULL)) == CRM_CLASS_OK);
        free(time);
        for (int at = 0; at < 4; at++) pthread_join(threads[at], NULL);
        if (round % 2 == 0) CHECK(crm_close(open.database, NULL) == CRM_CLASS_OK);
    }
}

static void *everything(void *unused)
{
    handles();
    texts();
    languages();
    pointers();
    return unused;
}

int main(void)
{
    everything(NULL);
    callbacks();
    contexts();
    pthread_t threads[8];
    for (int at = 0; at < 8; at++) pthread_create(&threads[at], NULL, everything, NULL);
    for (int at = 0; at < 8; at++) pthread_join(threads[at], NULL);
    return failures == 0 ? 0 : 1;
}
