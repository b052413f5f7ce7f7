// Walks over servers that answer in XML, against which nothing here was written but these answers.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/sample_connector.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

connector sample(const std::string& name)
{
    connector c = sample_connector(name);
    c.request.url = "http://xml.example.com/list";
    return c;
}

/// The value of a query parameter, and whether it is there.
std::string parameter(const http_request& r, const std::string& name, bool* there = nullptr)
{
    for (const char* before : {"?", "&"}) {
        const std::size_t at = r.target.find(before + name + "=");
        if (at == std::string::npos) continue;
        if (there != nullptr) *there = true;
        const std::size_t begin = at + name.size() + 2;
        return r.target.substr(begin, r.target.find('&', begin) - begin);
    }
    return {};
}

struct xml_server {
    std::size_t pages = 5;
    std::vector<std::string> asked;
    std::function<bool(std::size_t page, std::string& body)> spoil = [](auto, auto&) {
        return false;
    };

    static std::string record(std::size_t page, std::size_t n)
    {
        const std::string id = std::to_string(page) + "-" + std::to_string(n);
        return "<record><header><identifier>oai:" + id +
               "</identifier></header><x>&amp;</x></record>";
    }

    scripted_answer answer(const http_request& r)
    {
        asked.push_back(r.target);
        bool resumed = false;
        const std::string token = parameter(r, "resumptionToken", &resumed);
        const std::size_t page = resumed ? std::stoul(token.substr(token.find("p") + 1)) : 0;
        std::string list;
        for (std::size_t n = 0; n < 3; ++n)
            list += record(page, n);
        list += "<resumptionToken cursor='0'>" +
                (page + 1 < pages ? "a&amp;/p" + std::to_string(page + 1) : std::string()) +
                "</resumptionToken>";
        std::string body =
            "<?xml version='1.0'?><OAI-PMH><ListRecords>" + list + "</ListRecords></OAI-PMH>";
        (void)spoil(page, body);
        return scripted_answer(200, body);
    }

    harvest walk_all(connector c, std::uint64_t seed = 1)
    {
        sim time(seed);
        fake_transport_options o;
        o.seed = seed;
        fake_transport wire(
            time.get_executor(), time,
            [this](const http_request& r, const arrival&) { return answer(r); }, o);
        engine_options options;
        options.seed = seed;
        engine on(time.get_executor(), wire, time, options);
        chain way(on, std::move(c));
        harvest out;
        boost::asio::co_spawn(time.get_executor(), gather(way, out), boost::asio::detached);
        time.run();
        return out;
    }
};

std::vector<std::string> truth(std::size_t pages)
{
    std::vector<std::string> all;
    for (std::size_t page = 0; page < pages; ++page)
        for (std::size_t n = 0; n < 3; ++n)
            all.push_back(xml_server::record(page, n));
    return all;
}

}  // namespace

TEST_CASE("a repository is harvested whole, whatever pieces its pages come in", "[sim][xml]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 6u));
    CAPTURE(seed);
    xml_server server;
    const harvest h = server.walk_all(sample("oai_pmh"), seed);
    INFO(h.why.text());
    CHECK(h.records == truth(5));
    REQUIRE(server.asked.size() == 5);
    CHECK(server.asked[1] == "/list?verb=ListRecords&resumptionToken=a%26%2Fp1");
}

TEST_CASE("a dead resumption token in a 200 is recovered from, every record once", "[sim][xml][P6]")
{
    xml_server server;
    bool died = false;
    server.spoil = [&](std::size_t page, std::string& body) {
        if (page != 3 || died) return false;
        died = true;
        body = "<OAI-PMH><error code='badResumptionToken'>gone</error></OAI-PMH>";
        return true;
    };
    const harvest h = server.walk_all(sample("oai_pmh"));
    INFO(h.why.text());
    CHECK(h.records == truth(5));
    CHECK(server.asked.size() == 9);
}

TEST_CASE("an XML page that lost its token, or tells an error, stops the walk",
          "[sim][xml][P1][C10]")
{
    struct row {
        const char* from;
        const char* to;
        errc code;
        const char* named;
    };
    const std::vector<row> table{
        {"resumptionToken", "resumeToken", errc::schema_drift, "/OAI-PMH/ListRecords/resumeToken"},
        {"ListRecords", "Records", errc::schema_drift, "/OAI-PMH/Records/resumptionToken"},
        {"<OAI-PMH>", "<OAI-PMH><error code='odd'/>", errc::error_in_page, ""},
        {"OAI-PMH>", "oai>", errc::records_missing, ""},
        {"</ListRecords>", "", errc::malformed_xml, "mismatched tag"},
    };
    for (const row& r : table) {
        CAPTURE(r.from);
        xml_server server;
        server.spoil = [&](std::size_t page, std::string& body) {
            if (page != 2) return false;
            const std::string from = r.from;
            for (std::size_t at = body.find(from); at != std::string::npos;
                 at = body.find(from, at + std::string(r.to).size()))
                body.replace(at, from.size(), r.to);
            return true;
        };
        const harvest h = server.walk_all(sample("oai_pmh"));
        INFO(h.why.text());
        CHECK(h.why.code == r.code);
        CHECK(h.why.text().find(r.named) != std::string::npos);
        CHECK(h.records == truth(2));
    }
}
