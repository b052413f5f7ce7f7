#include "codec/drift.hpp"
#include "codec/page_reader_impl.hpp"
#include "codec/scan_octets.hpp"
#include "codec/signs.hpp"
#include "codec/xml_outline.hpp"
#include <catena/codec/page_reader.hpp>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>
#include <utility>

namespace catena {
namespace {

scan_limits limits_of(const page_limits& l)
{
    scan_limits out;
    out.depth = l.json_depth;
    out.records = l.records;
    return out;
}

/// Digits that fit; estimates and fractions say nothing about completeness.
std::optional<std::uint64_t> whole_number(std::string_view text)
{
    std::uint64_t n = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, n);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return n;
}

}  // namespace

page_reader::impl::impl(std::shared_ptr<const page_contract> c)
    : contract(std::move(c)),
      api(contract->compiled()),
      page_scan(api.contract->format, *api.pages, limits_of(api.limits))
{
}

error_code page_reader::impl::on_body(std::string_view more)
{
    if (refused) return refused;
    octets += more.size();
    if (octets > api.limits.page_octets) {
        const error_code ec = make_error_code(errc::limit_exceeded);
        if (as == intake::page) refused = ec;  // a failed answer is classed without its last words
        return ec;
    }
    if (as == intake::page) return on_page_octets(more);
    if (as == intake::failure) {
        if (coded)
            (void)undo.push(more, body);  // what came out says as much as there is to know
        else
            body.append(more.substr(0, failure_octets - std::min(failure_octets, body.size())));
    }
    return {};
}

error_code page_reader::impl::take_octets(std::string_view more)
{
    if (!coded) {
        body.append(more);
        return {};
    }
    const error_code ec = undo.push(more, body);
    if (ec != errc::limit_exceeded) coding_trouble = ec;
    return ec;
}

error_code page_reader::impl::on_page_octets(std::string_view more)
{
    if (const error_code ec = take_octets(more)) return refused = ec;
    const error_code ec = page_scan.feed(body);
    if (!ec) {
        copy_keys();
        return find_self_in_body();
    }
    // What is no page is kept as a failed answer's body is: its words may matter more.
    const bool may_say_more = ec != errc::ambiguous_field && ec != errc::limit_exceeded;
    if (may_say_more && body.size() < failure_octets) return {};
    page_facts judged;
    judge_content(judged, ec);
    return refused = judged.code;
}

page_facts page_reader::impl::finish()
{
    page_facts out;
    out.status = status;
    out.retry_after = retry_after;

    if (status < 200 || status >= 300 || as == intake::failure) {
        judge_failure(out);
    } else if (refused == errc::limit_exceeded) {
        fail(out, error_class::fatal, refused);
    } else if (refused == errc::bad_response) {
        judge_self(out);
    } else if (coding_cannot_be_undone()) {
        const bool passing = coding_trouble == condition::try_again;
        fail(out, passing ? error_class::retry : error_class::fatal, coding_trouble,
             "Content-Encoding");
        out.said = fit_for_messages(coding_flaw.empty() ? undo.flaw() : coding_flaw);
    } else if (ends_by_close && api.contract->format == page_format::json_lines) {
        fail(out, error_class::fatal, make_error_code(errc::truncated));
        out.said =
            "only the connection's end says that the body is whole, and JSON lines that "
            "were cut between two lines look whole too";
        out.mend = "let the server or a proxy before it send Content-Length or chunks";
    } else {
        const error_code ec = page_scan.finish(body);
        if (ec)
            body.resize(std::min(body.size(), std::max(page_scan.octet() + 1, failure_octets)));
        else
            read_signals(seen());
        const bool judged = judge_good_status(out, ec);
        if (!judged && ec) judge_content(out, ec);
        if (!judged && !ec) read_page(out);
    }
    out.quotas = quotas;
    out.other_limits = other_limits;
    return out;
}

/// Then the body is none, whatever came out of it.
bool page_reader::impl::coding_cannot_be_undone()
{
    if (coded && !coding_trouble) coding_trouble = undo.finish();
    return bool(coding_trouble);
}

