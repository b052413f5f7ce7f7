#include "codec/scan_text.hpp"
#include <catena/codec/scan.hpp>

#include <algorithm>
#include <cassert>
#include <string>

namespace catena {

scanner::scanner(const scan_plan& plan, const scan_limits& l)
    : plan_(&plan),
      limits_(l),
      seen_(plan.nodes_.size()),
      slots_(static_cast<std::size_t>(plan.slot_places_))
{
    assert(l.depth <= 64 * objects_.size());
}

void scanner::reset(std::size_t records)
{
    at_ = token_ = depth_ = tracked_ = 0;
    next_ = 0;
    state_ = state::value;
    in_record_ = false;
    code_ = {};
    trouble_ = -1;
    frames_.clear();
    std::fill(slots_.begin(), slots_.end(), found{});
    fields_.clear();
    records_.clear();
    records_.reserve(records);
    place_ = {};
}

void scanner::fail(errc why, std::size_t at)
{
    code_ = make_error_code(why);
    at_ = at;
    state_ = state::failed;
}

bool scanner::open(bool object, std::size_t at)
{
    if (depth_ == limits_.depth) {
        fail(errc::limit_exceeded, at);
        return false;
    }
    if (next_ >= 0 && !begin_value(at)) return false;
    ++depth_;
    const std::uint64_t bit = std::uint64_t(1) << ((depth_ - 1) % 64);
    std::uint64_t& word = objects_[(depth_ - 1) / 64];
    word = object ? word | bit : word & ~bit;

    if (next_ >= 0) {
        const bool listed = plan_->nodes_[static_cast<std::size_t>(next_)].records &&
                            object == (plan_->shape_ == records_rule::shape::map);
        const bool record = !frames_.empty() && frames_.back().records && tracked_ == depth_ - 1;
        frames_.push_back(frame{next_, depth_, at, 0, ++serial_, listed, record});
        track();
        next_ = -1;
    }
    return true;
}

void scanner::track()
{
    tracked_ = frames_.empty() ? 0 : frames_.back().depth;
    if (frames_.empty()) return;
    const frame& f = frames_.back();
    const bool all = f.records;  // any name is a record's
    lengths_ = all ? ~std::uint64_t(0) : plan_->nodes_[static_cast<std::size_t>(f.node)].lengths;
}

void scanner::close(bool object, std::size_t end)
{
    if (tracked_ == depth_) {
        const frame f = frames_.back();
        frames_.pop_back();
        keep(plan_->nodes_[static_cast<std::size_t>(f.node)],
             found{true, object ? json_kind::object : json_kind::array, false, {f.begin, end}});
        if (f.record) {
            records_.back().end = end;
            in_record_ = false;
        }
        track();
    }
    --depth_;
}

bool scanner::on_name(std::string_view name, std::size_t at)
{
    const frame& f = frames_.back();
    const scan_plan::node& n = plan_->nodes_[static_cast<std::size_t>(f.node)];
    if (f.records) next_ = scan_plan::record_root;
    if (n.edges.empty()) return true;
    if (escaped_) {
        if (!codec::unescape(name, scratch_)) return true;
        name = scratch_;
    }
    if ((n.lengths >> std::min<std::size_t>(name.size(), 63) & 1) == 0) return true;

    for (const scan_plan::edge& e : n.edges) {
        if (e.name != name) continue;
        std::uint64_t& seen = seen_[static_cast<std::size_t>(e.to)];
        if (seen == f.serial) {
            trouble_ = e.to;
            fail(errc::ambiguous_field, at);
            return false;
        }
        seen = f.serial;
        next_ = e.to;
        break;
    }
    return true;
}

void scanner::on_element()
{
    frame& f = frames_.back();
    const scan_plan::node& n = plan_->nodes_[static_cast<std::size_t>(f.node)];
    const std::size_t index = f.next++;
    if (f.records) next_ = scan_plan::record_root;
    if (!n.indexed) return;
    for (const scan_plan::edge& e : n.edges)
        if (e.index == index) next_ = e.to;
}

bool scanner::begin_value(std::size_t at)
{
    if (frames_.empty() || !frames_.back().records || tracked_ != depth_) return true;
    if (records_.size() == limits_.records) {
        fail(errc::limit_exceeded, at);
        return false;
    }
    records_.push_back({at, 0});
    fields_.resize(fields_.size() + static_cast<std::size_t>(plan_->field_places_));
    in_record_ = true;
    return true;
}

void scanner::on_scalar(json_kind kind, std::size_t begin, std::size_t end)
{
    const std::size_t quote = kind == json_kind::string ? 1 : 0;
    keep(plan_->nodes_[static_cast<std::size_t>(next_)],
         found{true, kind, quote == 1 && escaped_, {begin + quote, end - quote}});
    if (!frames_.empty() && frames_.back().records && tracked_ == depth_) {
        records_.back().end = end;
        in_record_ = false;
    }
    next_ = -1;
}

void scanner::keep(const scan_plan::node& n, const found& what)
{
    if (n.slot >= 0) slots_[static_cast<std::size_t>(n.slot)] = what;
    if (n.records) place_ = what;
    if (n.field >= 0 && in_record_) {
        const auto stride = static_cast<std::size_t>(plan_->field_places_);
        fields_[(records_.size() - 1) * stride + static_cast<std::size_t>(n.field)] = what;
    }
}

std::string scanner::pointer() const
{
    std::string text;
    for (int at = trouble_; at > scan_plan::record_root;) {
        const scan_plan::node& n = plan_->nodes_[static_cast<std::size_t>(at)];
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

}  // namespace catena
