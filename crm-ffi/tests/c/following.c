/* Following what changes, copying and restoring while others work, files that are refused, stopping a call. */

#include "check.h"

#include <pthread.h>
#include <time.h>

static void pause_ms(long ms)
{
    const struct timespec pause = {0, ms * 1000000};
    nanosleep(&pause, NULL);
}

/* A host that follows: it keeps the number to go on from with what it has seen. */
typedef struct {
    crm_database database;
    long long next;
    int sets, woken;
} follower;

static void pull(follower *self)
{
    for (;;) {
        crm_buffer answer;
        CHECK(crm_changes(self->database, self->next, 2, &answer, NULL) == CRM_CLASS_OK);
        long long expected = self->next;
        for (const char *at = answer.data; (at = strstr(at, "\"no\":")) != NULL; at++) {
            CHECK(strtoll(at + 5, NULL, 10) == ++expected); /* each once, in order */
            self->sets++;
        }
        const long long next = (long long)number_of(&answer, "next"), last = (long long)number_of(&answer, "last");
        CHECK(next == expected && next <= last);
        crm_buffer_free(&answer);
        self->next = next;
        if (next == last) return;
    }
}

static void wake(void *context)
{
    follower *self = context;
    self->woken++;
    pull(self); /* it may call */
}

static void changes(const char *path)
{
    follower host = {0, 0, 0, 0};
    crm_session session;
    crm_buffer answer;
    crm_error error;
    CHECK(crm_open(path, strlen(path), &host.database, NULL) == CRM_CLASS_OK);
    const unsigned long long administrator = set_up(host.database);
    CHECK(crm_session_open(host.database, administrator, NULL, 0, &session, NULL) == CRM_CLASS_OK);
    pull(&host);
    const int before = host.sets;
    CHECK(before >= 1);

    CHECK(crm_set_wake(host.database, wake, &host, NULL) == CRM_CLASS_OK);
    add_department(session, "EAST");
    add_department(session, "WEST");
    CHECK(departments(session) == 3);
    CHECK(call(session, "record.create", "{\"kind\":\"department\",\"values\":{\"code\":\"EAST\",\"name\":\"x\"}}", NULL, NULL)
          == CRM_CLASS_CONFLICT); /* refused: nothing to follow */
    CHECK(host.woken == 2 && host.sets == before + 2);
    CHECK(crm_changes(host.database, host.next - 1, 10, &answer, NULL) == CRM_CLASS_OK);
    CHECK(strstr(answer.data, "\"operation\":\"record.create\"") != NULL);
    CHECK(strstr(answer.data, "\"records\":[{\"kind\":\"department\",\"id\":\"") != NULL);
    CHECK(strstr(answer.data, "\"action\":\"created\"") != NULL);
    CHECK(number_of(&answer, "actor") == administrator);
    crm_buffer_free(&answer);

    /* Changes are kept over a restart; the host goes on where it was. */
    CHECK(crm_set_wake(host.database, NULL, NULL, NULL) == CRM_CLASS_OK);
    add_department(session, "NORTH");
    CHECK(crm_close(host.database, NULL) == CRM_CLASS_OK);
    CHECK(crm_open(path, strlen(path), &host.database, NULL) == CRM_CLASS_OK);
    pull(&host);
    CHECK(host.woken == 2 && host.sets == before + 3);

    CHECK(crm_changes(host.database, host.next + 1, 10, &answer, &error) == CRM_CLASS_INVALID);
    CHECK(strcmp(error.code.data, "list.bad_cursor") == 0);
    crm_error_free(&error);
    CHECK(crm_close(host.database, NULL) == CRM_CLASS_OK);
}

typedef struct {
    crm_session session;
    atomic_int stops;
    int made;
} writer;

static void *writes(void *context)
{
    writer *self = context;
    char code[16];
    while (!self->stops) {
        snprintf(code, sizeof code, "B%d", self->made++);
        add_department(self->session, code);
    }
    return NULL;
}