void page_reader::impl::read_page(page_facts& out)
{
    judge_records_place(out);
    if (out.is != page_facts::answer::page) return;
    const connector& c = contract->description();
    const bool lines = c.format == page_format::json_lines;
    if (!lines) judge_complaints(out);
    if (lines && c.key.empty()) judge_lines(out);
    if (out.is == page_facts::answer::page) judge_self(out);
    if (out.is != page_facts::answer::page) return;
    read_records(out);
    judge_no_records(out);
    if (out.is != page_facts::answer::page) return;
    read_tokens(out);
    if (out.is != page_facts::answer::page) return;
    read_flag(out);
    read_total(out);
    out.end_sign = any_holds(api.ends, ends_head, seen());
    if (lines && out.records == 0) judge_no_lines(out);
    if (out.is != page_facts::answer::page) return;
    find_lookalikes(out);
    last_size = body.size();
    last_records = out.records;
}

/// A page that says of itself that something went wrong is none, even where it has records.
void page_reader::impl::judge_complaints(page_facts& out)
{
    for (const plan::complaint& c : api.complaints) {
        const auto silent = [&](std::size_t slot) {
            const found& f = seen().slot(slot);
            return codec::says_nothing(f, seen().octets(f, body));
        };
        const found& f = seen().slot(c.slot);
        const bool denies = f.kind == json_kind::boolean && silent(c.slot);
        const bool good =
            c.is_verdict ? !denies
                         : silent(c.slot) && (c.code_slot == plan::none || silent(c.code_slot));
        if (good || ends_by_sign_in(c.place)) continue;
        fail(out, error_class::fatal, make_error_code(errc::error_in_page), c.place);
        scan_failure();
        out.said = words();
        if (out.said.empty()) out.said = fit_for_messages(c.place) + " says that something failed";
        return;
    }
}

bool page_reader::impl::ends_by_sign_in(std::string_view place) const
{
    for (std::size_t i = 0; i < api.ends.size(); ++i) {
        const std::optional<std::string>& at = api.ends[i].rule->body;
        if (at && leads_to(place, *at) && holds(api.ends[i], ends_head[i], seen())) return true;
    }
    return false;
}

/* Keys are compared when the page is complete, and by then most of a large one has left the cache:
   that cost a fifth of its time. So they are put together while their octets are at hand. */
void page_reader::impl::copy_keys()
{
    const scanned& page = seen();
    const std::vector<extent>& records = page.records();
    const std::size_t width = api.key_fields.size();
    if (width == 0) return;
    for (std::size_t i = copied_keys.size() / width; i < records.size() && records[i].end != 0; ++i)
        for (const std::size_t field : api.key_fields) {
            const found& f = page.field(i, field);
            const std::string_view text = page.octets(f, body);
            const std::size_t from = key_octets.size();
            key_octets.append(text);
            copied_keys.push_back({f.kind, f.present, f.escaped, {from, key_octets.size()}});
        }
}

void page_reader::impl::read_records(page_facts& out)
{
    const std::vector<extent>& records = seen().records();
    copy_keys();
    out.records = out.print.records = records.size();
    for (const extent& e : records)
        out.print.octets += e.end - e.begin;
    keys.clear();
    keys.reserve(copied_keys.size());
    for (const key_extent& k : copied_keys)
        keys.push_back({k.kind, k.present, k.escaped, k.at.in(key_octets)});
    out.keys = keys;
    if (records.empty()) return;
    out.print.first = identity_of(records.front().in(body));
    out.print.last = identity_of(records.back().in(body));
}

/// Records in XML have no array around them whose absence would show that they have another name.
void page_reader::impl::judge_no_records(page_facts& out)
{
    const connector& c = contract->description();
    if (out.records != 0 || c.format != page_format::xml) return;
    if (c.key.empty() && c.records.when_absent == records_rule::absence::empty) return;
    const auto outline = codec::outline_of(body, c.records.at);
    if (!outline) return;
    const auto alike = codec::record_lookalikes(c, {outline->json, outline->root});
    if (alike.empty()) return;
    fail(out, error_class::fatal, make_error_code(errc::records_missing), c.records.at);
    out.said = "found no record, and " + fit_for_messages(alike.front()) + " looks like its name";
}

