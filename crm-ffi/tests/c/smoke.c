/* A company is set up and worked on, by each function that a host needs every day. */

#include "check.h"

static int64_t noon(void *context)
{
    return *(const int64_t *)context;
}

static void versions(void)
{
    CHECK(crm_abi_version() == CRM_ABI_VERSION);
    CHECK(strlen(crm_version()) > 0);
    CHECK(crm_operations_revision() >= 2);
    CHECK(crm_schema_version() >= 1);
}

static void business(const char *path)
{
    crm_database database = 0;
    crm_session session = 0;
    crm_buffer answer;
    crm_error error;

    CHECK(crm_open(path, strlen(path), &database, &error) == CRM_CLASS_OK);
    CHECK(crm_session_open(database, 0, NULL, 0, &session, &error) == CRM_CLASS_OK);
    const unsigned long long administrator = set_up(database);

    /* Without actor nothing but the public operations. */
    answer = must(session, "system.info", "{}");
    CHECK(number_of(&answer, "abi_version") == crm_abi_version());
    CHECK(number_of(&answer, "operations_revision") == crm_operations_revision());
    crm_buffer_free(&answer);
    CHECK(call(session, "record.list", "{\"kind\":\"department\"}", &answer, &error) == CRM_CLASS_FORBIDDEN);
    CHECK(answer.data == NULL && answer.len == 0);
    CHECK(error.class_ == CRM_CLASS_FORBIDDEN && strcmp(error.code.data, "permission.no_actor") == 0);
    CHECK(error.message.len > 0 && strstr(error.json.data, "\"details\"") != NULL);
    crm_error_free(&error);
    crm_error_free(&error);
    CHECK(crm_session_close(session, NULL) == CRM_CLASS_OK);

    CHECK(crm_session_open(database, administrator, "zh-CN", 5, &session, &error) == CRM_CLASS_OK);
    int64_t now = 1772424000000; /* 2026-03-02T04:00:00Z */
    CHECK(crm_session_set_clock(session, noon, &now, &error) == CRM_CLASS_OK);
    CHECK(crm_session_set_reason(session, "年度调整", 12, &error) == CRM_CLASS_OK);
    answer = must(session, "record.create", "{\"kind\":\"department\",\"values\":{\"code\":\"EAST\",\"name\":\"华东\"}}");
    CHECK(answer.data[answer.len] == '\0' && strlen(answer.data) == answer.len);
    const unsigned long long east = number_of(&answer, "id");
    crm_buffer_free(&answer);
    CHECK(answer.data == NULL && answer.len == 0);
    crm_buffer_free(&answer); /* again: nothing */
    char request[128];
    snprintf(request, sizeof request, "{\"kind\":\"department\",\"id\":\"%llu\"}", east);
    answer = must(session, "record.history", request);
    CHECK(strstr(answer.data, "\"2026-03-02T04:00:00Z\"") != NULL); /* the host's clock */
    CHECK(strstr(answer.data, "年度调整") != NULL);
    crm_buffer_free(&answer);

    /* Every problem of a request at once, in the session's language. */
    char messages[2][512];
    for (int language = 0; language < 2; language++) {
        CHECK(crm_session_set_language(session, language ? "zh-TW" : "en", language ? 5 : 2, &error) == CRM_CLASS_OK);
        CHECK(call(session, "record.create", "{\"kind\":\"department\",\"values\":{\"code\":7,\"colour\":\"red\"}}", &answer, &error)
              == CRM_CLASS_INVALID);
        CHECK(strcmp(error.code.data, "request.invalid") == 0);
        CHECK(strstr(error.json.data, "field.type") != NULL && strstr(error.json.data, "field.unknown") != NULL);
        snprintf(messages[language], sizeof messages[language], "%s", error.message.data);
        crm_error_free(&error);
    }
    CHECK(strcmp(messages[0], messages[1]) != 0);

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

/* The same instant is another day elsewhere. */
static void zones(void)
{
    crm_database database;
    crm_session session;
    crm_error error;
    CHECK(crm_open_memory(&database, NULL) == CRM_CLASS_OK);
    CHECK(crm_session_open(database, set_up(database), "en", 2, &session, NULL) == CRM_CLASS_OK);
    int64_t late = 1772474400000; /* 2026-03-02T18:00:00Z */
    CHECK(crm_session_set_clock(session, noon, &late, NULL) == CRM_CLASS_OK);
    const struct { const char *name, *rule, *today; } rows[] = {
        {"", "", "2026-03-03"},
        {"America/New_York", "", "2026-03-02"},
        {"Base camp", "<+0545>-5:45", "2026-03-02"},
        {"", "", "2026-03-03"},
    };
    for (size_t at = 0; at < sizeof rows / sizeof *rows; at++) {
        CHECK(crm_session_set_zone(session, rows[at].name, strlen(rows[at].name), rows[at].rule, strlen(rows[at].rule), &error)
              == CRM_CLASS_OK);
        crm_buffer answer = must(session, "report.run",
            "{\"kind\":\"department\",\"measures\":[{\"name\":\"n\",\"measure\":\"count\"}]}");
        CHECK(strstr(answer.data, rows[at].today) != NULL);
        crm_buffer_free(&answer);
    }
    CHECK(crm_session_set_zone(session, "Nowhere", 7, NULL, 0, &error) == CRM_CLASS_INVALID);
    crm_error_free(&error);
    CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: smoke FILE\n");
        return 2;
    }
    versions();
    business(arguments[1]);
    zones();
    return failures == 0 ? 0 : 1;
}
