// crm.hpp: the CRM engine for C++17. Header only, over crm.h: link what C links.
//
//     auto database = crm::Database::open("company.crm");
//     auto session = database.session(employee, "zh-CN");
//     std::string answer = session.call("quote.submit", R"({"quote":"1"})");
//
// Databases and sessions are closed when they go; a session may outlive its database and is then refused. Every refusal is
// thrown as crm::Error. All of it may be used from any thread, as in C. A callback must not throw: the program ends.

#ifndef CRM_HPP
#define CRM_HPP

#include "crm.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace crm {

namespace detail {

inline std::string take(crm_buffer &buffer)
{
    struct Free {
        crm_buffer *buffer;
        ~Free() { crm_buffer_free(buffer); }
    } free{&buffer};
    return buffer.data ? std::string(buffer.data, buffer.len) : std::string();
}

} // namespace detail

/// A refusal: branch on type() and code(), show what().
class Error : public std::runtime_error {
public:
    /// Takes the content of an error of C and frees it.
    static Error take(crm_error &error)
    {
        struct Free {
            crm_error *error;
            ~Free() { crm_error_free(error); }
        } free{&error};
        return Error(error.class_, detail::take(error.code), detail::take(error.message), detail::take(error.json));
    }

    /// What to do about it.
    crm_class type() const noexcept { return type_; }
    /// The stable, dotted code.
    const std::string &code() const noexcept { return *code_; }
    /// Everything as JSON: class, code, message, details.
    const std::string &json() const noexcept { return *json_; }

private:
    Error(crm_class type, std::string code, const std::string &message, std::string json)
        : std::runtime_error(message), type_(type), code_(std::make_shared<std::string>(std::move(code))),
          json_(std::make_shared<std::string>(std::move(json)))
    {
    }

    crm_class type_;
    // Shared, so that copying an exception does not throw.
    std::shared_ptr<const std::string> code_, json_;
};

namespace detail {

/// Calls a function of C with room for its error, and throws that.
template <typename Function, typename... Arguments>
void checked(Function function, Arguments... arguments)
{
    crm_error error;
    if (function(arguments..., &error) != CRM_CLASS_OK) throw Error::take(error);
}

/// A handle that is closed when it goes.
template <typename Handle, crm_class (*close)(Handle, crm_error *)>
class Owned {
public:
    explicit Owned(Handle handle) noexcept : handle_(handle) {}
    Owned(Owned &&other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
    Owned &operator=(Owned &&other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Owned()
    {
        if (handle_ != 0) close(handle_, nullptr);
    }
    Handle get() const noexcept { return handle_; }

private:
    Handle handle_;
};

} // namespace detail

/// A session of an employee on a database.
class Session {
public:
    /// The host's clock.
    using Clock = std::function<std::chrono::system_clock::time_point()>;

    /// Runs an operation: JSON in, JSON out.
    std::string call(std::string_view operation, std::string_view request = "{}") const
    {
        crm_buffer answer;
        detail::checked(crm_call, handle_.get(), operation.data(), operation.size(), request.data(), request.size(), &answer);
        return detail::take(answer);
    }

    /// Stops the calls that have begun; they throw with class CRM_CLASS_INTERRUPTED.
    void interrupt() const { detail::checked(crm_interrupt, handle_.get()); }

    /// The language of messages.
    void set_language(std::string_view language)
    {
        detail::checked(crm_session_set_language, handle_.get(), language.data(), language.size());
    }

    /// In whose stead; 0 for nobody's.
    void set_on_behalf(std::uint64_t employee) { detail::checked(crm_session_set_on_behalf, handle_.get(), employee); }

    /// Why, for the change log; an empty text for no reason.
    void set_reason(std::string_view reason)
    {
        detail::checked(crm_session_set_reason, handle_.get(), reason.data(), reason.size());
    }

    /// The zone of business dates, by name or with a rule of its own; an empty name for the enterprise's.
    void set_zone(std::string_view name, std::string_view rule = {})
    {
        detail::checked(crm_session_set_zone, handle_.get(), name.data(), name.size(), rule.data(), rule.size());
    }

    /// The host's clock; an empty function gives the system's back.
    void set_clock(Clock clock)
    {
        auto kept = clock ? std::make_unique<Clock>(std::move(clock)) : nullptr;
        detail::checked(crm_session_set_clock, handle_.get(), kept ? &now : nullptr, static_cast<void *>(kept.get()));
        clock_ = std::move(kept); // nobody uses the one before any more
    }

    Session(Session &&) noexcept = default;
    Session &operator=(Session &&other) noexcept
    {
        std::swap(clock_, other.clock_);
        std::swap(handle_, other.handle_);
        return *this;
    }

    /// The handle for functions of C.
    crm_session get() const noexcept { return handle_.get(); }

private:
    friend class Database;

    explicit Session(crm_session handle) noexcept : handle_(handle) {}

    static std::int64_t now(void *clock) noexcept
    {
        using namespace std::chrono;
        return duration_cast<milliseconds>((*static_cast<Clock *>(clock))().time_since_epoch()).count();
    }

    std::unique_ptr<Clock> clock_; // goes after the handle
    detail::Owned<crm_session, crm_session_close> handle_;
};

/// An open database.
class Database {
public:
    /// Opens a file, or makes it.
    static Database open(std::string_view path)
    {
        crm_database handle = 0;
        detail::checked(crm_open, path.data(), path.size(), &handle);
        return Database(handle);
    }

    /// An empty database in memory.
    static Database memory()
    {
        crm_database handle = 0;
        detail::checked(crm_open_memory, &handle);
        return Database(handle);
    }

    /// A session of an employee, for whom the host vouches; 0 where nobody has signed in yet.
    Session session(std::uint64_t actor = 0, std::string_view language = "en") const
    {
        crm_session handle = 0;
        detail::checked(crm_session_open, handle_.get(), actor, language.data(), language.size(), &handle);
        return Session(handle);
    }

    /// Copies everything into a file while calls go on.
    void backup(std::string_view path) const { detail::checked(crm_backup, handle_.get(), path.data(), path.size()); }

    /// Puts the content of a copy in the place of everything.
    void restore(std::string_view path) const { detail::checked(crm_restore, handle_.get(), path.data(), path.size()); }

    /// What has changed above a number, as JSON: see crm_changes.
    std::string changes(std::int64_t after, std::uint32_t limit = 100) const
    {
        crm_buffer answer;
        detail::checked(crm_changes, handle_.get(), after, limit, &answer);
        return detail::take(answer);
    }

    /// Called when something has changed; an empty function ends it.
    void set_wake(std::function<void()> wake)
    {
        auto kept = wake ? std::make_unique<std::function<void()>>(std::move(wake)) : nullptr;
        detail::checked(crm_set_wake, handle_.get(), kept ? &woken : nullptr, static_cast<void *>(kept.get()));
        wake_ = std::move(kept);
    }

    Database(Database &&) noexcept = default;
    Database &operator=(Database &&other) noexcept
    {
        std::swap(wake_, other.wake_);
        std::swap(handle_, other.handle_);
        return *this;
    }

    /// The handle for functions of C.
    crm_database get() const noexcept { return handle_.get(); }

private:
    explicit Database(crm_database handle) noexcept : handle_(handle) {}

    static void woken(void *wake) noexcept { (*static_cast<std::function<void()> *>(wake))(); }

    std::unique_ptr<std::function<void()>> wake_; // goes after the handle
    detail::Owned<crm_database, crm_close> handle_;
};

} // namespace crm

#endif // CRM_HPP