static void copies(const char *path)
{
    crm_database database, copied;
    crm_session session, reader;
    crm_error error;
    char copy[512];
    snprintf(copy, sizeof copy, "%s-copy", path);
    CHECK(crm_open(path, strlen(path), &database, NULL) == CRM_CLASS_OK);
    const unsigned long long administrator = set_up(database);
    CHECK(crm_session_open(database, administrator, NULL, 0, &session, NULL) == CRM_CLASS_OK);

    /* While another thread writes, each copy is sound and as of one moment. */
    writer state = {session, 0, 0};
    pthread_t thread;
    pthread_create(&thread, NULL, writes, &state);
    unsigned long long earlier = 1;
    for (int round = 0; round < 5; round++) {
        const unsigned long long before = departments(session);
        CHECK(crm_backup(database, copy, strlen(copy), &error) == CRM_CLASS_OK);
        const unsigned long long after = departments(session);
        CHECK(crm_open(copy, strlen(copy), &copied, NULL) == CRM_CLASS_OK);
        CHECK(crm_session_open(copied, administrator, NULL, 0, &reader, NULL) == CRM_CLASS_OK);
        const unsigned long long held = departments(reader);
        CHECK(held >= before && held <= after && held >= earlier);
        earlier = held;
        CHECK(crm_close(copied, NULL) == CRM_CLASS_OK);
    }

    /* Restored under the same writer, who notices nothing but that what came behind the copy is gone. */
    const unsigned long long before = departments(session);
    CHECK(crm_restore(database, copy, strlen(copy), &error) == CRM_CLASS_OK);
    state.stops = 1;
    pthread_join(thread, NULL);
    CHECK(crm_restore(database, copy, strlen(copy), &error) == CRM_CLASS_OK);
    CHECK(departments(session) == earlier && earlier <= before);
    add_department(session, "AFTER");
    CHECK(departments(session) == earlier + 1);

    /* What is no copy changes nothing. */
    CHECK(crm_restore(database, "/no/such/copy", 13, &error) == CRM_CLASS_IO);
    crm_error_free(&error);
    FILE *file = fopen(copy, "wb");
    fputs("no database at all, but long enough to be looked at by whoever opens it", file);
    fclose(file);
    CHECK(crm_restore(database, copy, strlen(copy), &error) == CRM_CLASS_CORRUPT);
    CHECK(strcmp(error.code.data, "store.corrupt") == 0);
    crm_error_free(&error);
    CHECK(crm_backup(database, copy, strlen(copy), NULL) == CRM_CLASS_CORRUPT); /* nor is it overwritten */
    CHECK(crm_backup(database, path, strlen(path), NULL) != CRM_CLASS_OK);      /* nor the database by itself */
    CHECK(departments(session) == earlier + 1);
    CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
}

/* Writes four bytes of a file's header, where SQLite keeps whose it is and in which form, and tries to open it. */
static void refused(const char *path, long offset, crm_class expected, const char *code)
{
    crm_database database;
    crm_error error;
    unsigned char before[4];
    FILE *file = fopen(path, "r+b");
    CHECK(fseek(file, offset, SEEK_SET) == 0 && fread(before, 1, 4, file) == 4);
    CHECK(fseek(file, offset, SEEK_SET) == 0 && fwrite("\x7f\xff\xff\xff", 1, 4, file) == 4);
    fclose(file);
    CHECK(crm_open(path, strlen(path), &database, &error) == expected);
    CHECK(database == 0 && strcmp(error.code.data, code) == 0);
    crm_error_free(&error);
    file = fopen(path, "r+b");
    CHECK(fseek(file, offset, SEEK_SET) == 0 && fwrite(before, 1, 4, file) == 4);
    fclose(file);
}

/* Files that are not this library's, or of a later one, are left alone. */
static void files(const char *path)
{
    enum { FORM = 60, OWNER = 68 };
    crm_database database;
    crm_error error;
    CHECK(crm_open(path, strlen(path), &database, NULL) == CRM_CLASS_OK);
    set_up(database);
    CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
    refused(path, FORM, CRM_CLASS_UNSUPPORTED, "store.newer_schema");
    refused(path, OWNER, CRM_CLASS_CORRUPT, "store.foreign");
    CHECK(crm_open("/no/such/folder/crm.db", 22, &database, &error) == CRM_CLASS_IO);
    CHECK(database == 0 && strcmp(error.code.data, "store.io") == 0);
    crm_error_free(&error);
    CHECK(crm_open(path, strlen(path), &database, NULL) == CRM_CLASS_OK);
    CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
}

