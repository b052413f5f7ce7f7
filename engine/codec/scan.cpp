#include "codec/scan_text.hpp"
#include <catena/codec/scan.hpp>

#include <algorithm>
#include <cassert>

namespace catena {

scanner::scanner(const scan_plan& plan, const scan_limits& l)
    : plan_(&plan), limits_(l), seen_(plan.nodes_.size()), out_(plan)
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
    out_.reset(records);
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
        const json_kind kind = object ? json_kind::object : json_kind::array;
        out_.keep(plan_->nodes_[static_cast<std::size_t>(f.node)],
                  found{true, kind, false, false, {f.begin, end}}, in_record_);
        if (f.record) {
            out_.records_.back().end = end;
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
    if (out_.records_.size() == limits_.records) {
        fail(errc::limit_exceeded, at);
        return false;
    }
    out_.begin_record(at);
    in_record_ = true;
    return true;
}

void scanner::on_scalar(json_kind kind, std::size_t begin, std::size_t end)
{
    const std::size_t quote = kind == json_kind::string ? 1 : 0;
    out_.keep(plan_->nodes_[static_cast<std::size_t>(next_)],
              found{true, kind, quote == 1 && escaped_, false, {begin + quote, end - quote}},
              in_record_);
    if (!frames_.empty() && frames_.back().records && tracked_ == depth_) {
        out_.records_.back().end = end;
        in_record_ = false;
    }
    next_ = -1;
}

std::string scanner::pointer() const { return plan_->pointer_to(trouble_); }

}  // namespace catena