void page_reader::impl::read_flag(page_facts& out) const
{
    if (api.flag == nullptr) return;
    const found& f = seen().slot(api.flag_slot);
    out.flag_at = api.flag->at;
    // A null says as much as nothing: many servers write it for a member that they leave out.
    if (!f.present || f.kind == json_kind::null) {
        out.flag = flag_fact::missing;
        return;
    }
    const std::optional<bool> value = codec::flag_of(f, seen().octets(f, body));
    if (!value) {
        out.flag = flag_fact::unreadable;
        return;
    }
    const bool ends = *value == (api.flag->what == end_rule::kind::flag_true);
    out.flag = ends ? flag_fact::end : flag_fact::more;
}

void page_reader::impl::read_total(page_facts& out) const
{
    if (api.total_slot == plan::none) {
        out.total = whole_number(total_header);
        return;
    }
    const found& f = seen().slot(api.total_slot);
    const bool readable = f.kind == json_kind::number || f.kind == json_kind::string;
    if (!f.present || !readable) return;
    const std::string_view text = seen().octets(f, body);
    out.total = whole_number(f.decoded ? codec::trimmed(text) : text);
}

void page_reader::impl::find_lookalikes(page_facts& out) const
{
    bool all_absent = true;
    bool needed_absent = false;
    const auto deciding = [&](std::size_t i) {
        const token_source& s = *api.tokens[i].source;
        return !s.keep && s.from != token_source::place::counter;
    };
    const auto absent = [&](std::size_t i) { return out.tokens[i].is != presence::given; };
    for (std::size_t i = 0; i < api.tokens.size(); ++i) {
        if (!deciding(i)) continue;
        all_absent = all_absent && absent(i);
        needed_absent = needed_absent || (absent(i) && !api.tokens[i].source->optional);
    }
    if (!all_absent && !needed_absent) return;

    const codec::asked_values asked = codec::values_in(url);
    out.lookalikes = head_lookalikes;
    const connector& c = contract->description();
    std::optional<codec::xml_outline> outline;
    if (c.format == page_format::xml) outline = codec::outline_of(body, c.records.at);
    // Beside the records of JSON lines there is nothing that could be a token.
    const bool lines = c.format == page_format::json_lines;
    const codec::searched where = outline ? codec::searched{outline->json, outline->root}
                                          : codec::searched{lines ? std::string_view() : body};
    for (std::size_t i = 0; i < api.tokens.size(); ++i) {
        const plan::token& t = api.tokens[i];
        if (!deciding(i) || !absent(i) || t.source->from == token_source::place::last_record)
            continue;
        for (const std::string& name : codec::lookalikes(c, *t.source, t.target, where, asked))
            if (!codec::note_lookalike(out.lookalikes, name)) return;
    }
}

page_reader::page_reader(std::shared_ptr<const page_contract> contract)
    : impl_(std::make_unique<impl>(std::move(contract)))
{
}

page_reader::~page_reader() = default;
page_reader::page_reader(page_reader&&) noexcept = default;
page_reader& page_reader::operator=(page_reader&&) noexcept = default;

error_code page_reader::begin(std::string_view url, const response_head& head, wall_time received,
                              std::span<const std::string> hidden)
{
    return impl_->begin(url, head, received, hidden);
}

void page_reader::lend(std::string buffer)
{
    if (buffer.capacity() > impl_->body.capacity()) impl_->body = std::move(buffer);
}

error_code page_reader::on_body(std::string_view octets) { return impl_->on_body(octets); }

page_facts page_reader::finish() { return impl_->finish(); }

page_content page_reader::take()
{
    return {std::move(impl_->body), impl_->page_scan.take_records(), std::move(impl_->key_octets),
            std::move(impl_->copied_keys)};
}

}  // namespace catena
