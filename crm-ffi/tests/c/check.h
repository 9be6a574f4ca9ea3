/* What the C tests share: checks that say where they fail, and calls on NUL-terminated text. */

#ifndef CHECK_H
#define CHECK_H

#include "crm.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_int failures;

static inline void check(int holds, const char *what, const char *file, int line)
{
    if (!holds) {
        fprintf(stderr, "%s:%d: %s\n", file, line, what);
        failures++;
    }
}

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)

static inline crm_class call(crm_session session, const char *operation, const char *request, crm_buffer *answer, crm_error *error)
{
    return crm_call(session, operation, strlen(operation), request, strlen(request), answer, error);
}

/* A call that must succeed; says why it did not. The answer is the caller's. */
static inline crm_buffer must(crm_session session, const char *operation, const char *request)
{
    crm_buffer answer;
    crm_error error;
    if (call(session, operation, request, &answer, &error) != CRM_CLASS_OK) {
        fprintf(stderr, "%s %s: %s\n", operation, request, error.json.data);
        failures++;
    }
    crm_error_free(&error);
    return answer;
}

/* The number behind a name in JSON, as text or as a number: ids, versions. */
static inline unsigned long long number_of(const crm_buffer *json, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *at = json->data ? strstr(json->data, key) : NULL;
    if (!at) return 0;
    at += strlen(key);
    return strtoull(*at == '"' ? at + 1 : at, NULL, 10);
}

/* Sets a company up in an empty database and gives its administrator. */
static inline unsigned long long set_up(crm_database database)
{
    crm_session session;
    CHECK(crm_session_open(database, 0, NULL, 0, &session, NULL) == CRM_CLASS_OK);
    crm_buffer answer = must(session, "enterprise.setup",
        "{\"name\":\"海港仪器\",\"base_currency\":\"CNY\",\"zone\":\"Asia/Shanghai\",\"administrator\":\"安然\"}");
    const unsigned long long administrator = number_of(&answer, "administrator");
    CHECK(administrator != 0);
    crm_buffer_free(&answer);
    CHECK(crm_session_close(session, NULL) == CRM_CLASS_OK);
    return administrator;
}

/* How many departments there are: headquarters and what tests have made. */
static inline unsigned long long departments(crm_session session)
{
    crm_buffer answer = must(session, "record.count", "{\"kind\":\"department\"}");
    const unsigned long long count = number_of(&answer, "count");
    crm_buffer_free(&answer);
    return count;
}

static inline void add_department(crm_session session, const char *code)
{
    char request[160];
    snprintf(request, sizeof request, "{\"kind\":\"department\",\"values\":{\"code\":\"%s\",\"name\":\"%s\"}}", code, code);
    crm_buffer answer = must(session, "record.create", request);
    crm_buffer_free(&answer);
}

#endif
