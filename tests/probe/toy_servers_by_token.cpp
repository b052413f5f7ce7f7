#include "probed.hpp"
#include "toy_server.hpp"

namespace catena::testing {

using place = toy_server::place;

std::vector<toy_server> toy_servers_by_token()
{
    return {
        {"GitHub issues",
         "/repos/a/b/issues?state=all&per_page=10",
         place::page_from_1,
         "page",
         "per_page",
         30,
         20,
         link_page,
         {R"({"link":"next"})", R"("end":["missing"])", R"("query":"per_page")", R"("max":20)"}},
        {"GitLab",
         "/api/v4/projects",
         place::page_from_1,
         "page",
         "per_page",
         20,
         100,
         [](const slice& s) {
             return json_answer("[" + s.items + "]", {{"X-Next-Page", s.more() ? s.page(2) : ""},
                                                      {"X-Page", s.page(1)},
                                                      {"X-Total", std::to_string(s.total)}});
         },
         {R"("header":"X-Next-Page")", R"("query":"page")", R"("header":"X-Total")"}},
        {"Shopify",
         "/admin/products.json?limit=10",
         place::token,
         "page_info",
         "limit",
         50,
         250,
         [](const slice& s) {
             scripted_answer a = link_page(s);
             a.body = R"({"products":)" + a.body + "}";
             return a;
         },
         {R"("records":{"at":"/products"})", R"({"link":"next"})"}},
        {"Stripe",
         "/v1/charges?limit=10",
         place::last_id,
         "starting_after",
         "limit",
         10,
         100,
         [](const slice& s) {
             return json_answer(R"({"object":"list","url":"/v1/charges","has_more":)" +
                                std::string(s.more() ? "true" : "false") + R"(,"data":[)" +
                                s.items + "]}");
         },
         {R"({"last_record":"/id"})", R"("query":"starting_after")", R"({"false":"/has_more"})"}},
        {"Slack",
         "/api/conversations.list?limit=10",
         place::token,
         "cursor",
         "limit",
         100,
         1000,
         [](const slice& s) {
             return json_answer(R"({"ok":true,"channels":[)" + s.items +
                                R"(],"response_metadata":{"next_cursor":")" + s.token + "\"}}");
         },
         {R"({"body":"/response_metadata/next_cursor"})", R"("records":{"at":"/channels"})"}},
        {"Google",
         "/drive/v3/files?pageSize=10",
         place::token,
         "pageToken",
         "pageSize",
         100,
         1000,
         [](const slice& s) {
             return json_answer(R"({"kind":"list",)" +
                                (s.more() ? R"("nextPageToken":")" + s.token + "\"," : "") +
                                R"("files":[)" + s.items + "]}");
         },
         {R"("query":"pageToken")", R"("records":{"at":"/files"})"}},
        {"AIP in snake case",
         "/v1/books",
         place::token,
         "page_token",
         "page_size",
         10,
         1000,
         [](const slice& s) {
             return json_answer(R"({"books":[)" + s.items + R"(],"next_page_token":")" + s.token +
                                "\"}");
         },
         {R"("query":"page_token")"}},
        {"OData",
         "/v4/Products",
         place::token,
         "$skiptoken",
         "$top",
         10,
         10,
         [](const slice& s) {
             return json_answer(R"({"@odata.context":"x","@odata.count":45,"value":[)" + s.items +
                                "]" + (s.more() ? R"(,"@odata.nextLink":")" + s.next + "\"" : "") +
                                "}");
         },
         {R"({"body":"/@odata.nextLink"})", R"("total":{"body":"/@odata.count"})"}},
        {"JSON:API",
         "/articles?page%5Bsize%5D=10",
         place::page_from_1,
         "page[number]",
         "page[size]",
         10,
         50,
         [](const slice& s) {
             return json_answer(R"({"data":[)" + s.items +
                                R"(],"included":[{"id":1,"x":2}],"links":{)"
                                R"("self":"/a","next":)" +
                                quoted_or_null(s.next) + "}}");
         },
         {R"({"body":"/links/next"})", R"("records":{"at":"/data"})", R"("query":"page[size]")"}},
        {"HAL",
         "/orders",
         place::page_from_1,
         "page",
         "limit",
         10,
         10,
         [](const slice& s) {
             return json_answer(R"({"_embedded":{"orders":[)" + s.items +
                                R"(]},"_links":{"self":{"href":"/orders"})" +
                                (s.more() ? R"(,"next":{"href":")" + s.next + "\"}" : "") + "}}");
         },
         {R"("records":{"at":"/_embedded/orders"})", R"({"body":"/_links/next/href"})"}},
        {"FHIR",
         "/baseR4/Patient?_count=10",
         place::token,
         "_getpages",
         "_count",
         10,
         50,
         [](const slice& s) {
             std::string entries;
             for (std::size_t i = s.begin; i < s.end; ++i)
                 entries += (i > s.begin ? "," : "") +
                            (R"({"fullUrl":"x","resource":{"resourceType":"Patient","id":"p)" +
                             std::to_string(i) + "\"}}");
             return json_answer(
                 R"({"resourceType":"Bundle","id":"b","link":[{"relation":"self","url":"x"})" +
                 (s.more() ? R"(,{"relation":"next","url":")" + s.next + "\"}" : "") +
                 R"(],"entry":[)" + entries + "]}");
         },
         {R"("where":{"/relation":"next"})", R"("key":[{"at":"/resource/id"}])"}},
        {"HubSpot",
         "/crm/v3/objects/contacts?limit=10",
         place::token,
         "after",
         "limit",
         10,
         100,
         [](const slice& s) {
             return json_answer(
                 R"({"results":[)" + s.items + "]" +
                 (s.more() ? R"(,"paging":{"next":{"after":")" + s.token + "\"}}" : "") + "}");
         },
         {R"({"body":"/paging/next/after"})", R"("query":"after")"}},
        {"Nexus",
         "/service/rest/v1/components",
         place::token,
         "continuationToken",
         "size",
         10,
         10,
         [](const slice& s) {
             return json_answer(R"({"items":[)" + s.items + R"(],"continuationToken":)" +
                                quoted_or_null(s.token) + "}");
         },
         {R"("query":"continuationToken")"}},
        {"Nomad",
         "/v1/jobs?per_page=10",
         place::token,
         "next_token",
         "per_page",
         10,
         10,
         [](const slice& s) {
             return json_answer("[" + s.items + "]", {{"X-Nomad-NextToken", s.token}});
         },
         {R"({"header":"X-Nomad-NextToken"})", R"("query":"next_token")"}},
        {"Reddit",
         "/r/x/new.json?limit=10",
         place::token,
         "after",
         "limit",
         25,
         100,
         [](const slice& s) {
             return json_answer(R"({"kind":"Listing","data":{"after":)" + quoted_or_null(s.token) +
                                R"(,"before":null,"dist":10,"children":[)" + s.items + "]}}");
         },
         {R"({"body":"/data/after"})", R"("records":{"at":"/data/children"})"}},
        {"Hydra",
         "/books",
         place::page_from_1,
         "page",
         "itemsPerPage",
         10,
         10,
         [](const slice& s) {
             return json_answer(
                 R"({"@id":"/books","hydra:member":[)" + s.items +
                 R"(],"hydra:totalItems":45,"hydra:view":{"@id":"/books")" +
                 (s.more() ? R"(,"hydra:next":")" + s.next.substr(s.base.size()) + "\"" : "") +
                 "}}");
         },
         {R"({"body":"/hydra:view/hydra:next"})", R"({"body":"/hydra:totalItems"})"}},
        {"OpenStack",
         "/v2.1/servers?limit=10",
         place::token,
         "marker",
         "limit",
         10,
         1000,
         [](const slice& s) {
             return json_answer(
                 R"({"servers":[)" + s.items + "]" +
                 (s.more() ? R"(,"servers_links":[{"href":")" + s.next + R"(","rel":"next"}])"
                           : "") +
                 "}");
         },
         {R"("where":{"/rel":"next"})"}},
        {"Crossref, whose cursor never ends by itself",
         "/works?rows=10&cursor=*",
         place::token,
         "cursor",
         "rows",
         20,
         1000,
         [](const slice& s) {
             return json_answer(
                 R"({"status":"ok","message":{"total-results":45,"next-cursor":"tok-)" +
                 std::to_string(s.end) + R"(","items":[)" + s.items + "]}}");
         },
         {R"({"body":"/message/next-cursor"})", R"("end":["empty_page"])"}},
    };
}

}  // namespace catena::testing