/* An import of so many departments, which takes a while. */
static char *long_request(int rows)
{
    char *request = malloc(512 + (size_t)rows * 32), *at = request;
    at += sprintf(at, "%s", "{\"mapping\":{\"name\":\"d\",\"file\":\"d.csv\",\"kind\":\"department\",\"key\":\"code\","
        "\"fields\":[{\"field\":\"code\",\"value\":\"code\"},{\"field\":\"name\",\"value\":\"name\"}]},"
        "\"files\":[{\"file\":\"d.csv\",\"text\":\"code,name\\n");
    for (int row = 0; row < rows; row++) at += sprintf(at, "I%d,Import %d\\n", row, row);
    sprintf(at, "\"}]}");
    return request;
}

typedef struct {
    crm_session session;
    const char *request;
    crm_class class_;
    char code[64];
    atomic_int done;
} importer;

static void *imports(void *context)
{
    importer *self = context;
    crm_error error;
    self->class_ = call(self->session, "import.run", self->request, NULL, &error);
    snprintf(self->code, sizeof self->code, "%s", error.code.data ? error.code.data : "");
    if (error.json.data) CHECK(strstr(error.json.data, "\"retryable\":true") != NULL);
    crm_error_free(&error);
    self->done = 1;
    return NULL;
}

static void interrupts(const char *path)
{
    crm_database database;
    crm_session session, other;
    char *request = long_request(20000);
    for (int stored = 0; stored < 2; stored++) {
        CHECK((stored ? crm_open(path, strlen(path), &database, NULL) : crm_open_memory(&database, NULL)) == CRM_CLASS_OK);
        const unsigned long long administrator = set_up(database);
        CHECK(crm_session_open(database, administrator, NULL, 0, &session, NULL) == CRM_CLASS_OK);
        CHECK(crm_session_open(database, administrator, NULL, 0, &other, NULL) == CRM_CLASS_OK);
        CHECK(crm_interrupt(session, NULL) == CRM_CLASS_OK); /* no call: nothing */
        CHECK(departments(session) == 1);

        importer one = {session, request, CRM_CLASS_OK, "", 0};
        pthread_t thread;
        pthread_create(&thread, NULL, imports, &one);
        while (!one.done) {
            CHECK(crm_interrupt(session, NULL) == CRM_CLASS_OK);
            pause_ms(1);
        }
        pthread_join(thread, NULL);
        CHECK(one.class_ == CRM_CLASS_INTERRUPTED && strcmp(one.code, "store.interrupted") == 0);
        CHECK(departments(session) == 1); /* nothing of it; and the session works */
        add_department(session, "EAST");

        /* Interrupts of one session do not reach another. */
        importer two = {other, "{\"mapping\":{\"name\":\"d\",\"file\":\"d.csv\",\"kind\":\"department\",\"key\":\"code\","
            "\"fields\":[{\"field\":\"code\",\"value\":\"code\"},{\"field\":\"name\",\"value\":\"name\"}]},"
            "\"files\":[{\"file\":\"d.csv\",\"text\":\"code,name\\nX,x\\nY,y\\n\"}]}", CRM_CLASS_OK, "", 0};
        pthread_create(&thread, NULL, imports, &two);
        while (!two.done) CHECK(crm_interrupt(session, NULL) == CRM_CLASS_OK);
        pthread_join(thread, NULL);
        CHECK(two.class_ == CRM_CLASS_OK);
        CHECK(departments(session) == 4);
        CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
    }
    free(request);
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: following FOLDER\n");
        return 2;
    }
    char path[512];
    snprintf(path, sizeof path, "%s/changes.db", arguments[1]);
    changes(path);
    snprintf(path, sizeof path, "%s/copies.db", arguments[1]);
    copies(path);
    snprintf(path, sizeof path, "%s/files.db", arguments[1]);
    files(path);
    snprintf(path, sizeof path, "%s/interrupts.db", arguments[1]);
    interrupts(path);
    return failures == 0 ? 0 : 1;
}
