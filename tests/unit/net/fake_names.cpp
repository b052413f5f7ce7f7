#include "fake_names.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace catena::testing {
namespace {

struct failure {
    int code, number;
};

struct world {
    std::mutex mutex;
    std::condition_variable released;
    bool stuck = false;
    std::map<std::string, std::vector<std::string>> names;
    std::map<std::string, failure> failures;
    std::map<std::string, int> lookups;
};

// Never destroyed: a thread may still be stuck in here when the program ends.
world& all()
{
    static auto* const w = std::make_unique<world>().release();
    return *w;
}

struct entry {
    addrinfo info;
    sockaddr_storage address;
};

template <class Address>
void fill(entry& e, int family, const Address& address)
{
    new (&e.address) Address(address);
    e.info.ai_family = family;
    e.info.ai_addrlen = sizeof(address);
}

addrinfo* make_entry(const std::string& address, addrinfo* next)
{
    auto e = std::make_unique<entry>();
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    v4.sin_family = AF_INET;
    v6.sin6_family = AF_INET6;
    if (inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
        fill(*e, AF_INET, v4);
    } else if (inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
        fill(*e, AF_INET6, v6);
    } else {
        return next;
    }
    e->info.ai_socktype = SOCK_STREAM;
    e->info.ai_protocol = IPPROTO_TCP;
    e->info.ai_addr = reinterpret_cast<sockaddr*>(&e->address);
    e->info.ai_next = next;
    return &e.release()->info;
}

}  // namespace

void set_name(const std::string& name, const std::vector<std::string>& addresses)
{
    const std::lock_guard lock(all().mutex);
    all().names[name] = addresses;
    all().failures.erase(name);
}

void fail_name(const std::string& name, int code, int number)
{
    const std::lock_guard lock(all().mutex);
    all().failures.insert_or_assign(name, failure{code, number});
}

int lookups_of(const std::string& name)
{
    const std::lock_guard lock(all().mutex);
    return all().lookups[name];
}

void hold_stuck_names()
{
    const std::lock_guard lock(all().mutex);
    all().stuck = true;
}

void release_stuck_names()
{
    const std::lock_guard lock(all().mutex);
    all().stuck = false;
    all().released.notify_all();
}

}  // namespace catena::testing

// Stand before the C library's: the linker takes the program's own definitions first.
extern "C" int getaddrinfo(const char* node, const char*, const addrinfo*, addrinfo** result)
{
    using namespace catena::testing;
    world& w = all();
    std::unique_lock lock(w.mutex);
    const std::string name = node;
    ++w.lookups[name];
    if (name == "stuck.test" || name.ends_with(".stuck.test"))
        w.released.wait(lock, [&] { return !w.stuck; });
    if (const auto bad = w.failures.find(name); bad != w.failures.end()) {
        errno = bad->second.number;
        return bad->second.code;
    }
    const auto found = w.names.find(name);
    if (found == w.names.end()) return EAI_NONAME;
    addrinfo* list = nullptr;
    for (auto at = found->second.rbegin(); at != found->second.rend(); ++at)
        list = make_entry(*at, list);
    *result = list;
    return 0;
}

extern "C" void freeaddrinfo(addrinfo* list)
{
    while (list != nullptr) {
        auto* const e = reinterpret_cast<catena::testing::entry*>(list);
        list = list->ai_next;
        delete e;
    }
}
