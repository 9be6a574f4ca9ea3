/* Eight threads, each with so many random calls on handles of its own and on handles that all of them open, use and close.
 * Results are checked: what a thread did on its own is exact; what it did on shared handles was done, or refused since the
 * handle was closed, and all that was done is there in the end. */

#include "check.h"

#include <pthread.h>

enum { THREADS = 8, SHARED = 16 };

static int calls;
static crm_database shared_database;
static crm_session shared_session;
static unsigned long long administrator;
static _Atomic crm_session pool[SHARED]; /* 0 where there is none; closed ones may still stand here */
static atomic_ullong made;               /* departments in the shared database */
static atomic_ullong woken;

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

static void wake(void *context)
{
    (void)context;
    woken++;
}

static int64_t a_clock(void *context)
{
    (void)context;
    return 1772424000000;
}

static crm_class create(crm_session session, const char *code)
{
    char request[160];
    crm_buffer answer;
    snprintf(request, sizeof request, "{\"kind\":\"department\",\"values\":{\"code\":\"%s\",\"name\":\"%s\"}}", code, code);
    const crm_class class_ = call(session, "record.create", request, &answer, NULL);
    CHECK((class_ == CRM_CLASS_OK) == (answer.data != NULL));
    CHECK(class_ != CRM_CLASS_OK || strstr(answer.data, code) != NULL); /* nobody else's answer */
    crm_buffer_free(&answer);
    return class_;
}

/* A class that a call on a shared handle may have. */
static int fine(crm_class class_)
{
    return class_ == CRM_CLASS_OK || class_ == CRM_CLASS_HANDLE;
}

static void on_shared(uint32_t *random, int thread, int step)
{
    const crm_session one = pool[next_random(random) % SHARED];
    char code[32];
    switch (next_random(random) % 8) {
    case 0: {
        crm_session opened;
        CHECK(crm_session_open(shared_database, administrator, NULL, 0, &opened, NULL) == CRM_CLASS_OK && opened != 0);
        const crm_session before = atomic_exchange(&pool[next_random(random) % SHARED], opened);
        if (before) CHECK(fine(crm_session_close(before, NULL)));
        break;
    }
    case 1:
        CHECK(fine(crm_session_close(one, NULL)));
        break;
    case 2:
        snprintf(code, sizeof code, "S%d-%d", thread, step);
        const crm_class class_ = create(one, code);
        CHECK(fine(class_));
        if (class_ == CRM_CLASS_OK) made++;
        break;
    case 3:
        CHECK(fine(crm_session_set_clock(one, next_random(random) % 2 ? a_clock : NULL, NULL, NULL)));
        break;
    case 4:
        CHECK(fine(crm_session_set_language(one, "zh-CN", 5, NULL)));
        break;
    case 5: {
        crm_error error;
        CHECK(call(shared_session, "no.such", "{}", NULL, &error) == CRM_CLASS_INVALID);
        CHECK(strcmp(error.code.data, "request.unknown_operation") == 0); /* nobody else's error */
        crm_error_free(&error);
        break;
    }
    case 6: {
        crm_buffer answer;
        CHECK(crm_changes(shared_database, 0, 3, &answer, NULL) == CRM_CLASS_OK);
        CHECK(strncmp(answer.data, "{\"changes\":[{\"no\":1,", 20) == 0);
        crm_buffer_free(&answer);
        break;
    }
    default:
        snprintf(code, sizeof code, "A%d-%d", thread, step);
        CHECK(create(shared_session, code) == CRM_CLASS_OK);
        made++;
    }
}

static void *run(void *number)
{
    const int thread = *(const int *)number;
    uint32_t random = 0x9e3779b9u * (uint32_t)(thread + 1);
    crm_database own = 0;
    crm_session session = 0;
    unsigned long long there = 0;
    char code[32];
    for (int step = 0; step < calls; step++) {
        if (next_random(&random) % 2) {
            on_shared(&random, thread, step);
        } else if (own == 0 || next_random(&random) % 512 == 0) {
            if (own) CHECK(crm_close(own, NULL) == CRM_CLASS_OK);
            CHECK(crm_open_memory(&own, NULL) == CRM_CLASS_OK);
            CHECK(crm_session_open(own, set_up(own), NULL, 0, &session, NULL) == CRM_CLASS_OK);
            there = 1;
        } else if (next_random(&random) % 2) {
            snprintf(code, sizeof code, "O%d-%d", thread, step);
            CHECK(create(session, code) == CRM_CLASS_OK);
            there++;
        } else {
            CHECK(departments(session) == there);
        }
    }
    if (own) CHECK(crm_close(own, NULL) == CRM_CLASS_OK);
    return NULL;
}

int main(int count, char **arguments)
{
    if (count != 2 || (calls = atoi(arguments[1])) < 1) {
        fprintf(stderr, "usage: threads CALLS\n");
        return 2;
    }
    CHECK(crm_open_memory(&shared_database, NULL) == CRM_CLASS_OK);
    administrator = set_up(shared_database);
    CHECK(crm_session_open(shared_database, administrator, NULL, 0, &shared_session, NULL) == CRM_CLASS_OK);
    CHECK(crm_set_wake(shared_database, wake, NULL, NULL) == CRM_CLASS_OK);
    pthread_t threads[THREADS];
    int numbers[THREADS];
    for (int at = 0; at < THREADS; at++) {
        numbers[at] = at;
        pthread_create(&threads[at], NULL, run, &numbers[at]);
    }
    for (int at = 0; at < THREADS; at++) pthread_join(threads[at], NULL);
    CHECK(departments(shared_session) == made + 1); /* and headquarters */
    CHECK(woken == made);
    CHECK(crm_close(shared_database, NULL) == CRM_CLASS_OK);
    for (int at = 0; at < SHARED; at++) CHECK(crm_session_close(pool[at], NULL) == CRM_CLASS_HANDLE);
    return failures == 0 ? 0 : 1;
}
