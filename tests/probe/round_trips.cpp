// The proof of a proposal: a server under each contract of samples/connectors is probed, what is
// proposed is walked, and the records are compared with the server's own.
#include "probe/words.hpp"
#include "probed.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"
#include <catena/catena.hpp>
#include <catena/testing/api_model.hpp>
#include <catena/testing/dataset.hpp>
#include <catena/testing/mock_api.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

using namespace catena;
using namespace catena::testing;

namespace {

enum class outcome { right, refused, stopped, wrong };

struct trip {
    outcome is = outcome::wrong;
    std::string why;
    std::size_t requests = 0;
};

// What a user would copy from the API's documentation: the URL of the first page. Credentials stay
// references.
probe::wish first_page(const connector& c, bool with_size)
{
    probe::wish w;
    w.request = c.request;
    w.request.query.clear();
    for (const auto& [name, value] : c.request.query)
        if (value.is_secret())
            w.request.query.emplace_back(name, value);
        else
            w.request.url = probe::with_parameter(w.request.url, name, value.value);
    if (!with_size) return w;
    if (c.page_size.to.to == token_target::place::query && !c.page_size.to.at.empty())
        w.request.url = probe::with_parameter(w.request.url, c.page_size.to.at,
                                              std::to_string(c.page_size.value));
    for (std::size_t i = 0; i < c.next.from.size(); ++i)
        if (c.next.from[i].from == token_source::place::counter)
            w.request.url = probe::with_parameter(w.request.url, c.next.to[i].at,
                                                  std::to_string(c.next.from[i].start));
    return w;
}

trip round_trip(const connector& described, const behaviour& how, bool with_size,
                std::size_t records)
{
    connector c = described;
    if (c.page_size.value != 0) c.page_size.value = 10;
    c.page_size.max = 0;
    c.limits = {};
    const auto rows = make_dataset(c, dataset_options(records, 7));
    const mock_api api(c, rows, how);
    c = api.described(c);
    api_model model(c, rows, how);
    const probed p = probe_with(
        [&](const http_request& ask, const arrival& at) { return model.answer(ask, at); },
        first_page(c, with_size));
    trip out;
    out.requests = p.asked.size();
    CHECK(p.asked.size() <= 4);
    if (!p.is.is) {
        out.is = outcome::refused;
        out.why = p.is.refusal;
        return out;
    }
    std::vector<std::string> got;
    engine_options services;
    services.secrets = [](setting::source, const std::string&) {
        return std::optional<secret>(secret("canary-secret"));
    };
    try {
        collect(
            *p.is.is,
            [&](const page& one) {
                for (const std::string_view record : one.records())
                    got.emplace_back(record);
            },
            services);
        out.is = got == model.records() ? outcome::right : outcome::wrong;
        if (out.is == outcome::wrong) out.why = p.text;
    } catch (const failure& f) {
        out.is = outcome::stopped;
        out.why = f.what();
    }
    return out;
}

std::string text_of(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<connector> sample_contracts()
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(CATENA_SOURCE_DIR "/samples/connectors"))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<connector> out;
    for (const auto& file : files) {
        connector c = load_connector(text_of(file));
        c.name = file.stem().string();
        if (c.request.method == "GET" && c.format != page_format::xml) out.push_back(std::move(c));
    }
    return out;
}

/* What is not right without an edit, and why.

   okta_log: the last page has a next link too. Page 1 and 2 of a bare URL look like those of any
   other API with links, so the end cannot be known. The walk asks for 100 empty pages and stops
   with an error: nothing is lost, and `end` needs the edit "empty_page".
*/
const std::map<std::string, outcome> exceptions = {{"okta_log", outcome::stopped}};

void score(const std::vector<connector>& all, bool with_size, const behaviour& how,
           std::size_t records, const std::string& title)
{
    std::map<outcome, std::size_t> counts;
    for (const connector& c : all) {
        const trip v = round_trip(c, how, with_size, records);
        ++counts[v.is];
        INFO(c.name << ": " << v.why);
        CHECK(v.is != outcome::wrong);
        const auto known = exceptions.find(c.name);
        const bool expected = !with_size && known != exceptions.end() && known->second == v.is;
        CHECK((v.is == outcome::right || expected));
    }
    std::cout << title << ": " << counts[outcome::right] << " of " << all.size()
              << " right without an edit, " << counts[outcome::refused]
              << " refused with a reason, " << counts[outcome::stopped]
              << " stopped with an error at the end, " << counts[outcome::wrong] << " wrong\n";
}

}  // namespace

TEST_CASE("what is proposed for the sample connectors' servers fetches all of their records",
          "[probe]")
{
    behaviour how;
    how.page_size = 10;
    score(sample_contracts(), true, how, 57, "probe then run");
}

TEST_CASE("a bare URL is enough for most servers of the sample connectors", "[probe]")
{
    behaviour how;
    how.page_size = 10;
    score(sample_contracts(), false, how, 57, "probe then run, bare URLs");
}

TEST_CASE("no proposal loses a record in silence, whatever the server does with its room",
          "[probe][P1][P5][P13]")
{
    std::map<outcome, std::size_t> counts;
    std::vector<connector> all = sample_contracts();
    for (connector& c : contracts())
        if (c.request.method == "GET") all.push_back(std::move(c));
    for (const connector& c : all)
        for (const std::size_t records : {3u, 10u, 11u, 20u, 41u})
            for (const bool with_size : {true, false}) {
                behaviour how;
                how.page_size = 10;
                how.urls =
                    records % 2 == 1 ? behaviour::url_form::path : behaviour::url_form::query;
                how.tokens_first = records > 10;
                how.end_by = records == 20 ? c.end.size() - 1 : 0;
                how.token_after_end = records == 11;
                how.largest_page = records == 41 ? 15 : 1000;
                const trip v = round_trip(c, how, with_size, records);
                ++counts[v.is];
                INFO(c.name << ", " << records << " records: " << v.why);
                CHECK(v.is != outcome::wrong);
                // Ten records are one page, which shows no way to another.
                if (records > 10) CHECK(v.is != outcome::refused);
                if (v.is == outcome::stopped) CHECK(c.name == "okta_log");
            }
    std::cout << "probe then run, varied: " << counts[outcome::right] << " right, "
              << counts[outcome::refused] << " refused, " << counts[outcome::stopped]
              << " stopped with an error, " << counts[outcome::wrong] << " wrong\n";
}
