/* A small ERP order desk on the engine, in C11: signs in, quotes, explains the price, orders, approves as somebody else, plans,
 * delivers, receives money, prints the statement of account; meets a version conflict and a credit refusal.
 *
 *     erp_host FILE        a new database file; it is kept
 */

#include "json.h"

#include <crm.h>
#include <stdarg.h>
#include <stdio.h>

static crm_database database;

/* 2026-03-02, the day of the example; later in it and in the days to come. */
static int64_t now = 1772424000000;

static int64_t host_clock(void *context)
{
    (void)context;
    return now;
}

static void stop(const char *doing, crm_error *error)
{
    fprintf(stderr, "%s: %s\n", doing, error->json.data ? error->json.data : "failed");
    crm_error_free(error);
    exit(1);
}

static crm_session sign_in(const char *employee)
{
    crm_session session;
    crm_error error;
    if (crm_session_open(database, strtoull(employee, NULL, 10), "en", 2, &session, &error) != CRM_CLASS_OK ||
        crm_session_set_clock(session, host_clock, NULL, &error) != CRM_CLASS_OK)
        stop("opening a session", &error);
    return session;
}

static char *format(const char *text, va_list values)
{
    va_list again;
    va_copy(again, values);
    const int len = vsnprintf(NULL, 0, text, again);
    va_end(again);
    char *made = malloc((size_t)len + 1);
    if (!made) abort();
    vsnprintf(made, (size_t)len + 1, text, values);
    return made;
}

/* Runs an operation whose request is formatted as by printf. Gives its class; the answer or the error is the caller's. */
static crm_class ask(crm_session session, const char *operation, crm_buffer *answer, crm_error *error, const char *request, ...)
{
    va_list values;
    va_start(values, request);
    char *json = format(request, values);
    va_end(values);
    const crm_class class_ = crm_call(session, operation, strlen(operation), json, strlen(json), answer, error);
    free(json);
    return class_;
}

/* Runs an operation that must succeed and gives one value of its answer, which the caller frees. */
static char *take(crm_session session, const char *operation, const char *pointer, const char *request, ...)
{
    crm_buffer answer;
    crm_error error;
    va_list values;
    va_start(values, request);
    char *json = format(request, values);
    va_end(values);
    if (crm_call(session, operation, strlen(operation), json, strlen(json), &answer, &error) != CRM_CLASS_OK) stop(operation, &error);
    char *text = json_text(answer.data, pointer);
    crm_buffer_free(&answer);
    free(json);
    return text;
}

/* Runs an operation of which nothing but its success matters. */
#define DO(session, operation, ...) free(take(session, operation, "", __VA_ARGS__))

/* What the desk works with. */
static char *seller, *manager, *accountant, *product, *customer, *term, *template_;

