// The C++17 wrapper: what goes is closed, what is refused is thrown.

#include "crm.hpp"

#include <atomic>
#include <iostream>

static int failures = 0;

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            std::cerr << __FILE__ << ':' << __LINE__ << ": " #condition "\n"; \
            failures++; \
        } \
    } while (0)

template <typename Work>
static crm_class refused(Work work, std::string_view code)
{
    try {
        work();
        return CRM_CLASS_OK;
    } catch (const crm::Error &error) {
        CHECK(error.code() == code);
        CHECK(error.what()[0] != '\0' && error.json().find(error.code()) != std::string::npos);
        return error.type();
    }
}

static std::uint64_t number_of(const std::string &json, const std::string &name)
{
    const auto at = json.find('"' + name + "\":\"");
    return at == std::string::npos ? 0 : std::stoull(json.substr(at + name.size() + 4));
}

int main()
{
    crm_session gone = 0;
    {
        auto database = crm::Database::memory();
        int woken = 0;
        database.set_wake([&] { woken++; });
        const auto answer = database.session().call("enterprise.setup",
            R"({"name":"海港仪器","base_currency":"CNY","administrator":"安然"})");
        CHECK(woken == 1);
        auto session = database.session(number_of(answer, "administrator"), "zh-CN");
        session.set_clock([] { return std::chrono::system_clock::from_time_t(1772424000); });
        session.set_zone("Asia/Tokyo");
        session.set_reason("试用");
        session.set_on_behalf(0);
        session.set_language("en");
        const auto made = session.call("record.create", R"({"kind":"department","values":{"code":"EAST","name":"East"}})");
        const auto id = std::to_string(number_of(made, "id"));
        CHECK(session.call("record.history", R"({"kind":"department","id":")" + id + "\"}").find("2026-03-02T04:00:00Z")
              != std::string::npos);
        session.set_clock({});
        session.interrupt(); // no call: nothing
        CHECK(database.changes(0).find("record.create") != std::string::npos);
        CHECK(refused([&] { session.call("no.such"); }, "request.unknown_operation") == CRM_CLASS_INVALID);
        CHECK(refused([&] { database.backup("copy.crm"); }, "store.unsupported") == CRM_CLASS_UNSUPPORTED);
        CHECK(refused([&] { database.restore("copy.crm"); }, "store.unsupported") == CRM_CLASS_UNSUPPORTED);
        CHECK(refused([&] { database.session(1, "fr"); }, "request.invalid_text") == CRM_CLASS_INVALID);
        auto moved = std::move(database);
        CHECK(database.get() == 0 && session.call("system.info").find("\"set_up\":true") != std::string::npos);
        gone = session.get();
        auto other = crm::Database::memory();
        other = std::move(moved);
        CHECK(session.call("system.info").find("\"set_up\":true") != std::string::npos);
    }
    CHECK(crm_session_close(gone, nullptr) == CRM_CLASS_HANDLE);
    CHECK(refused([] { crm::Database::open(""); }, "request.invalid_text") == CRM_CLASS_INVALID);
    return failures == 0 ? 0 : 1;
}
