// The proposal, out of all that was seen.
#include "machine.hpp"
#include "reading.hpp"
#include "words.hpp"
#include <catena/codec/connector_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <utility>

namespace probe {

namespace json = boost::json;

using catena::connector;
using catena::end_rule;
using catena::token_source;
using kind = catena::end_rule::kind;

namespace {

std::string name_of(const std::string& url)
{
    const std::size_t host = url.find("://") + 3;
    return shown(std::string_view(url).substr(host, url.find_first_of("?#", host) - host));
}

std::string text_of(const key_proposal& k)
{
    std::string out;
    for (const catena::key_field& f : k.fields)
        out += (out.empty() ? "" : ", ") +
               (f.at.empty() ? std::string("the record itself") : shown(f.at));
    if (k.sorted == catena::order::none) return out;
    return out + (k.sorted == catena::order::ascending ? ", ascending" : ", descending") +
           (k.ties ? ", ties" : "");
}

}  // namespace

void machine::put_key(connector& c)
{
    json::array rest;
    for (std::size_t i = again_; i < two_->size(); ++i)
        rest.push_back((*two_->records)[i]);
    const json::array* const pages[] = {one_->records, &rest};
    const key_proposal k = find_key(pages, wish_.key);
    c.key = k.fields;
    c.sorted = k.sorted;
    c.ties = k.ties;
    if (k.fields.empty()) {
        out_.unknown.push_back({"what identifies a record",
                                "look for a field that is never the same in two records and name "
                                "it with --key; without one a record that comes twice passes"});
        return;
    }
    finding f;
    f.part = "key";
    f.value = text_of(k);
    f.evidence = wish_.key.empty() ? "all of " + counted(k.records, "record") + " differ in it"
                                   : "as you say";
    f.sure = wish_.key.empty() ? confidence::likely : confidence::certain;
    if (!k.rivals.empty()) f.evidence += "; so they do in " + shown(k.rivals.front());
    if (k.sorted != catena::order::none) f.evidence += "; sorted by it on both pages";
    out_.findings.push_back(std::move(f));
}

void machine::put_next(connector& c)
{
    const way& w = ways_[way_];
    c.next.from = w.from;
    c.next.to = w.to;
    c.next.drop = w.drop;
    c.next.inclusive = inclusive_;
    c.next.may_repeat = w.may_repeat;
    if (w.counts()) c.request.url = without_parameter(c.request.url, w.to[0].at);
    finding f;
    f.part = "next";
    f.value = to_text(w);
    f.evidence = w.evidence + "; " +
                 counted(two_->size() - std::min(again_, two_->size()), "other record") +
                 " came as page 2";
    f.sure = confidence::certain;
    if (w.overlaps) f.evidence += ", right behind those of page 1";
    if (w.counts() && !w.overlaps) f.sure = confidence::likely;
    if (two_->size() == 0) f.sure = confidence::likely;
    if (inclusive_) f.evidence += "; it begins with page 1's last record";
    out_.findings.push_back(std::move(f));
    tell_lost_parameters(w);
    const bool given = parameter_of(wish_.request.url, w.to[0].at).has_value();
    if (w.counts() && given && w.from[0].start > 0)
        out_.unknown.push_back({"whether records stand before " + shown(w.to[0].at) + "=" +
                                    std::to_string(w.from[0].start),
                                "the walk begins where your URL does; give the first page's URL if "
                                "this is not it"});
}

// A next URL that leaves out a filter leads to other records.
void machine::tell_lost_parameters(const way& w)
{
    std::string lost;
    for (const parameter& each : parameters_of(first_.url))
        if (w.by_url() && !parameter_of(two_->url, each.name))
            lost += (lost.empty() ? "" : ", ") + shown(each.name);
    if (!lost.empty())
        out_.unknown.push_back({"whether page 2 is of the same query: its URL lacks " + lost,
                                "compare a record of page 2 with what you asked for"});
}

// How the end looks where a token, a next URL or a flag tells it.
void machine::put_token_end(connector& c)
{
    const way& w = ways_[way_];
    finding f;
    f.part = "end";
    if (w.from[0].at == "/nextCursorMark") {
        c.end.emplace_back(kind::same_token);
        f.value = "same_token";
        f.evidence = "a cursor mark comes again at the end";
        f.sure = confidence::likely;
    } else if (w.from[0].at == "/last_seq") {
        end_rule done(kind::sign);
        done.when.body = "/pending";
        done.when.equals = "0";
        c.end = {end_rule(kind::empty_page), done};
        f.value = "empty_page, pending 0";
        f.evidence = "a feed of CouchDB has a next sequence always, and says what is pending";
        f.sure = confidence::likely;
    } else if (w.may_repeat) {
        c.end.emplace_back(kind::empty_page);
        f.value = "empty_page";
        f.evidence = "a scroll has an id on its last page too";
        f.sure = confidence::likely;
    } else if (w.by_record()) {
        c.end.emplace_back(kind::empty_page);
        if (inclusive_) c.end.emplace_back(kind::same_token);
        f.value = "empty_page";
        f.evidence = "the token is a record's own, so only a page without one has none";
        f.sure = confidence::likely;
    } else if (empty_keeps_token_) {
        c.end.emplace_back(kind::empty_page);
        f.value = "empty_page";
        f.evidence = "a page was empty and had a token all the same";
        f.sure = confidence::likely;
    } else {
        f = absence_end(c);
    }
    out_.findings.push_back(std::move(f));
}

/* The token's absence. In the form that was seen on a last page, or in any: what else could be
   meant by a token that is not there? A renamed one is noticed by the reader. */
finding machine::absence_end(connector& c)
{
    const way& w = ways_[way_];
    finding f;
    f.part = "end";
    const auto ended = [&](const page* p) {
        return p != nullptr && p->records != nullptr &&
               std::none_of(w.from.begin(), w.from.end(),
                            [&](const token_source& s) { return token_in(s, *p).has_value(); });
    };
    const page* last = ended(last_.get()) ? last_.get() : ended(two_.get()) ? two_.get() : nullptr;
    if (w.from[0].from != token_source::place::body) {
        c.end.emplace_back(kind::missing);
        if (w.from[0].from == token_source::place::header) c.end.emplace_back(kind::empty_string);
        f.value = "missing";
    } else if (last != nullptr) {
        const json::value* v =
            w.from[0].where_at.empty() ? find(last->root, w.from[0].at) : nullptr;
        const kind form = v == nullptr   ? kind::missing
                          : v->is_null() ? kind::null
                                         : kind::empty_string;
        c.end.emplace_back(form);
        f.value = form == kind::missing ? "missing" : form == kind::null ? "null" : "empty_string";
    } else {
        c.end = {end_rule(kind::missing), end_rule(kind::null), end_rule(kind::empty_string)};
        f.value = "missing, null, empty_string";
    }
    f.sure = last != nullptr ? confidence::certain : confidence::likely;
    f.evidence = last != nullptr ? "the last page was seen, and has no token"
                                 : "both pages have a token; the last page was not seen";
    if (last == nullptr)
        out_.unknown.push_back(
            {"how the last page looks",
             "the documentation of the API's end of a list; if its last page has a "
             "token too, the walk stops with an error and loses nothing"});
    return f;
}

// A boolean that said "more" on page 1, and still agrees with the token on page 2.
bool machine::put_flag(connector& c)
{
    const way& w = ways_[way_];
    const std::optional<flag> on_one = find_flag(*one_);
    const std::optional<flag> on_two = find_flag(*two_);
    if (!on_one || !on_two || on_one->now_ends || on_two->at != on_one->at) return false;
    const bool token = w.counts() || w.by_record() ||
                       std::any_of(w.from.begin(), w.from.end(), [&](const token_source& s) {
                           return token_in(s, *two_).has_value();
                       });
    if (!on_two->now_ends && (!token || two_->size() == 0)) return false;
    const std::optional<flag> on_last = last_ ? find_flag(*last_) : std::nullopt;
    const bool seen = on_two->now_ends || (on_last && on_last->now_ends);
    c.end.emplace_back(on_one->at_end ? kind::flag_true : kind::flag_false, on_one->at);
    out_.findings.push_back(
        {"end", std::string(on_one->at_end ? "true " : "false ") + shown(on_one->at),
         seen ? "it was seen on a page with more behind it and on the last one"
              : "it says that more follows, as it does; the last page was not seen",
         seen ? confidence::certain : confidence::likely});
    return true;
}

// How the end looks for offsets and page numbers, which never run out by themselves.
void machine::put_counter_end(connector& c)
{
    const bool records_total = total_ && total_->rule.counts == catena::total_rule::unit::records;
    // A total like 10,000 may be where the server stops counting. Where records stand behind it, it
    // is none.
    const bool total_ends = total_ && (!records_total || total_->value % 1000 != 0) &&
                            behind_ != after_end::not_looked && behind_ != after_end::records;
    finding f{"end", "empty_page", "nothing else names the end; costs one request more",
              confidence::guess};
    c.end.emplace_back(kind::empty_page);
    const std::string status = "the server answers " + std::to_string(behind_status_);
    if (behind_ == after_end::empty && ways_[way_].rounds() && total_ends) {
        // The offset behind a short last page would bring that page again.
        c.end.insert(c.end.begin(), end_rule(kind::total));
        f = {"end", "total, empty_page", "the server rounds offsets down to whole pages",
             confidence::likely};
    } else if (behind_ == after_end::empty) {
        f.evidence = "behind the last page the server answers with an empty one";
        f.sure = confidence::certain;
    } else if (total_ends) {
        c.end.insert(c.end.begin(), end_rule(kind::total));
        f.value = "total, empty_page";
        f.evidence = behind_ == after_end::status   ? "right behind the total " + status
                     : behind_ == after_end::absent ? "right behind the total there is no list"
                                                    : "behind the total the last page comes again";
        f.sure = confidence::likely;
    } else if (behind_ != after_end::not_looked) {
        out_.unknown.push_back(
            {"how the end looks",
             (behind_ == after_end::status   ? "far away " + status
              : behind_ == after_end::absent ? "far away there is no list"
                                             : "far away there are still records") +
                 "; if that is so right behind the last page, the walk stops there with an error "
                 "and has lost nothing; docs/connectors.md, end, tells what to add"});
    }
    out_.findings.push_back(std::move(f));
}

void machine::put_size(connector& c)
{
    const std::optional<size_place> size = find_size(*one_);
    if (!size || (!size->in_url && !larger_size_)) {
        out_.unknown.push_back(
            {"how many records a page may have",
             "the API's documentation; name the parameter in `page_size`, larger "
             "pages need fewer requests"});
        return;
    }
    catena::token_target to(catena::token_target::place::query, size->parameter);
    c.page_size.to = to;
    c.page_size.value = users_size_ ? *users_size_ : size->in_url ? size->value : *larger_size_;
    c.request.url = without_parameter(c.request.url, size->parameter);
    finding f;
    f.part = "page_size";
    f.value = shown(size->parameter) + " = " + std::to_string(c.page_size.value);
    f.evidence = size->evidence;
    f.sure = confidence::certain;
    const std::uint32_t asked = c.page_size.value;
    if (larger_size_)
        f.evidence = "asked for " + std::to_string(large_page) + " by it, " +
                     counted(large_came_, "record") + " came, and page 1 among them";
    else if (!users_size_ && one_->size() < asked && two_->size() > again_)
        f.evidence += ", though more follow: it may be the most at once";
    if (capped_ && large_came_ >= asked) c.page_size.max = *larger_size_;
    if (c.page_size.max == 0)
        out_.unknown.push_back({"the largest page size", "the API's documentation"});
    out_.findings.push_back(std::move(f));
}

void machine::put_limits()
{
    const std::size_t known = known_quotas(*one_);
    if (known > 0)
        out_.findings.push_back({"limits", counted(known, "quota"),
                                 "the answer tells them in fields that catena reads by itself",
                                 confidence::certain});
    const std::vector<std::string> fields = unknown_quota_fields(*one_);
    std::string all;
    for (const std::string& each : fields)
        all += (all.empty() ? "" : ", ") + each;
    if (!all.empty())
        out_.unknown.push_back(
            {"what " + all + " says", "if it is a quota of requests, name it in `limits.signals`"});
    if (known == 0)
        out_.unknown.push_back(
            {"how many requests are allowed",
             "the API's documentation; name them in `limits.policies`, else catena "
             "learns from refusals"});
}

void machine::finish()
{
    stage_ = stage::done;
    next_.reset();
    connector c(name_of(first_.url), first_.url);
    c.request = first_;
    c.format = one_->format;
    c.records.at = records_at_;
    put_key(c);
    put_next(c);
    if (!put_flag(c)) ways_[way_].counts() ? put_counter_end(c) : put_token_end(c);
    put_size(c);
    if (total_) {
        c.total = total_->rule;
        out_.findings.push_back({"total", std::to_string(total_->value),
                                 "at " + shown(total_->rule.at) +
                                     ", the same on both pages; the "
                                     "audit compares it with what came",
                                 confidence::likely});
    }
    put_limits();
    if (!ways_[way_].counts())
        out_.unknown.push_back({"whether and when tokens expire",
                                "the API's documentation; `expiry` then tells how to go on, by a "
                                "filter on the key if there is one"});
    out_.unknown.push_back({"whether the server stops at some depth",
                            "the API's documentation; 10,000 records is usual. A total that is not "
                            "reached shows it"});
    prove(std::move(c));
}

// What is proposed reads both pages as a run would, and stands in a file that can be loaded.
void machine::prove(connector c)
{
    std::string flaw;
    for (const catena::connector_flaw& each : catena::validate(c))
        flaw += (flaw.empty() ? "" : "; ") + each.pointer + ": " + each.what;
    if (flaw.empty()) {
        std::vector<catena::connector_file_flaw> flaws;
        const auto again = catena::load_connector(catena::to_json(c), flaws);
        for (const catena::connector_file_flaw& each : flaws)
            flaw += (flaw.empty() ? "" : "; ") + each.text();
        if (again && !(*again == c)) flaw = "it does not come back from its file as it was";
    }
    for (const page* p : {one_.get(), two_.get()})
        if (flaw.empty()) flaw = flaw_in_reading(c, *p, p == one_.get());
    if (!flaw.empty()) return refuse("what was found does not fit together: " + flaw);
    out_.is = std::move(c);
}

}  // namespace probe