/* The company, as the ERP would bring it over once. */
static void set_up(void)
{
    crm_session nobody = sign_in("0");
    char *administrator = take(nobody, "enterprise.setup", "/administrator",
        "{\"name\":\"Harbour Instruments\",\"base_currency\":\"CNY\",\"zone\":\"Asia/Shanghai\",\"administrator\":\"An Ran\"}");
    crm_session admin = sign_in(administrator);
    char *hq = take(admin, "record.list", "/records/0/id", "{\"kind\":\"department\"}");
    char *sells = take(admin, "record.create", "/record/id",
        "{\"kind\":\"position\",\"values\":{\"code\":\"SALES\",\"name\":\"Sales\",\"rights\":["
        "{\"kind\":\"*\",\"verb\":\"read\",\"scope\":\"all\"},{\"kind\":\"quote\",\"verb\":\"*\",\"scope\":\"own\"},"
        "{\"kind\":\"customer\",\"verb\":\"*\",\"scope\":\"own\"},{\"kind\":\"order\",\"verb\":\"*\",\"scope\":\"own\"}]}}");
    char *leads = take(admin, "record.create", "/record/id",
        "{\"kind\":\"position\",\"values\":{\"code\":\"LEAD\",\"name\":\"Lead\",\"rights\":[{\"kind\":\"*\",\"verb\":\"*\",\"scope\":\"all\"}]}}");
    const struct { const char *code, *name; char *position, **id; } people[] = {
        {"MEI", "Mei Sun", sells, &seller}, {"JAN", "Jan Hofmann", leads, &manager}, {"ROSA", "Rosa Lind", leads, &accountant}};
    for (size_t at = 0; at < sizeof people / sizeof *people; at++) {
        *people[at].id = take(admin, "record.create", "/record/id",
            "{\"kind\":\"employee\",\"values\":{\"code\":\"%s\",\"name\":\"%s\",\"department\":\"%s\",\"positions\":[{\"holds\":\"%s\"}]}}",
            people[at].code, people[at].name, hq, people[at].position);
    }
    DO(admin, "employee.set_password", "{\"employee\":\"%s\",\"new\":\"seven seas 7\",\"confirmed\":\"seven seas 7\"}", seller);
    char *unit = take(admin, "record.create", "/record/id", "{\"kind\":\"unit\",\"values\":{\"code\":\"PCS\",\"name\":\"piece\"}}");
    product = take(admin, "record.create", "/record/id",
        "{\"kind\":\"product\",\"values\":{\"code\":\"MIC-200\",\"name\":\"Microscope MIC-200\",\"unit\":\"%s\",\"list_price\":\"950\",\"currency\":\"CNY\"}}", unit);
    DO(admin, "record.create",
        "{\"kind\":\"price_rule\",\"values\":{\"code\":\"TEN\",\"name\":\"Ten or more\",\"product\":\"%s\",\"min_quantity\":\"10\","
        "\"method\":\"discount_percent\",\"value\":\"7.5\"}}", product);
    term = take(admin, "record.create", "/record/id",
        "{\"kind\":\"payment_term\",\"values\":{\"code\":\"30-70\",\"name\":\"30 per cent at once, the rest in 30 days\",\"lines\":["
        "{\"share\":\"percent\",\"value\":\"30\"},{\"share\":\"balance\",\"due\":\"+30 days\"}]}}");
    customer = take(admin, "record.create", "/record/id",
        "{\"kind\":\"customer\",\"values\":{\"name\":\"Nordic Labs\",\"owner\":\"%s\",\"currency\":\"CNY\",\"payment_term\":\"%s\"}}", seller, term);
    char *out = take(admin, "record.create", "/record/id",
        "{\"kind\":\"action_type\",\"values\":{\"code\":\"OUT\",\"name\":\"Stock-out\",\"effect_delivery\":\"out\"}}");
    char *bills = take(admin, "record.create", "/record/id",
        "{\"kind\":\"action_type\",\"values\":{\"code\":\"INV\",\"name\":\"Invoice\",\"effect_invoice\":true}}");
    template_ = take(admin, "record.create", "/record/id",
        "{\"kind\":\"plan_template\",\"values\":{\"code\":\"STD\",\"name\":\"Ordinary order\",\"steps\":["
        "{\"action\":\"%s\",\"label\":\"Deliver\",\"due\":\"+7 days\"},{\"action\":\"%s\",\"label\":\"Invoice\",\"due\":\"+7 days\"}]}}", out, bills);
    char *definition = take(admin, "approval.define", "/definition/id",
        "{\"kind\":\"order\",\"code\":\"ORDERS\",\"name\":\"Orders\",\"steps\":[{\"name\":\"Lead\",\"mode\":\"one\","
        "\"approvers\":[{\"source\":\"employee\",\"employee\":\"%s\"}],\"on_empty\":\"hold\"}]}", manager);
    DO(admin, "approval.publish", "{\"definition\":\"%s\"}", definition);
    DO(admin, "setting.set", "{\"key\":\"quote.approval\",\"value\":\"none\"}");
    DO(admin, "credit.set_limit", "{\"customer\":\"%s\",\"amount\":\"15000\"}", customer);
    char *all[] = {administrator, hq, sells, leads, unit, out, bills, definition};
    for (size_t at = 0; at < sizeof all / sizeof *all; at++) free(all[at]);
    crm_session_close(nobody, NULL);
    crm_session_close(admin, NULL);
}

