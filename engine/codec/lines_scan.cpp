#include "codec/lines_scan.hpp"

#include <algorithm>

namespace catena::codec {
namespace {

constexpr std::string_view blanks = " \t\r";

}  // namespace

scan_request lines_scanner::of_a_line(const scan_plan& plan)
{
    scan_request out;
    const auto fields = static_cast<std::size_t>(plan.field_places_);
    out.slots.resize(fields + static_cast<std::size_t>(plan.slot_places_));
    for (std::size_t i = 0; i < plan.nodes_.size(); ++i) {
        const scan_plan::node& n = plan.nodes_[i];
        const std::string place = plan.pointer_to(static_cast<int>(i));
        if (n.field >= 0) out.slots[static_cast<std::size_t>(n.field)] = place;
        if (n.slot >= 0) out.slots[fields + static_cast<std::size_t>(n.slot)] = place;
    }
    return out;
}

lines_scanner::lines_scanner(const scan_plan& plan, const scan_limits& l)
    : record_limit_(l.records), line_plan_(of_a_line(plan)), line_(line_plan_, l), out_(plan)
{
}

void lines_scanner::reset(std::size_t records)
{
    at_ = begin_ = 0;
    open_ = false;
    code_ = {};
    line_.reset();
    out_.reset(records);
}

void lines_scanner::fail(error_code why, std::size_t at)
{
    code_ = why;
    at_ = at;
}

error_code lines_scanner::finish(std::string_view body)
{
    if (read(body, true)) return code_;
    out_.place_ = found{true, json_kind::array, false, false, {0, body.size()}};
    return code_;
}

error_code lines_scanner::read(std::string_view body, bool whole)
{
    while (!code_ && (at_ < body.size() || whole)) {
        const std::size_t line_feed = body.find('\n', at_);
        const std::size_t end = std::min(line_feed, body.size());
        if (!open_) begin_line(body, end);
        if (open_ && !code_) {
            at_ = end;
            const std::string_view text = body.substr(begin_, end - begin_);
            if (const error_code ec = line_.feed(text)) fail(ec, begin_ + line_.octet());
            if (!code_ && (whole || end == line_feed)) end_line(text);
        }
        if (code_ || line_feed == std::string_view::npos) break;
        ++at_;
    }
    return code_;
}

void lines_scanner::begin_line(std::string_view body, std::size_t end)
{
    at_ = std::min(body.find_first_not_of(blanks, at_), end);
    if (at_ == end) return;
    if (out_.records_.size() == record_limit_) return fail(errc::limit_exceeded, at_);
    begin_ = at_;
    open_ = true;
    line_.reset();
    out_.begin_record(begin_);
}

void lines_scanner::end_line(std::string_view text)
{
    if (const error_code ec = line_.finish(text)) return fail(ec, begin_ + line_.octet());
    const auto in_body = [&](std::size_t number) {
        found what = line_.so_far().slot(number);
        what.at.begin += begin_;
        what.at.end += begin_;
        return what;
    };
    const auto fields = static_cast<std::size_t>(out_.plan_->field_places_);
    const std::size_t first = out_.fields_.size() - fields;
    for (std::size_t i = 0; i < fields; ++i)
        out_.fields_[first + i] = in_body(i);
    for (std::size_t i = 0; i < out_.slots_.size(); ++i)
        out_.slots_[i] = in_body(fields + i);
    out_.records_.back().end = begin_ + text.find_last_not_of(blanks) + 1;
    open_ = false;
}

}  // namespace catena::codec
