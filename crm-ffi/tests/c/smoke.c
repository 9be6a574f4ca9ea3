/* A C11 program on the C door: sets a company up, works, is refused, misuses handles. Prints nothing where all is well. */

#include "crm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

static void check(int holds, const char *what, int line)
{
    if (!holds) {
        fprintf(stderr, "smoke.c:%d: %s\n", line, what);
        failures++;
    }
}

#define CHECK(condition) check((condition), #condition, __LINE__)

static crm_class call(crm_session session, const char *operation, const char *request, crm_buffer *answer, crm_error *error)
{
    return crm_call(session, operation, strlen(operation), request, strlen(request), answer, error);
}

/* The text of a member of a JSON object, for ids: "name":"12". */
static unsigned long long id_of(const crm_buffer *json, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "\"%s\":\"", name);
    const char *at = json->data ? strstr(json->data, key) : NULL;
    return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static int64_t noon(void *context)
{
    return *(const int64_t *)context;
}

static void business(const char *path)
{
    crm_database database = 0;
    crm_session session = 0;
    crm_buffer answer;
    crm_error error;

    CHECK(crm_open(path, strlen(path), &database, &error) == CRM_CLASS_OK);
    CHECK(crm_session_open(database, 0, NULL, 0, &session, &error) == CRM_CLASS_OK);
    CHECK(call(session, "enterprise.setup",
               "{\"name\":\"海港仪器\",\"base_currency\":\"CNY\",\"zone\":\"Asia/Shanghai\",\"administrator\":\"安然\"}",
               &answer, &error) == CRM_CLASS_OK);
    const unsigned long long administrator = id_of(&answer, "administrator");
    CHECK(administrator != 0);
    CHECK(answer.data[answer.len] == '\0' && strlen(answer.data) == answer.len);
    crm_buffer_free(&answer);
    CHECK(answer.data == NULL && answer.len == 0);
    crm_buffer_free(&answer); /* again: nothing */

    /* Without actor nothing but the public operations. */
    CHECK(call(session, "record.list", "{\"kind\":\"department\"}", &answer, &error) == CRM_CLASS_FORBIDDEN);
    CHECK(answer.data == NULL);
    CHECK(error.class_ == CRM_CLASS_FORBIDDEN && strcmp(error.code.data, "permission.no_actor") == 0);
    CHECK(error.message.len > 0 && strstr(error.json.data, "\"details\"") != NULL);
    crm_error_free(&error);
    crm_error_free(&error);
    CHECK(crm_session_close(session, NULL) == CRM_CLASS_OK);

    CHECK(crm_session_open(database, administrator, "zh-CN", 5, &session, &error) == CRM_CLASS_OK);
    int64_t now = 1772424000000; /* 2026-03-02T04:00:00Z */
    CHECK(crm_session_set_clock(session, noon, &now, &error) == CRM_CLASS_OK);
    CHECK(call(session, "record.create",
               "{\"kind\":\"department\",\"values\":{\"code\":\"EAST\",\"name\":\"华东\"}}", &answer, &error) == CRM_CLASS_OK);
    const unsigned long long east = id_of(&answer, "id");
    crm_buffer_free(&answer);
    char request[128];
    snprintf(request, sizeof request, "{\"kind\":\"department\",\"id\":\"%llu\"}", east);
    CHECK(call(session, "record.history", request, &answer, &error) == CRM_CLASS_OK);
    CHECK(strstr(answer.data, "\"2026-03-02T04:00:00Z\"") != NULL); /* the host's clock */
    crm_buffer_free(&answer);

    /* The message is in the session's language. */
    CHECK(call(session, "no.such", "{}", &answer, &error) == CRM_CLASS_INVALID);
    CHECK(strcmp(error.code.data, "request.unknown_operation") == 0);
    crm_error_free(&error);

    /* Committed work is there after closing and opening. */
    CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
    CHECK(call(session, "system.info", "{}", &answer, &error) == CRM_CLASS_HANDLE); /* went with its database */
    crm_error_free(&error);
    CHECK(crm_open(path, strlen(path), &database, &error) == CRM_CLASS_OK);
    CHECK(crm_session_open(database, administrator, "en", 2, &session, &error) == CRM_CLASS_OK);
    CHECK(call(session, "record.get", request, &answer, NULL) == CRM_CLASS_OK);
    CHECK(strstr(answer.data, "华东") != NULL);
    crm_buffer_free(&answer);
    CHECK(call(session, "record.get", request, NULL, NULL) == CRM_CLASS_OK); /* nobody wants the answer */
    CHECK(crm_close(database, &error) == CRM_CLASS_OK);
}

static void misuse(void)
{
    crm_database database = 0;
    crm_session session = 0;
    crm_buffer answer;
    crm_error error;

    CHECK(crm_abi_version() == CRM_ABI_VERSION);
    CHECK(strlen(crm_version()) > 0);
    CHECK(crm_open_memory(&database, NULL) == CRM_CLASS_OK);
    CHECK(crm_session_open(database, 0, NULL, 0, &session, NULL) == CRM_CLASS_OK);
    CHECK(database != session && database != 0 && session != 0);

    /* Wrong kinds, forged, closed, closed twice. */
    CHECK(call(database, "system.info", "", &answer, &error) == CRM_CLASS_HANDLE);
    CHECK(strcmp(error.code.data, "handle.invalid") == 0);
    crm_error_free(&error);
    CHECK(crm_close(session, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_session_close(database, NULL) == CRM_CLASS_HANDLE);
    CHECK(call(0, "system.info", "", &answer, NULL) == CRM_CLASS_HANDLE);
    CHECK(call(UINT64_MAX, "system.info", "", &answer, NULL) == CRM_CLASS_HANDLE);
    CHECK(crm_close(database + 12345, NULL) == CRM_CLASS_HANDLE);

    /* Texts. */
    CHECK(crm_call(session, NULL, 3, "{}", 2, &answer, &error) == CRM_CLASS_INVALID);
    CHECK(strcmp(error.code.data, "request.invalid_text") == 0);
    crm_error_free(&error);
    CHECK(crm_call(session, "system.info", 11, "\xff\xfe", 2, &answer, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_call(session, "system.info", 11, "{}", SIZE_MAX, &answer, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_call(session, "system.info", 11, "{\0}", 3, &answer, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_call(session, "system.info", 11, NULL, 0, &answer, NULL) == CRM_CLASS_OK); /* no request is {} */
    crm_buffer_free(&answer);
    CHECK(crm_session_open(database, 0, "xx", 2, &session, NULL) == CRM_CLASS_INVALID && session == 0);
    CHECK(crm_session_open(database, UINT64_MAX, NULL, 0, &session, NULL) == CRM_CLASS_FORBIDDEN);
    CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
    CHECK(crm_open_memory(NULL, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_open("/no/such/folder/x.db", 20, &database, &error) != CRM_CLASS_OK);
    CHECK(database == 0 && error.code.len > 0);
    crm_error_free(&error);

    CHECK(crm_open_memory(&database, NULL) == CRM_CLASS_OK);
    CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
    CHECK(crm_close(database, &error) == CRM_CLASS_HANDLE);
    crm_error_free(&error);
    crm_error_free(NULL);
    crm_buffer_free(NULL);
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: smoke FILE\n");
        return 2;
    }
    business(arguments[1]);
    misuse();
    return failures == 0 ? 0 : 1;
}
