#include "machine.hpp"

#include "records.hpp"
#include "words.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/codec/next_url.hpp>
#include <catena/codec/retry_after.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace probe {

namespace json = boost::json;

using namespace std::chrono_literals;

namespace {

// A connector that is whole but for what probing is to find.
void check(const catena::request_rule& r)
{
    catena::connector c("probe", r.url);
    c.request = r;
    c.next.from.push_back(catena::token_source::counter(0, catena::token_source::stride::records));
    c.next.to.emplace_back(catena::token_target::place::query, "catena-probe");
    c.end.emplace_back(catena::end_rule::kind::empty_page);
    std::string all;
    for (const catena::connector_flaw& f : catena::validate(c))
        all += (all.empty() ? "" : "; ") + f.what + ": " + f.mend;
    if (!all.empty()) throw std::invalid_argument(all);
    std::vector<catena::connector_file_flaw> flaws;
    if (catena::load_connector(catena::to_json(c), flaws)) return;
    for (const catena::connector_file_flaw& f : flaws)
        all += (all.empty() ? "" : "; ") + f.what + ": " + f.mend;
    throw std::invalid_argument(all);
}

bool is_good(const answer& a) { return a.status >= 200 && a.status < 300; }

std::string_view header_of(const answer& a, std::string_view name)
{
    for (const catena::header_field& h : a.headers)
        if (catena::equal_ignoring_case(h.name, name)) return h.value;
    return {};
}

// Whether a document is an error in spite of its status.
bool reports_error(const json::value& root)
{
    const json::object* o = root.if_object();
    if (o == nullptr) return false;
    for (const char* name : {"ok", "success"}) {
        const json::value* v = o->if_contains(name);
        if (v != nullptr && v->is_bool() && !v->get_bool()) return true;
    }
    for (const char* name : {"error", "errors"}) {
        const json::value* v = o->if_contains(name);
        if (v == nullptr || v->is_null()) continue;
        if (v->is_bool()     ? v->get_bool()
            : v->is_array()  ? !v->get_array().empty()
            : v->is_object() ? !v->get_object().empty()
            : v->is_string() ? !v->get_string().empty()
                             : whole(*v).value_or(1) != 0)
            return true;
    }
    return false;
}

}  // namespace

machine::machine(wish w) : wish_(std::move(w)), first_(wish_.request)
{
    check(first_);
    ask a;
    a.request = first_;
    a.purpose = "page 1";
    send(stage::first, std::move(a));
}

machine::~machine() = default;

void machine::send(stage s, ask a)
{
    stage_ = s;
    next_ = std::move(a);
    pause_ = {};
    ++out_.requests;
}

void machine::refuse(const std::string& why)
{
    stage_ = stage::done;
    next_.reset();
    out_.refusal = why;
}

void machine::refuse_words(const std::string& why)
{
    out_.wrong_words = true;
    refuse(why);
}

void machine::on_failure(const std::string& detail)
{
    // What was found before stands; a question more is left open.
    if (stage_ == stage::first || stage_ == stage::smaller || stage_ == stage::trying) {
        out_.refused_by_server = true;
        return refuse("the server did not answer: " + detail);
    }
    out_.unknown.push_back({"one request was not answered", detail});
    look_further();
}

// A wait that the server asks for is kept once.
bool machine::put_off(const answer& a, catena::wall_time received)
{
    if ((a.status != 429 && a.status != 503) || put_off_ || !may_ask()) return false;
    const std::string_view values[] = {header_of(a, "Retry-After")};
    const auto wait = catena::read_retry_after(values, header_of(a, "Date"), received);
    constexpr catena::duration longest = 60s;
    if (values[0].empty() || !wait || *wait > longest) return false;
    put_off_ = true;
    send(stage_, ask(*next_));
    pause_ = std::max<catena::duration>(*wait, 1s);
    return true;
}

bool machine::follow_redirect(const answer& a)
{
    const bool moved =
        a.status == 301 || a.status == 302 || a.status == 303 || a.status == 307 || a.status == 308;
    const std::string_view to = header_of(a, "Location");
    if (!moved || to.empty() || !may_ask()) return false;
    catena::url_refusal why{};
    const auto where = catena::resolve_next(first_.url, to, {}, why);
    if (!where || where->same_page) return false;
    catena::request_rule moved_to = first_;
    moved_to.url = where->text();
    try {
        check(moved_to);
    } catch (const std::invalid_argument&) {
        return false;
    }
    first_ = std::move(moved_to);
    ask again;
    again.request = first_;
    again.purpose = "page 1, where the server redirects to";
    send(stage::first, std::move(again));
    out_.findings.push_back({"request.url", shown(path_of(first_.url)),
                             "the server redirects there with status " + std::to_string(a.status),
                             confidence::certain});
    return true;
}

void machine::refuse_status(const answer& a)
{
    out_.refused_by_server = true;
    const std::string status = "the server answered " + std::to_string(a.status);
    if (a.status == 401 || a.status == 403)
        return refuse(status +
                      ": it wants credentials, or others; name them as in --header "
                      "'Authorization: {\"$env\": \"TOKEN\", \"prefix\": \"Bearer \"}'");
    if (a.status == 404 || a.status == 410) return refuse(status + ": check the URL's path");
    if (a.status == 405)
        return refuse(status +
                      ": it takes no GET here; probe cannot ask with other methods, "
                      "docs/connectors.md tells how to describe them by hand");
    if (a.status == 429)
        return refuse(status + ": too many requests; try later, with Retry-After in mind");
    if (a.status >= 300 && a.status < 400)
        return refuse(status +
                      ": it leads elsewhere, and not to where credentials may go; give "
                      "the URL that it leads to");
    if (a.status >= 500) return refuse(status + ": it is in trouble; try later");
    refuse(status +
           ": the request lacks something, or has too much; the API's documentation "
           "tells which parameters it needs");
}

