#include <catena/codec/scan_plan.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace catena {
namespace {

[[noreturn]] void refuse(std::string_view pointer)
{
    throw std::invalid_argument("not a JSON Pointer: \"" + std::string(pointer) + '"');
}

/// The first reference token of a pointer, which loses it.
std::string next_token(std::string_view& pointer)
{
    if (pointer.front() != '/') refuse(pointer);
    const std::string_view whole = pointer;
    pointer.remove_prefix(1);
    std::string token;
    while (!pointer.empty() && pointer.front() != '/') {
        char c = pointer.front();
        pointer.remove_prefix(1);
        if (c == '~') {
            if (pointer.empty() || (pointer.front() != '0' && pointer.front() != '1'))
                refuse(whole);
            c = pointer.front() == '0' ? '~' : '/';
            pointer.remove_prefix(1);
        }
        token += c;
    }
    return token;
}

}  // namespace

scan_plan::scan_plan(const scan_request& r) : nodes_(2), shape_(r.shape)
{
    for (const std::string& pointer : r.slots) {
        int& place = nodes_[static_cast<std::size_t>(walk(0, pointer))].slot;
        if (place < 0) place = slot_places_++;
        slot_of_.push_back(place);
    }
    for (const std::string& pointer : r.fields) {
        int& place = nodes_[static_cast<std::size_t>(walk(record_root, pointer))].field;
        if (place < 0) place = field_places_++;
        field_of_.push_back(place);
    }
    if (r.records) {
        const int at = walk(0, *r.records);
        nodes_[static_cast<std::size_t>(at)].records = true;
        // A slot inside the records: on that way both must be found.
        const std::vector<edge> inside = nodes_[static_cast<std::size_t>(at)].edges;
        for (const edge& e : inside)
            graft(record_root, e.to);
    }
}

int scan_plan::walk(int from, std::string_view pointer)
{
    while (!pointer.empty())
        from = child(from, next_token(pointer));
    return from;
}

int scan_plan::child(int from, const std::string& name)
{
    for (const edge& e : nodes_[static_cast<std::size_t>(from)].edges)
        if (e.name == name) return e.to;

    const int to = static_cast<int>(nodes_.size());
    nodes_.emplace_back();
    nodes_.back().parent = from;
    nodes_.back().name = name;

    edge e{name, no_index, to};
    if (name == "0" || (!name.empty() && name[0] != '0')) {
        std::size_t index = 0;
        const char* const end = name.data() + name.size();
        const auto read = std::from_chars(name.data(), end, index);
        if (read.ec == std::errc{} && read.ptr == end) e.index = index;
    }
    node& parent = nodes_[static_cast<std::size_t>(from)];
    parent.indexed = parent.indexed || e.index != no_index;
    parent.lengths |= std::uint64_t(1) << std::min<std::size_t>(name.size(), 63);
    parent.edges.push_back(std::move(e));
    return to;
}

void scan_plan::graft(int from, int onto)
{
    nodes_[static_cast<std::size_t>(onto)].field = nodes_[static_cast<std::size_t>(from)].field;
    const std::vector<edge> edges = nodes_[static_cast<std::size_t>(from)].edges;
    for (const edge& e : edges)
        graft(e.to, child(onto, e.name));
}

std::string scan_plan::pointer_to(int at) const
{
    std::string text;
    while (at > record_root) {
        const node& n = nodes_[static_cast<std::size_t>(at)];
        std::string token = "/";
        for (const char c : n.name)
            token += c == '~'   ? std::string("~0")
                     : c == '/' ? std::string("~1")
                                : std::string(1, c);
        text.insert(0, token);
        at = n.parent;
    }
    return text;
}

void scanned::reset(std::size_t records)
{
    std::fill(slots_.begin(), slots_.end(), found{});
    fields_.clear();
    records_.clear();
    records_.reserve(records);
    place_ = {};
    texts_.clear();
}

void scanned::begin_record(std::size_t at)
{
    records_.push_back({at, 0});
    fields_.resize(fields_.size() + static_cast<std::size_t>(plan_->field_places_));
}

}  // namespace catena
