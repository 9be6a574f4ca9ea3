// The order desk of erp_host.c in C++17, on crm.hpp: what goes is closed, what is refused is thrown.
//
//     erp_host_cpp FILE        a new database file; it is kept

#include "json.h"

#include <crm.hpp>
#include <iostream>
#include <map>

using namespace std::chrono_literals;

namespace {

/// One value of an answer, by JSON pointer.
std::string at(const std::string &json, const std::string &pointer)
{
    char *text = json_text(json.c_str(), pointer.c_str());
    std::string value(text);
    free(text);
    return value;
}

/// The request with each $name replaced.
std::string filled(std::string request, const std::map<std::string, std::string> &names)
{
    for (const auto &[name, value] : names)
        for (std::size_t from; (from = request.find('$' + name)) != std::string::npos;) request.replace(from, name.size() + 1, value);
    return request;
}

class Desk {
public:
    explicit Desk(const std::string &path) : database_(crm::Database::open(path)) {}

    /// Somebody's session, on the clock of the example.
    crm::Session sign_in(const std::string &employee)
    {
        auto session = database_.session(std::stoull(employee));
        session.set_clock([this] { return now_; });
        return session;
    }

    /// Runs an operation and remembers one value of its answer under a name for later requests.
    std::string run(const crm::Session &session, const std::string &operation, const std::string &request,
                    const std::string &pointer = "", const std::string &name = "")
    {
        const auto answer = session.call(operation, filled(request, names_));
        if (!name.empty()) names_[name] = at(answer, pointer);
        return answer;
    }

    const std::string &operator[](const std::string &name) { return names_[name]; }

    void pass(std::chrono::hours time) { now_ += time; }

private:
    std::chrono::system_clock::time_point now_ = std::chrono::system_clock::from_time_t(1772424000); // 2026-03-02
    std::map<std::string, std::string> names_;
    crm::Database database_;
};

/// The company, as the ERP would bring it over once.
void set_up(Desk &desk)
{
    desk.run(desk.sign_in("0"), "enterprise.setup",
        R"({"name":"Harbour Instruments","base_currency":"CNY","zone":"Asia/Shanghai","administrator":"An Ran"})", "/administrator", "admin");
    const auto admin = desk.sign_in(desk["admin"]);
    const auto make = [&](const std::string &kind, const std::string &values, const std::string &name) {
        desk.run(admin, "record.create", R"({"kind":")" + kind + R"(","values":)" + values + "}", "/record/id", name);
    };
    desk.run(admin, "record.list", R"({"kind":"department"})", "/records/0/id", "hq");
    make("position", R"({"code":"SALES","name":"Sales","rights":[{"kind":"*","verb":"read","scope":"all"},
        {"kind":"quote","verb":"*","scope":"own"},{"kind":"customer","verb":"*","scope":"own"},{"kind":"order","verb":"*","scope":"own"}]})", "sells");
    make("position", R"({"code":"LEAD","name":"Lead","rights":[{"kind":"*","verb":"*","scope":"all"}]})", "leads");
    make("employee", R"({"code":"MEI","name":"Mei Sun","department":"$hq","positions":[{"holds":"$sells"}]})", "seller");
    make("employee", R"({"code":"JAN","name":"Jan Hofmann","department":"$hq","positions":[{"holds":"$leads"}]})", "manager");
    make("employee", R"({"code":"ROSA","name":"Rosa Lind","department":"$hq","positions":[{"holds":"$leads"}]})", "accountant");
    desk.run(admin, "employee.set_password", R"({"employee":"$seller","new":"seven seas 7","confirmed":"seven seas 7"})");
    make("unit", R"({"code":"PCS","name":"piece"})", "unit");
    make("product", R"({"code":"MIC-200","name":"Microscope MIC-200","unit":"$unit","list_price":"950","currency":"CNY"})", "product");
    make("price_rule", R"({"code":"TEN","name":"Ten or more","product":"$product","min_quantity":"10","method":"discount_percent","value":"7.5"})", "");
    make("payment_term", R"({"code":"30-70","name":"30 per cent at once, the rest in 30 days",
        "lines":[{"share":"percent","value":"30"},{"share":"balance","due":"+30 days"}]})", "term");
    make("customer", R"({"name":"Nordic Labs","owner":"$seller","currency":"CNY","payment_term":"$term"})", "customer");
    make("action_type", R"({"code":"OUT","name":"Stock-out","effect_delivery":"out"})", "out");
    make("action_type", R"({"code":"INV","name":"Invoice","effect_invoice":true})", "bill");
    make("plan_template", R"({"code":"STD","name":"Ordinary order","steps":[{"action":"$out","label":"Deliver","due":"+7 days"},
        {"action":"$bill","label":"Invoice","due":"+7 days"}]})", "pattern");
    desk.run(admin, "approval.define", R"({"kind":"order","code":"ORDERS","name":"Orders","steps":[{"name":"Lead","mode":"one",
        "approvers":[{"source":"employee","employee":"$manager"}],"on_empty":"hold"}]})", "/definition/id", "definition");
    desk.run(admin, "approval.publish", R"({"definition":"$definition"})");
    desk.run(admin, "setting.set", R"({"key":"quote.approval","value":"none"})");
    desk.run(admin, "credit.set_limit", R"({"customer":"$customer","amount":"15000"})");
}