/* The manager decides on what waits for him; refused, it gives the class and says why. */
static crm_class approve(crm_session lead)
{
    crm_buffer answer;
    crm_error error;
    char *task = take(lead, "approval.inbox", "/tasks/0/task/id", "{}");
    const crm_class class_ = ask(lead, "approval.decide", &answer, &error, "{\"task\":\"%s\",\"decision\":\"approve\"}", task);
    if (class_ != CRM_CLASS_OK) printf("Not approved (%s): %s\n", error.code.data, error.message.data);
    crm_buffer_free(&answer);
    crm_error_free(&error);
    free(task);
    return class_;
}

/* A quote with its price explained, accepted, ordered. */
static char *quote_and_order(crm_session desk)
{
    crm_buffer made;
    crm_error error;
    if (ask(desk, "quote.create", &made, &error, "{\"customer\":\"%s\",\"lines\":[{\"product\":\"%s\",\"quantity\":\"12\"}]}", customer, product)
        != CRM_CLASS_OK)
        stop("quote.create", &error);
    char *quote = json_text(made.data, "/quote/id"), *number = json_text(made.data, "/quote/number");
    char *total = json_text(made.data, "/quote_version/total"), *price = json_text(made.data, "/quote_version/lines/0/unit_price");
    char *why = json_text(made.data, "/quote_version/lines/0/derivation");
    printf("Quote %s: 12 at %s, %s in all, since\n  %s\n", number, price, total, why);
    const char *steps[] = {"quote.submit", "quote.send", "quote.accept"};
    for (size_t at = 0; at < 3; at++) DO(desk, steps[at], "{\"quote\":\"%s\"}", quote);
    char *order = take(desk, "order.from_quote", "/order/id", "{\"quote\":\"%s\"}", quote);
    DO(desk, "order.submit", "{\"order\":\"%s\"}", order);
    char *all[] = {quote, number, total, price, why};
    for (size_t at = 0; at < sizeof all / sizeof *all; at++) free(all[at]);
    crm_buffer_free(&made);
    return order;
}

/* Two people change what both have read: the second is told, reads again and changes again. */
static void conflict(crm_session desk, crm_session lead)
{
    crm_buffer answer;
    crm_error error;
    char *version = take(desk, "record.get", "/record/version", "{\"kind\":\"customer\",\"id\":\"%s\"}", customer);
    const char *change = "{\"kind\":\"customer\",\"id\":\"%s\",\"version\":%s,\"values\":{\"city\":\"%s\"}}";
    DO(lead, "record.update", change, customer, version, "Malmö");
    if (ask(desk, "record.update", &answer, &error, change, customer, version, "Lund") != CRM_CLASS_CONFLICT) stop("the conflict", &error);
    printf("Conflict (%s): %s\n", error.code.data, error.message.data);
    crm_error_free(&error);
    free(version);
    version = take(desk, "record.get", "/record/version", "{\"kind\":\"customer\",\"id\":\"%s\"}", customer);
    DO(desk, "record.update", change, customer, version, "Lund");
    free(version);
}

/* A second order is beyond the credit limit until the accountant lets it pass. */
static void credit(crm_session desk, crm_session lead, crm_session books)
{
    char *order = take(desk, "order.submit", "/order/id",
        "{\"customer\":\"%s\",\"lines\":[{\"product\":\"%s\",\"quantity\":\"9\"}]}", customer, product);
    if (approve(lead) != CRM_CLASS_NEEDS_APPROVAL) exit(1);
    DO(books, "credit.release", "{\"order\":\"%s\",\"until\":\"2026-03-31\",\"reason\":\"Bank guarantee on file\"}", order);
    if (approve(lead) != CRM_CLASS_OK) exit(1);
    printf("Released, then approved.\n");
    free(order);
}

