#include "fake_names.hpp"

#include <arpa/inet.h>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace catena::testing {
namespace {

std::mutex mutex;
std::condition_variable released;
bool stuck = false;
std::map<std::string, std::vector<std::string>> names;

struct entry {
    addrinfo info;
    sockaddr_in address;
};

addrinfo* make_entry(const std::string& address, const char* service, addrinfo* next)
{
    auto* const e = new entry();
    e->address.sin_family = AF_INET;
    e->address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(service)));
    inet_pton(AF_INET, address.c_str(), &e->address.sin_addr);
    e->info.ai_family = AF_INET;
    e->info.ai_socktype = SOCK_STREAM;
    e->info.ai_protocol = IPPROTO_TCP;
    e->info.ai_addrlen = sizeof(e->address);
    e->info.ai_addr = reinterpret_cast<sockaddr*>(&e->address);
    e->info.ai_next = next;
    return &e->info;
}

}  // namespace

void set_name(const std::string& name, const std::vector<std::string>& addresses)
{
    const std::lock_guard<std::mutex> lock(mutex);
    names[name] = addresses;
}

void hold_stuck_names()
{
    const std::lock_guard<std::mutex> lock(mutex);
    stuck = true;
}

void release_stuck_names()
{
    const std::lock_guard<std::mutex> lock(mutex);
    stuck = false;
    released.notify_all();
}

}  // namespace catena::testing

// Stand before the C library's: the linker takes the program's own definitions first.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo*,
                           addrinfo** result)
{
    using namespace catena::testing;
    std::unique_lock<std::mutex> lock(mutex);
    if (std::string(node) == "stuck.test") released.wait(lock, [] { return !stuck; });
    const auto found = names.find(node);
    if (found == names.end()) return EAI_NONAME;
    addrinfo* list = nullptr;
    for (auto at = found->second.rbegin(); at != found->second.rend(); ++at)
        list = make_entry(*at, service, list);
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
