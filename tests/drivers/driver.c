/* The C door for the stories' runner: what it says stands in README.md. */

#include "crm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static crm_database database;

/* What the session's clock shows. */
static int64_t now(void *context)
{
    return *(const int64_t *)context;
}

static void fail(const char *what)
{
    fprintf(stderr, "driver: %s\n", what);
    exit(1);
}

static void say(const char *word, const char *data, size_t len)
{
    printf("%s %zu\n", word, len);
    if (len) fwrite(data, 1, len, stdout);
    if (fflush(stdout)) fail("nobody listens");
}

/* A text of the message; the caller frees it. */
static char *text(size_t len)
{
    char *data = malloc(len + 1);
    if (!data) fail("no memory");
    if (fread(data, 1, len, stdin) != len) fail("a message is cut off");
    data[len] = '\0';
    return data;
}

/* Says what a function that had to succeed was refused with, and frees it. */
static void failed(crm_error *error)
{
    say("failed", error->json.data, error->json.len);
    crm_error_free(error);
}

static void open_database(const char *kind, size_t len)
{
    crm_error error;
    char *path = text(len);
    if (database) {
        if (crm_close(database, &error) != CRM_CLASS_OK) fail(error.json.data);
        database = 0;
    }
    const crm_class class = strcmp(kind, "memory") == 0
        ? crm_open_memory(&database, &error)
        : crm_open(path, len, &database, &error);
    free(path);
    if (class == CRM_CLASS_OK) say("done", NULL, 0);
    else failed(&error);
}

static void call(uint64_t actor, uint64_t on_behalf, const char *language, int64_t at, const size_t len[3])
{
    crm_session session = 0;
    crm_buffer answer;
    crm_error error;
    char *reason = text(len[0]), *operation = text(len[1]), *request = text(len[2]);
    if (crm_session_open(database, actor, language, strlen(language), &session, &error) != CRM_CLASS_OK
        || crm_session_set_on_behalf(session, on_behalf, &error) != CRM_CLASS_OK
        || crm_session_set_reason(session, reason, len[0], &error) != CRM_CLASS_OK
        || crm_session_set_clock(session, now, &at, &error) != CRM_CLASS_OK) {
        failed(&error);
    } else {
        const crm_class class = crm_call(session, operation, len[1], request, len[2], &answer, &error);
        if (class == CRM_CLASS_OK) say("answer", answer.data, answer.len);
        else if (class != error.class_) fail("the class returned is not the error's");
        else say("error", error.json.data, error.json.len);
        crm_buffer_free(&answer);
        crm_error_free(&error);
    }
    if (session && crm_session_close(session, &error) != CRM_CLASS_OK) fail(error.json.data);
    free(reason);
    free(operation);
    free(request);
}

int main(void)
{
    char line[256], word[16];
    say("done", NULL, 0);
    while (fgets(line, sizeof line, stdin)) {
        uint64_t actor, on_behalf;
        int64_t at;
        size_t len[3];
        if (sscanf(line, "open %15s %zu", word, &len[0]) == 2) {
            open_database(word, len[0]);
        } else if (sscanf(line, "call %" SCNu64 " %" SCNu64 " %15s %" SCNd64 " %zu %zu %zu", &actor, &on_behalf, word, &at,
                       &len[0], &len[1], &len[2]) == 7) {
            call(actor, on_behalf, word, at, len);
        } else {
            fail(line);
        }
    }
    crm_error error;
    if (database && crm_close(database, &error) != CRM_CLASS_OK) fail(error.json.data);
    return 0;
}
