#include "core/grouped.hpp"
#include <catena/core/run_difference.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace catena {

using core::counted;
using core::grouped;

run_difference::run_difference(std::size_t samples) : samples_(samples) {}

run_difference::stream run_difference::wants() const noexcept
{
    if (!before_.waiting && !before_.ended) return stream::before;
    if (!now_.waiting && !now_.ended) return stream::now;
    return stream::none;
}

void run_difference::feed(stream of, std::string_view key, const identity& body)
{
    side& s = of == stream::before ? before_ : now_;
    if (s.count != 0 && key <= s.key)
        throw std::invalid_argument("the keys of a run do not ascend by their octets");
    s.key = key;
    s.body = body;
    s.waiting = true;
    ++s.count;
    compare();
}

void run_difference::end(stream of)
{
    (of == stream::before ? before_ : now_).ended = true;
    compare();
}

void run_difference::compare()
{
    const bool behind_before = before_.ended && !before_.waiting;
    const bool behind_now = now_.ended && !now_.waiting;
    if (!(before_.waiting || behind_before) || !(now_.waiting || behind_now)) return;
    if (before_.waiting && now_.waiting && before_.key == now_.key) {
        if (before_.body == now_.body) {
            ++same_;
        } else {
            note(changed_, now_.key);
        }
        before_.waiting = now_.waiting = false;
    } else if (before_.waiting && (behind_now || before_.key < now_.key)) {
        note(deleted_, before_.key);
        before_.waiting = false;
    } else if (now_.waiting) {
        note(added_, now_.key);
        now_.waiting = false;
    }
}

void run_difference::note(difference& d, const std::string& key) const
{
    ++d.count;
    if (d.samples.size() < samples_) d.samples.push_back(key);
}

previous_run run_difference::facts() const
{
    previous_run out;
    out.records = before_.count;
    out.added = added_.count;
    out.changed = changed_.count;
    out.deleted = deleted_.count;
    out.deleted_keys = deleted_.samples;
    return out;
}

std::string run_difference::text() const
{
    return grouped(added_.count) + " added, " + grouped(changed_.count) + " changed, " +
           grouped(deleted_.count) + " deleted, " + grouped(same_) + " the same; " +
           growth_in_words(before_.count, now_.count);
}

std::string growth_in_words(std::uint64_t before, std::uint64_t now)
{
    const std::string records = counted(now, "record");
    if (now == before) return records + ", as many as before";
    const std::uint64_t by = std::max(now, before) - std::min(now, before);
    const char* const more = now > before ? " more than before" : " fewer than before";
    if (before == 0) return records + ", " + grouped(by) + more;
    const double percent = 100 * static_cast<double>(by) / static_cast<double>(before);
    if (percent < 0.1 || percent >= 1000) return records + ", " + grouped(by) + more;
    std::array<char, 32> text{};
    const auto written =
        std::to_chars(text.data(), text.data() + text.size(), percent, std::chars_format::fixed, 1);
    return records + ", " + std::string(text.data(), written.ptr) + " %" + more;
}

}  // namespace catena
