#include "contracts.hpp"

#include <stdexcept>
#include <utility>

namespace catena::testing {

namespace {

using to = token_target::place;
using from = token_source::place;
using end = end_rule::kind;

connector base(const char* name, const char* records, const char* key,
               const char* path = "/v1/items")
{
    connector c(name, std::string("https://api.example.com") + path);
    c.records = records_rule(records);
    if (*key != '\0') c.key = {key_field(key)};
    c.sorted = order::ascending;
    c.page_size.value = 7;
    c.page_size.to = token_target(to::query, "limit");
    return c;
}

void token(connector& c, from where, const char* at, to target, const char* name)
{
    c.next.from.emplace_back(where, at);
    c.next.to.emplace_back(target, name);
}

connector with(connector c, from where, const char* at, to target, const char* name,
               std::vector<end_rule> ends)
{
    token(c, where, at, target, name);
    c.end = std::move(ends);
    return c;
}

void rebuilt_by(connector& c, const char* parameter,
                recovery_rule::bound b = recovery_rule::bound::exclusive)
{
    c.expiry.recover.by = recovery_rule::method::rebuild;
    c.expiry.recover.to = {token_target(to::query, parameter)};
    c.expiry.recover.includes = b;
}

std::vector<connector> by_query()
{
    std::vector<connector> all;
    connector google = with(base("google", "/items", "/id"), from::body, "/nextPageToken",
                            to::query, "pageToken", {end::missing, end::empty_string});
    google.request.query = {{"q", "state:open & more"}, {"fields", "*"}};
    rebuilt_by(google, "after");
    all.push_back(google);

    connector stripe = with(base("stripe", "/data", "/id"), from::last_record, "/id", to::query,
                            "starting_after", {{end::flag_false, "/has_more"}});
    stripe.key = {key_field("/id", key_type::text)};
    stripe.sorted = order::descending;
    all.push_back(stripe);

    connector slack =
        with(base("slack", "/members", "/id"), from::body, "/response_metadata/next_cursor",
             to::query, "cursor", {end::empty_string, end::missing, end::null});
    slack.expiry.signs.emplace_back();
    slack.expiry.signs[0].body = "/error";
    slack.expiry.signs[0].equals = "invalid_cursor";
    all.push_back(slack);

    connector wiki = with(base("mediawiki", "/query/pages", "/pageid"), from::body, "/continue",
                          to::query, "*", {end::missing});
    wiki.records.as = records_rule::shape::map;
    all.push_back(wiki);

    connector kubernetes = with(base("kubernetes", "/items", "/metadata/name"), from::body,
                                "/metadata/continue", to::query, "continue", {end::empty_string});
    kubernetes.key = {key_field("/metadata/name", key_type::text)};
    kubernetes.request.query = {{"resourceVersion", "0"}, {"watch", "false"}};
    kubernetes.next.drop = {"resourceVersion"};
    kubernetes.expiry.signs.emplace_back();
    kubernetes.expiry.signs[0].status = 410;
    kubernetes.expiry.recover.by = recovery_rule::method::token_from;
    kubernetes.expiry.recover.at = "/metadata/continue";
    all.push_back(kubernetes);

    connector solr = with(base("solr", "/response/docs", "/id"), from::body, "/nextCursorMark",
                          to::query, "cursorMark", {end::same_token});
    solr.request.query = {{"cursorMark", "*"}, {"sort", "id asc"}};
    all.push_back(solr);

    connector oai = with(base("oai", "/records", "/id"), from::body, "/resumptionToken", to::query,
                         "resumptionToken", {end::empty_string});
    oai.request.query = {{"verb", "ListRecords"}, {"metadataPrefix", "oai_dc"}};
    oai.next.exclusive = true;
    oai.next.keep = {"verb"};
    rebuilt_by(oai, "from", recovery_rule::bound::inclusive);
    all.push_back(oai);

    connector couch = with(base("couch", "/rows", "/id"), from::last_record, "/id", to::query,
                           "startkey", {end::short_page});
    couch.key = {key_field("/id", key_type::text)};
    couch.next.to[0].as = token_target::form::json;
    couch.next.inclusive = true;
    all.push_back(couch);
    return all;
}

std::vector<connector> by_counter()
{
    std::vector<connector> all;
    connector jira = base("jira", "/issues", "/id");
    jira.next.from = {token_source::counter(0, token_source::stride::records)};
    jira.next.to = {token_target(to::query, "startAt")};
    jira.end = {end::total};
    jira.total.emplace();
    jira.total->at = "/total";
    all.push_back(jira);

    connector pages = base("pages", "", "/id");
    pages.next.from = {token_source::counter(1, token_source::stride::pages)};
    pages.next.to = {token_target(to::query, "page")};
    pages.end = {end::short_page};
    pages.total.emplace();
    pages.total->from = total_rule::place::header;
    pages.total->at = "X-Total";
    all.push_back(pages);

    connector beyond = base("beyond", "/results", "/id");
    beyond.next.from = {token_source::counter(0, token_source::stride::records)};
    beyond.next.to = {token_target(to::query, "offset")};
    end_rule not_found(end::sign);
    not_found.when.status = 404;
    beyond.end = {not_found};
    all.push_back(beyond);
    return all;
}

std::vector<connector> by_url()
{
    std::vector<connector> all;
    connector github =
        with(base("github", "", "/id"), from::link, "next", to::url, "", {end::missing});
    github.request.query = {{"state", "all"}, {"labels", "a b,c/d"}};
    github.request.headers = {{"Accept", "application/json"}, {"Authorization", "Bearer x"}};
    all.push_back(github);

    all.push_back(
        with(base("okta", "", "/id"), from::link, "next", to::url, "", {end::empty_page}));

    connector salesforce = with(base("salesforce", "/records", "/Id"), from::body,
                                "/nextRecordsUrl", to::url, "", {{end::flag_true, "/done"}});
    salesforce.total.emplace();
    salesforce.total->at = "/totalSize";
    all.push_back(salesforce);

    connector fhir = with(base("fhir", "/entry", "/resource/id"), from::body, "/link", to::url, "",
                          {end::missing});
    fhir.next.from[0].where_at = "/relation";
    fhir.next.from[0].where_equals = "next";
    fhir.next.from[0].value_at = "/url";
    all.push_back(fhir);

    all.push_back(with(base("odata", "/value", "/id"), from::body, "/@odata.nextLink", to::url, "",
                       {end::missing, end::null}));
    return all;
}

std::vector<connector> by_body_and_header()
{
    std::vector<connector> all;
    connector relay = with(base("relay", "/data/viewer/items/nodes", "/id"), from::body,
                           "/data/viewer/items/pageInfo/endCursor", to::body, "/variables/after",
                           {{end::flag_false, "/data/viewer/items/pageInfo/hasNextPage"}});
    relay.request.method = "POST";
    relay.request.body = R"({"query":"query { x }","variables":{"after":null,"owner":"me"}})";
    relay.page_size.to = token_target(to::body, "/variables/first");
    all.push_back(relay);

    connector dynamo = with(base("dynamo", "/Items", "/pk/S"), from::body, "/LastEvaluatedKey",
                            to::body, "/ExclusiveStartKey", {end::missing});
    dynamo.key = {key_field("/pk/S", key_type::text)};
    dynamo.request.method = "POST";
    dynamo.request.body = R"({"TableName":"t"})";
    dynamo.page_size.to = token_target(to::body, "/Limit");
    all.push_back(dynamo);

    connector elastic = with(base("elastic", "/hits/hits", "/_id"), from::last_record, "/sort",
                             to::body, "/search_after", {end::empty_page});
    token(elastic, from::body, "/pit_id", to::body, "/pit/id");
    elastic.next.from[1].keep = true;
    elastic.request.method = "POST";
    elastic.request.body = R"({"sort":["_doc"],"pit":{"id":"opened"}})";
    elastic.page_size.to = token_target(to::body, "/size");
    all.push_back(elastic);

    connector cosmos = with(base("cosmos", "/Documents", "/id"), from::header, "x-next-row",
                            to::header, "x-row", {end::missing});
    token(cosmos, from::header, "x-next-partition", to::query, "partition");
    cosmos.next.from[1].optional = true;
    all.push_back(cosmos);

    connector kinesis = with(base("kinesis", "/Records", "/SequenceNumber"), from::body,
                             "/NextShardIterator", to::body, "/ShardIterator", {end::null});
    kinesis.request.method = "POST";
    kinesis.request.body = R"({"ShardIterator":"first"})";
    kinesis.page_size.to = token_target(to::body, "/Limit");
    kinesis.next.single_use = true;
    all.push_back(kinesis);

    connector path = with(base("path", "/data", "/id", "/v1/query"), from::body, "/next", to::path,
                          "/v1/query/", {{end::flag_false, "/more"}});
    path.key = {key_field("/at", key_type::text), key_field("/id")};
    path.ties = true;
    all.push_back(path);
    return all;
}

// Places inside arrays: of the records, tokens, totals, signs, bounds and keys.
std::vector<connector> by_index()
{
    std::vector<connector> all;
    connector boards =
        with(base("boards", "/data/boards/0/page/items", "/id"), from::body,
             "/data/boards/0/page/cursor", to::body, "/variables/cursor", {end::null});
    boards.request.method = "POST";
    boards.request.body = R"({"query":"{ x }","variables":{},"filters":[7,{"value":null}]})";
    boards.page_size.to = token_target(to::body, "/variables/limit");
    boards.expiry.signs.emplace_back();
    boards.expiry.signs[0].body = "/errors/0/code";
    boards.expiry.signs[0].equals = "CursorExpired";
    rebuilt_by(boards, "");
    boards.expiry.recover.to = {token_target(to::body, "/filters/1/value")};
    all.push_back(boards);

    connector links = with(base("links", "/entry", "/names/0"), from::body, "/links/2/href",
                           to::url, "", {{end::flag_false, "/links/0/more"}});
    links.key = {key_field("/names/0", key_type::text)};
    links.expiry.signs.emplace_back();
    links.expiry.signs[0].status = 410;
    links.expiry.recover.by = recovery_rule::method::rescan;
    all.push_back(links);

    connector bank = base("bank", "/1", "/id");
    bank.next.from = {token_source::counter(1, token_source::stride::pages)};
    bank.next.to = {token_target(to::query, "page")};
    bank.end = {end::total};
    bank.total.emplace();
    bank.total->at = "/0/total";
    all.push_back(bank);
    return all;
}

}  // namespace

std::vector<connector> all_contracts()
{
    std::vector<connector> all;
    for (auto part : {by_query(), by_counter(), by_url(), by_body_and_header(), by_index()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

connector contract(const std::string& name)
{
    for (const connector& c : all_contracts())
        if (c.name == name) return c;
    throw std::invalid_argument("no contract " + name);
}

}  // namespace catena::testing
