#include "net/resolver.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <deque>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <new>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <utility>

namespace catena::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_threads = 4;

error_code meaning_of(int failure, int number)
{
    // Where no file can be opened, the resolver may say no more than that it found nothing.
    const bool number_tells = failure == EAI_SYSTEM || number == EMFILE || number == ENFILE;
    if (number_tells && number != 0) return {number, boost::system::system_category()};
    switch (failure) {
        case EAI_AGAIN: return asio::error::host_not_found_try_again;
        case EAI_SYSTEM:
        case EAI_FAIL: return asio::error::no_recovery;
        case EAI_MEMORY: return make_error_code(boost::system::errc::not_enough_memory);
        default: return asio::error::host_not_found;
    }
}

std::optional<asio::ip::address> address_in(const addrinfo& entry)
{
    if (entry.ai_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, entry.ai_addr, sizeof(v4));
        return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (entry.ai_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, entry.ai_addr, sizeof(v6));
        asio::ip::address_v6::bytes_type octets;
        std::memcpy(octets.data(), &v6.sin6_addr, octets.size());
        return asio::ip::address_v6(octets, v6.sin6_scope_id);
    }
    return std::nullopt;
}

}  // namespace

struct resolver::crew {
    std::mutex mutex;
    std::deque<std::string> names;  // that wait for a thread
    std::size_t threads = 0;
    std::optional<asio::any_io_executor> out;  // nothing: closed
    std::weak_ptr<resolver> owner;
};

resolver::resolver(const asio::any_io_executor& ex) : crew_(std::make_shared<crew>())
{
    crew_->out = ex;
}

resolver::~resolver() { close(); }

std::shared_ptr<const lookup> resolver::ask(const std::string& host,
                                            const std::shared_ptr<bell>& who)
{
    if (const auto same = under_way_.find(host); same != under_way_.end()) {
        // Whoever gave up on a name that hangs leaves nothing behind.
        auto& waiting = same->second->waiting;
        std::erase_if(waiting, [](const auto& w) { return w.expired(); });
        waiting.push_back(who);
        return same->second;
    }
    auto asked = std::make_shared<lookup>();
    asked->waiting.push_back(who);

    const std::lock_guard lock(crew_->mutex);
    crew_->owner = weak_from_this();
    crew_->names.push_back(host);
    under_way_.emplace(host, asked);
    if (crew_->threads == most_threads) return asked;

    // The host's signals are not for a thread that it does not know.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    try {
        std::thread([c = crew_] { work(c); }).detach();
        ++crew_->threads;
    } catch (const std::system_error&) {
        if (crew_->threads == 0) {
            crew_->names.pop_back();
            answer none;
            none.ec = asio::error::host_not_found_try_again;
            deliver(*crew_, host, std::move(none));
        }
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return asked;
}

void resolver::close() noexcept
{
    const std::lock_guard lock(crew_->mutex);
    crew_->out.reset();
    crew_->names.clear();
}

void resolver::work(const std::shared_ptr<crew>& c) noexcept
{
    for (;;) {
        std::string host;
        {
            const std::lock_guard lock(c->mutex);
            if (c->names.empty()) {
                --c->threads;
                return;
            }
            host = std::move(c->names.front());
            c->names.pop_front();
        }
        answer a = look_up(host);
        const std::lock_guard lock(c->mutex);
        deliver(*c, host, std::move(a));
    }
}

// The lock is held: so the executor cannot go while it is used.
void resolver::deliver(crew& c, const std::string& host, answer a)
{
    if (!c.out) return;
    asio::post(*c.out, [owner = c.owner, host, a = std::move(a)]() mutable {
        if (const auto self = owner.lock()) self->take(host, std::move(a));
    });
}

resolver::answer resolver::look_up(const std::string& host) noexcept
{
    answer out;
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    errno = 0;
    const int failure = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (failure != 0) {
        out.ec = meaning_of(failure, errno);
        return out;
    }
    try {
        for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
            const auto found = address_in(*entry);
            if (found && std::find(out.found.begin(), out.found.end(), *found) == out.found.end())
                out.found.push_back(*found);
        }
        if (out.found.empty()) out.ec = asio::error::host_not_found;
    } catch (const std::bad_alloc&) {
        out.ec = make_error_code(boost::system::errc::not_enough_memory);
    }
    ::freeaddrinfo(list);
    return out;
}

void resolver::take(const std::string& host, answer a)
{
    const auto at = under_way_.find(host);
    if (at == under_way_.end()) return;
    const std::shared_ptr<lookup> asked = std::move(at->second);
    under_way_.erase(at);
    asked->done = true;
    asked->ec = a.ec;
    asked->found = std::move(a.found);
    for (const auto& w : asked->waiting)
        if (const auto who = w.lock()) who->ring();
}

}  // namespace catena::net