std::unique_ptr<page> machine::read(answer a, std::string& why) const
{
    if (!is_good(a)) {
        why = "answered " + std::to_string(a.status);
        return nullptr;
    }
    const std::string url = next_->at.empty() ? next_->request.url : next_->at;
    auto p =
        read_page(std::move(a), url, one_ && one_->format == catena::page_format::json_lines, why);
    if (p) settle(*p, records_at_);
    return p;
}

void machine::on_answer(answer a, catena::wall_time received)
{
    if (put_off(a, received)) return;
    switch (stage_) {
        case stage::first: return on_first(std::move(a));
        case stage::smaller: return on_smaller(std::move(a));
        case stage::trying: return on_second(std::move(a));
        case stage::base: return on_base(std::move(a));
        case stage::behind: return on_behind(std::move(a));
        case stage::farther: return on_farther(std::move(a));
        case stage::larger: return on_larger(std::move(a));
        case stage::third: return on_third(std::move(a));
        case stage::done: break;
    }
}

void machine::on_first(answer a)
{
    if (follow_redirect(a)) return;
    if (!is_good(a)) return refuse_status(a);
    std::string why;
    one_ = read(std::move(a), why);
    if (!one_) return refuse(why);
    if (plain(path_of(first_.url)).ends_with("graphql"))
        return refuse(
            "a GraphQL endpoint cannot be probed, since its query says what a page is; "
            "begin with samples/connectors/graphql_relay.json");
    if (reports_error(one_->root)) {
        out_.refused_by_server = true;
        return refuse("the answer has status 200 and reports an error; look at it with curl");
    }
    if (choose_records() && take_key()) after_first();
}

bool machine::choose_records()
{
    if (wish_.records) {
        settle(*one_, *wish_.records);
        if (one_->records == nullptr) {
            refuse_words("--records: there is no array at " + shown(*wish_.records));
            return false;
        }
        records_at_ = *wish_.records;
        out_.findings.push_back({"records", shown(records_at_), "as you say", confidence::certain});
        return true;
    }
    const std::vector<candidate> all = find_records(*one_);
    const bool clear = !all.empty() && (all[0].objects || all[0].size > 0);
    const std::string map = clear && all[0].objects ? std::string() : find_map(*one_);
    if (!map.empty()) {
        refuse("the records seem to be the values of an object, " + shown(map) +
               "; probe cannot find its way from there, but a connector can be written for it "
               "(docs/connectors.md, records, \"shape\": \"map\")");
        return false;
    }
    if (all.empty() || all[0].score < 0) {
        refuse(
            "there is no array of records in the answer; name the place with --records POINTER, "
            "or ask for a list");
        return false;
    }
    if (all[0].size == 0) {
        refuse("the list at " + (all[0].at.empty() ? std::string("the root") : shown(all[0].at)) +
               " is empty, and an empty list shows nothing; ask for one that has records");
        return false;
    }
    settle(*one_, all[0].at);
    records_at_ = all[0].at;
    finding f;
    f.part = "records";
    f.value = records_at_.empty() ? "\"\"" : shown(records_at_);
    f.evidence = counted(all[0].size, "record") +
                 (all[0].objects ? ", objects of like members" : ", plain values");
    f.sure = all[0].objects ? confidence::certain : confidence::likely;
    std::string rivals;
    for (std::size_t i = 1; i < all.size() && rivals.size() < 100; ++i)
        if (all[i].objects && all[i].score > all[0].score - 400)
            rivals += (rivals.empty() ? "" : ", ") + shown(all[i].at);
    if (!rivals.empty()) {
        f.sure = confidence::likely;
        f.evidence += "; another list at " + rivals + " (--records overrules)";
    }
    out_.findings.push_back(std::move(f));
    return true;
}

// A wrong key would make every page look like another one, and the token would get the blame.
bool machine::take_key()
{
    if (wish_.key.empty()) return true;
    const std::string flaw = flaw_of_key(*one_->records, wish_.key);
    if (!flaw.empty()) refuse_words(flaw);
    return flaw.empty();
}

void machine::after_first()
{
    ways_ = find_ways(*one_, first_, wish_.parameter, out_.unknown);
    const std::vector<candidate> all = find_records(*one_);
    const bool led = !ways_.empty() && (ways_[0].by_url() || !ways_[0].counts());
    if (!led && !wish_.records && is_one_record(*one_, all.front()))
        return refuse(
            "this looks like one record, not a list of them; give the URL of the list, or "
            "name the place of the records with --records POINTER");
    if (!ways_.empty()) return try_way();

    // All on one page: a smaller one shows how the next is asked for.
    const std::optional<size_place> size = find_size(*one_);
    if (size && size->in_url && one_->size() > 1 && may_ask()) {
        users_size_ = size->value;
        ask a;
        a.request = first_;
        const std::string half = std::to_string(one_->size() / 2);
        a.request.url = with_parameter(first_.url, size->parameter, half);
        a.purpose = "page 1 with fewer records, since one page holds them all";
        return send(stage::smaller, std::move(a));
    }
    refuse(
        "nothing in page 1 leads to a page 2: no Link header, no token, no next URL, no page "
        "number. Perhaps these are all records; else ask for fewer at once (as with ?limit=" +
        std::to_string(std::max<std::size_t>(one_->size() / 2, 1)) +
        "), or add the first page's number or offset to the URL");
}

}  // namespace probe