/* Plan, part delivery, invoice, money. */
static void execute(crm_session books, const char *order)
{
    char *steps = take(books, "plan.make", "/plan/steps", "{\"order\":\"%s\",\"template\":\"%s\"}", order, template_);
    for (int at = 0; at < 4; at++) {
        char pointer[32];
        snprintf(pointer, sizeof pointer, "/%d/label", at);
        char *label = json_text(steps, pointer);
        snprintf(pointer, sizeof pointer, "/%d/due_date", at);
        char *due = json_text(steps, pointer);
        if (*due) printf("Planned: %s %s\n", due, strcmp(label, "null") ? label : "Receipt");
        free(label);
        free(due);
    }
    now += 6 * 86400000LL;
    char *delivery = take(books, "record.list", "/records/0/id", "{\"kind\":\"action_type\",\"filter\":\"code == 'OUT'\"}");
    DO(books, "plan.execute", "{\"order\":\"%s\",\"action\":\"%s\",\"lines\":[{\"line\":1,\"quantity\":\"5\"}]}", order, delivery);
    DO(books, "invoice.issue", "{\"order\":\"%s\",\"payment_term\":\"%s\",\"lines\":[{\"line\":1,\"quantity\":\"5\"}]}", order, term);
    now += 86400000LL;
    DO(books, "receipt.record", "{\"customer\":\"%s\",\"order\":\"%s\",\"amount\":\"1500\"}", customer, order);
    free(steps);
    free(delivery);
}

static void statement(crm_session books)
{
    char *entries = take(books, "account.statement", "/entries", "{\"customer\":\"%s\"}", customer);
    printf("Statement of account\n%-12s %-12s %-12s %10s %10s %10s\n", "date", "entry", "due", "debit", "credit", "balance");
    for (int at = 0;; at++) {
        const char *columns[] = {"date", "entry", "due_date", "debit", "credit", "balance"};
        char *values[6], pointer[32];
        for (size_t column = 0; column < 6; column++) {
            snprintf(pointer, sizeof pointer, "/%d/%s", at, columns[column]);
            values[column] = json_text(entries, pointer);
        }
        const int ends = *values[0] == '\0';
        if (!ends) printf("%-12s %-12s %-12s %10s %10s %10s\n", values[0], values[1], values[2], values[3], values[4], values[5]);
        for (size_t column = 0; column < 6; column++) free(values[column]);
        if (ends) break;
    }
    free(entries);
}

int main(int count, char **arguments)
{
    crm_error error;
    if (count != 2) {
        fprintf(stderr, "usage: erp_host FILE\n");
        return 2;
    }
    if (crm_abi_version() != CRM_ABI_VERSION) {
        fprintf(stderr, "built for another library\n");
        return 2;
    }
    if (crm_open(arguments[1], strlen(arguments[1]), &database, &error) != CRM_CLASS_OK) stop(arguments[1], &error);
    set_up();

    crm_session door = sign_in("0");
    char *who = take(door, "session.login", "/employee", "{\"code\":\"MEI\",\"password\":\"seven seas 7\"}");
    crm_session desk = sign_in(who), lead = sign_in(manager), books = sign_in(accountant);
    char *order = quote_and_order(desk);
    crm_buffer answer;
    if (ask(desk, "order.approve", &answer, &error, "{\"order\":\"%s\"}", order) == CRM_CLASS_OK) return 1;
    printf("Not by herself (%s): %s\n", error.code.data, error.message.data);
    crm_error_free(&error);
    if (approve(lead) != CRM_CLASS_OK) return 1;
    printf("Approved by Jan Hofmann.\n");
    conflict(desk, lead);
    credit(desk, lead, books);
    execute(books, order);
    statement(books);

    char *all[] = {who, order, seller, manager, accountant, product, customer, term, template_};
    for (size_t at = 0; at < sizeof all / sizeof *all; at++) free(all[at]);
    return crm_close(database, NULL) == CRM_CLASS_OK ? 0 : 1;
}
