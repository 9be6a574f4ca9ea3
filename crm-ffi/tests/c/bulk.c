/* The bulk functions give what their operations give. */

#include "check.h"

static crm_database database;
static crm_session session;

static unsigned long long make(const char *kind, const char *values)
{
    char request[512];
    snprintf(request, sizeof request, "{\"kind\":\"%s\",\"values\":%s}", kind, values);
    crm_buffer answer = must(session, "record.create", request);
    const unsigned long long id = number_of(&answer, "id");
    crm_buffer_free(&answer);
    return id;
}

/* A decimal in millionths. */
static long long millionths(crm_decimal value)
{
    long long scaled = value.mantissa;
    for (int scale = value.scale; scale < 6; scale++) scaled *= 10;
    return scaled;
}

/* Whether an answer has a decimal behind a name. */
static int has(const crm_buffer *json, const char *name, crm_decimal value)
{
    char member[64];
    snprintf(member, sizeof member, "\"%s\":\"", name);
    const char *at = strstr(json->data, member);
    if (!at || value.scale > 6) return 0;
    at += strlen(member);
    crm_decimal told = {0, 0};
    for (int behind = 0; *at != '"'; at++) {
        if (*at == '.') {
            behind = 1;
        } else {
            told.mantissa = told.mantissa * 10 + (*at - '0');
            told.scale += behind;
        }
    }
    return millionths(told) == millionths(value);
}

