#include "net/system.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

namespace catena {

std::uint64_t system_seed()
{
    std::random_device entropy;
    return std::uint64_t(entropy()) << 32 | entropy();
}

std::string system_variable(const char* name)
{
    const char* text = std::getenv(name);
    return text == nullptr ? std::string() : std::string(text);
}

std::optional<secret> system_secret(setting::source from, const std::string& name)
{
    if (from == setting::source::environment) {
        const char* text = std::getenv(name.c_str());
        if (text == nullptr || *text == '\0') return std::nullopt;
        return secret(text);
    }
    std::ifstream file(name, std::ios::binary);
    if (!file) return std::nullopt;
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) return std::nullopt;
    return secret(std::move(text));
}

}  // namespace catena