/// Runs what must be refused and says why.
template <typename Work>
void refused(crm_class type, Work work)
{
    try {
        work();
    } catch (const crm::Error &error) {
        if (error.type() != type) throw;
        std::cout << "Refused (" << error.code() << "): " << error.what() << '\n';
        return;
    }
    throw std::logic_error("this should have been refused");
}

void story(Desk &desk)
{
    desk.run(desk.sign_in("0"), "session.login", R"({"code":"MEI","password":"seven seas 7"})", "/employee", "who");
    const auto sales = desk.sign_in(desk["who"]), lead = desk.sign_in(desk["manager"]), books = desk.sign_in(desk["accountant"]);
    const auto approve = [&] {
        desk.run(lead, "approval.inbox", "{}", "/tasks/0/task/id", "task");
        desk.run(lead, "approval.decide", R"({"task":"$task","decision":"approve"})");
    };

    const auto quote = desk.run(sales, "quote.create", R"({"customer":"$customer","lines":[{"product":"$product","quantity":"12"}]})", "/quote/id", "quote");
    std::cout << "Quote " << at(quote, "/quote/number") << ": 12 at " << at(quote, "/quote_version/lines/0/unit_price") << ", "
              << at(quote, "/quote_version/total") << " in all, since\n  " << at(quote, "/quote_version/lines/0/derivation") << '\n';
    for (const auto *step : {"quote.submit", "quote.send", "quote.accept"}) desk.run(sales, step, R"({"quote":"$quote"})");
    desk.run(sales, "order.from_quote", R"({"quote":"$quote"})", "/order/id", "order");
    desk.run(sales, "order.submit", R"({"order":"$order"})");
    refused(CRM_CLASS_CONFLICT, [&] { desk.run(sales, "order.approve", R"({"order":"$order"})"); });
    approve();
    std::cout << "Approved by Jan Hofmann.\n";

    // Two people change what both have read: the second is told, and reads again.
    const std::string read = R"({"kind":"customer","id":"$customer"})";
    desk.run(sales, "record.get", read, "/record/version", "version");
    desk.run(lead, "record.update", R"({"kind":"customer","id":"$customer","version":$version,"values":{"city":"Malmö"}})");
    const std::string change = R"({"kind":"customer","id":"$customer","version":$version,"values":{"city":"Lund"}})";
    refused(CRM_CLASS_CONFLICT, [&] { desk.run(sales, "record.update", change); });
    desk.run(sales, "record.get", read, "/record/version", "version");
    desk.run(sales, "record.update", change);

    // A second order is beyond the credit limit until it is let pass.
    desk.run(sales, "order.submit", R"({"customer":"$customer","lines":[{"product":"$product","quantity":"9"}]})", "/order/id", "second");
    refused(CRM_CLASS_NEEDS_APPROVAL, approve);
    desk.run(books, "credit.release", R"({"order":"$second","until":"2026-03-31","reason":"Bank guarantee on file"})");
    approve();
    std::cout << "Released, then approved.\n";

    const auto plan = desk.run(books, "plan.make", R"({"order":"$order","template":"$pattern"})");
    for (int step = 0;; step++) {
        const auto line = "/plan/steps/" + std::to_string(step);
        if (at(plan, line + "/due_date").empty()) break;
        const auto label = at(plan, line + "/label");
        std::cout << "Planned: " << at(plan, line + "/due_date") << ' ' << (label == "null" ? "Receipt" : label) << '\n';
    }
    desk.pass(6 * 24h);
    desk.run(books, "plan.execute", R"({"order":"$order","action":"$out","lines":[{"line":1,"quantity":"5"}]})");
    desk.run(books, "invoice.issue", R"({"order":"$order","payment_term":"$term","lines":[{"line":1,"quantity":"5"}]})");
    desk.pass(24h);
    desk.run(books, "receipt.record", R"({"customer":"$customer","order":"$order","amount":"1500"})");
    const auto statement = desk.run(books, "account.statement", R"({"customer":"$customer"})");
    std::cout << "Statement of account\n";
    for (int entry = 0;; entry++) {
        const auto line = "/entries/" + std::to_string(entry);
        if (at(statement, line + "/date").empty()) break;
        for (const auto *column : {"/date", "/entry", "/debit", "/credit", "/balance"}) std::cout << at(statement, line + column) << '\t';
        std::cout << '\n';
    }
}

} // namespace

int main(int count, char **arguments)
{
    if (count != 2) {
        std::cerr << "usage: erp_host_cpp FILE\n";
        return 2;
    }
    try {
        Desk desk(arguments[1]);
        set_up(desk);
        story(desk);
    } catch (const crm::Error &error) {
        std::cerr << error.json() << '\n';
        return 1;
    }
    return 0;
}
