#include "codec/json_walk.hpp"
#include "core/printable.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/codec/job_description.hpp>
#include <catena/codec/range_text.hpp>
#include <catena/core/identity.hpp>

#include <map>
#include <string>

namespace catena {
namespace {

constexpr std::string_view first_word = "catena-job-1 ";

using parts = std::map<std::string, std::string, std::less<>>;

std::string mark_of(std::string_view text)
{
    const identity id = identity_of(text);
    return std::to_string(id.high) + '-' + std::to_string(id.low);
}

void add_leaves(std::string_view value, const std::string& at, std::string& to)
{
    bool inner = false;
    if (value.front() == '{') {
        codec::for_each_member(value, [&](std::string_view name, std::string_view member) {
            add_leaves(member, at + codec::token_of(name), to);
            return inner = true;
        });
    } else if (value.front() == '[') {
        std::size_t index = 0;
        codec::for_each_element(value, [&](std::string_view element) {
            add_leaves(element, at + '/' + std::to_string(index++), to);
            return inner = true;
        });
    }
    if (!inner) to += printable(at) + ' ' + mark_of(value) + '\n';
}

parts read(std::string_view text)
{
    parts out;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        const std::size_t gap = std::min(line.rfind(' '), line.size());
        out.emplace(line.substr(0, gap), line.substr(gap));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return out;
}

}  // namespace

std::string describe_job(const connector& c, const range& whole)
{
    std::string out(first_word);
    // What a job's chains are depends on it, and no fingerprint has it.
    const std::string found = c.discovery ? ' ' + fingerprint(tokens_alone(c)) : std::string();
    out += mark_of(fingerprint(c) + to_text(whole) + found) + "\nrange " + mark_of(to_text(whole)) +
           '\n';
    add_leaves(to_json(c), "", out);
    return out;
}

std::vector<std::string> changed_parts(std::string_view before, std::string_view now)
{
    if (!before.starts_with(first_word)) return {"/"};
    if (before.substr(0, before.find('\n')) == now.substr(0, now.find('\n'))) return {};
    const parts old = read(before);
    const parts recent = read(now);
    std::vector<std::string> out;
    const auto note = [&](const parts& these, const parts& those) {
        for (const auto& [at, mark] : these) {
            const auto other = those.find(at);
            const bool twice = &these == &recent && other != those.end();
            if (at + ' ' == first_word || twice) continue;
            if (other == those.end() || other->second != mark) out.push_back(at);
        }
    };
    note(old, recent);
    note(recent, old);
    return out;
}

}  // namespace catena