static void prices(void)
{
    char values[256], request[256];
    const unsigned long long unit = make("unit", "{\"code\":\"PCS\",\"name\":\"piece\"}");
    snprintf(values, sizeof values, "{\"code\":\"MIC\",\"name\":\"Microscope\",\"unit\":\"%llu\",\"list_price\":\"950\",\"currency\":\"CNY\"}", unit);
    const unsigned long long product = make("product", values);
    snprintf(values, sizeof values, "{\"code\":\"TEN\",\"name\":\"Ten\",\"product\":\"%llu\",\"min_quantity\":\"10\",\"method\":\"discount_percent\",\"value\":\"7.5\"}", product);
    const unsigned long long rule = make("price_rule", values);

    enum { LINES = 40 };
    crm_price_line lines[LINES];
    crm_price prices[LINES];
    crm_error error;
    for (int at = 0; at < LINES; at++) lines[at] = (crm_price_line){.product = product, .quantity = {at * 5 + 5, 1}};
    CHECK(crm_price_lines(session, lines, LINES, prices, &error) == CRM_CLASS_OK);
    for (int at = 0; at < LINES; at++) {
        char quantity[32];
        snprintf(quantity, sizeof quantity, "%d.%d", (at * 5 + 5) / 10, (at * 5 + 5) % 10);
        snprintf(request, sizeof request, "{\"product\":\"%llu\",\"quantity\":\"%s\"}", product, quantity);
        crm_buffer answer = must(session, "price.get", request);
        CHECK(prices[at].error.class_ == CRM_CLASS_OK);
        CHECK(has(&answer, "unit_price", prices[at].unit_price) && has(&answer, "amount", prices[at].amount));
        CHECK(prices[at].has_list_price && has(&answer, "list_price", prices[at].list_price));
        CHECK(strcmp(prices[at].currency, "CNY") == 0 && strstr(answer.data, "\"currency\":\"CNY\"") != NULL);
        CHECK(prices[at].rule == (at >= 19 ? rule : 0)); /* from ten on */
        CHECK(prices[at].date == 20514);                 /* 2026-03-02 */
        crm_buffer_free(&answer);
    }

    /* What is refused has its error and refuses no other; the codes and paths are those of the operation. */
    const struct { crm_price_line line; const char *code, *path; } refused[] = {
        {{.product = 0, .quantity = {1, 0}}, "field.malformed", "/product"},
        {{.product = product + 1, .quantity = {1, 0}}, "field.dangling_reference", "/product"},
        {{.product = product, .quantity = {1, 7}}, "value.out_of_range", "/quantity"},
        {{.product = product, .quantity = {1, 200}}, "value.out_of_range", "/quantity"},
        {{.product = product, .quantity = {1, 0}, .currency = "XYZ"}, "field.unknown_currency", "/currency"},
        {{.product = product, .quantity = {1, 0}, .date = INT32_MAX}, "value.out_of_range", "/date"},
        {{.product = product, .quantity = {1, 0}, .unit = UINT64_MAX}, "field.malformed", "/unit"},
        {{.product = product, .quantity = {0, 0}}, NULL, NULL},
    };
    enum { REFUSED = sizeof refused / sizeof *refused };
    for (int at = 0; at < REFUSED; at++) lines[at * 2] = refused[at].line;
    CHECK(crm_price_lines(session, lines, REFUSED * 2, prices, &error) == CRM_CLASS_OK);
    for (int at = 0; at < REFUSED; at++) {
        char path[64];
        const crm_error *told = &prices[at * 2].error;
        CHECK(told->class_ != CRM_CLASS_OK && told->message.len > 0);
        if (refused[at].code) {
            snprintf(path, sizeof path, "\"path\":\"%s\"", refused[at].path);
            if (strcmp(told->code.data, refused[at].code) != 0 || !strstr(told->json.data, path)) {
                fprintf(stderr, "line %d: %s\n", at, told->json.data);
                failures++;
            }
        }
        CHECK(prices[at * 2 + 1].error.class_ == CRM_CLASS_OK && prices[at * 2 + 1].unit_price.mantissa != 0);
        crm_error_free(&prices[at * 2].error);
    }

    CHECK(crm_price_lines(session, NULL, 0, NULL, &error) == CRM_CLASS_OK);
    CHECK(crm_price_lines(session, NULL, 1, prices, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_price_lines(session, lines, 1, NULL, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_price_lines(session, lines, SIZE_MAX / 2, prices, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_price_lines(database, lines, 1, prices, NULL) == CRM_CLASS_HANDLE && prices[0].unit_price.mantissa == 0);
    crm_session nobody;
    CHECK(crm_session_open(database, 0, NULL, 0, &nobody, NULL) == CRM_CLASS_OK);
    CHECK(crm_price_lines(nobody, lines + 1, 1, prices, &error) == CRM_CLASS_FORBIDDEN);
    CHECK(strcmp(error.code.data, "permission.no_actor") == 0);
    crm_error_free(&error);
}

static void imports(void)
{
    const char *mapping = "{\"name\":\"d\",\"file\":\"rows\",\"separator\":\"semicolon\",\"kind\":\"department\",\"key\":\"code\","
        "\"fields\":[{\"field\":\"code\",\"value\":\"code\"},{\"field\":\"name\",\"value\":\"name\"}]}";
#define TEXT(literal) {literal, sizeof literal - 1}
    const crm_text columns[] = {TEXT("code"), TEXT("name")};
    const crm_text cells[] = {
        TEXT("EAST"), TEXT("华东, \"east\"\nof it"), /* comma, quotes, a line break */
        TEXT("WEST"), TEXT("West"),
        TEXT("NONE"), {NULL, 0},                     /* no name: refused */
    };
    crm_buffer answer;
    crm_error error;
    CHECK(crm_import_rows(session, mapping, strlen(mapping), columns, 2, cells, 3, &answer, &error) == CRM_CLASS_OK);
    CHECK(number_of(&answer, "seen") == 3 && number_of(&answer, "created") == 2 && number_of(&answer, "rejected") == 1);
    crm_buffer_free(&answer);
    CHECK(departments(session) == 3);
    answer = must(session, "record.list", "{\"kind\":\"department\",\"filter\":\"code == 'EAST'\"}");
    CHECK(strstr(answer.data, "华东, \\\"east\\\"\\nof it") != NULL);
    crm_buffer_free(&answer);

    CHECK(crm_import_rows(session, "{}", 2, columns, 2, cells, 3, &answer, &error) == CRM_CLASS_INVALID);
    crm_error_free(&error);
    CHECK(crm_import_rows(session, "[", 1, columns, 2, cells, 3, &answer, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_import_rows(session, mapping, strlen(mapping), NULL, 2, cells, 3, &answer, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_import_rows(session, mapping, strlen(mapping), columns, 2, NULL, 3, &answer, NULL) == CRM_CLASS_INVALID);
    CHECK(crm_import_rows(session, mapping, strlen(mapping), columns, SIZE_MAX, cells, 2, &answer, NULL) == CRM_CLASS_INVALID);
    const crm_text broken[] = {TEXT("\xff"), TEXT("x")};
    CHECK(crm_import_rows(session, mapping, strlen(mapping), columns, 2, broken, 1, &answer, NULL) == CRM_CLASS_INVALID);
    CHECK(departments(session) == 3);
}

static void reports(void)
{
    const char *request = "{\"kind\":\"department\",\"group\":[{\"name\":\"code\",\"by\":\"code\"},{\"name\":\"upper\",\"by\":\"superior.code\"}],"
        "\"measures\":[{\"name\":\"n\",\"measure\":\"count\"},{\"name\":\"half\",\"measure\":\"average\",\"of\":\"1.5\"}],\"order\":[\"code\"]}";
    struct ArrowSchema schema;
    struct ArrowArray array;
    crm_error error;
    CHECK(crm_report(session, request, strlen(request), &schema, &array, &error) == CRM_CLASS_OK);
    if (error.json.data) fprintf(stderr, "%s\n", error.json.data);
    crm_error_free(&error);
    CHECK(strcmp(schema.format, "+s") == 0 && schema.n_children == 4 && array.n_children == 4 && array.length == 3);
    const char *names[] = {"code", "upper", "n", "half"}, *formats[] = {"u", "u", "l", "d:38,2"};
    for (int at = 0; at < 4; at++) {
        CHECK(strcmp(schema.children[at]->name, names[at]) == 0 && schema.children[at]->flags == ARROW_FLAG_NULLABLE);
        CHECK(strncmp(schema.children[at]->format, formats[at], 2) == 0 && array.children[at]->length == 3);
    }
    const int32_t *ends = array.children[0]->buffers[1];
    const char *codes = array.children[0]->buffers[2];
    CHECK(memcmp(codes, "EASTHQWEST", 10) == 0 && ends[0] == 0 && ends[1] == 4 && ends[2] == 6 && ends[3] == 10);
    const int64_t *counts = array.children[2]->buffers[1];
    CHECK(counts[0] == 1 && counts[1] == 1 && counts[2] == 1 && array.children[2]->null_count == 0);
    CHECK(array.children[1]->null_count == 3 && *(const uint8_t *)array.children[1]->buffers[0] == 0); /* none has a superior */

    /* A child may be moved away and outlive the table. */
    struct ArrowArray moved = *array.children[0];
    array.children[0]->release = NULL;
    array.release(&array);
    schema.release(&schema);
    CHECK(array.release == NULL && schema.release == NULL);
    CHECK(memcmp(moved.buffers[2], "EAST", 4) == 0);
    moved.release(&moved);

    CHECK(crm_report(session, "{\"kind\":\"nothing\"}", 18, &schema, &array, &error) == CRM_CLASS_INVALID);
    CHECK(schema.release == NULL && array.release == NULL);
    crm_error_free(&error);
    CHECK(crm_report(session, request, strlen(request), NULL, &array, NULL) == CRM_CLASS_INVALID && array.release == NULL);
    CHECK(crm_report(session, request, strlen(request), &schema, NULL, NULL) == CRM_CLASS_INVALID && schema.release == NULL);
    CHECK(crm_report(0, request, strlen(request), &schema, &array, NULL) == CRM_CLASS_HANDLE);
}

static int64_t noon(void *context)
{
    (void)context;
    return 1772424000000; /* 2026-03-02T04:00:00Z */
}

int main(void)
{
    CHECK(crm_open_memory(&database, NULL) == CRM_CLASS_OK);
    CHECK(crm_session_open(database, set_up(database), NULL, 0, &session, NULL) == CRM_CLASS_OK);
    CHECK(crm_session_set_clock(session, noon, NULL, NULL) == CRM_CLASS_OK);
    prices();
    imports();
    reports();
    CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
    return failures == 0 ? 0 : 1;
}
