#include "probed.hpp"
#include "toy_server.hpp"

#include <algorithm>

namespace catena::testing {

using place = toy_server::place;

std::vector<toy_server> toy_servers_by_counter()
{
    return {
        {"Jira offset",
         "/rest/api/2/search",
         place::offset,
         "startAt",
         "maxResults",
         10,
         50,
         [](const slice& s) {
             return json_answer(R"({"startAt":)" + std::to_string(s.begin) + R"(,"maxResults":)" +
                                std::to_string(s.size) + R"(,"total":45,"issues":[)" + s.items +
                                "]}");
         },
         {R"("query":"startAt")", R"({"body":"/total"})", R"("end":["empty_page"])", "maxResults"}},
        {"Atlassian isLast",
         "/rest/api/3/project/search?startAt=0&maxResults=10",
         place::offset,
         "startAt",
         "maxResults",
         10,
         50,
         [](const slice& s) {
             return json_answer(R"({"isLast":)" + std::string(s.more() ? "false" : "true") +
                                R"(,"startAt":)" + std::to_string(s.begin) + R"(,"values":[)" +
                                s.items + "]}");
         },
         {R"({"true":"/isLast"})", R"("query":"startAt")"}},
        {"Spring page",
         "/api/users?size=10",
         place::page_from_0,
         "page",
         "size",
         20,
         100,
         [](const slice& s) {
             return json_answer(
                 R"({"content":[)" + s.items + R"(],"last":)" + (s.more() ? "false" : "true") +
                 R"(,"totalPages":5,"totalElements":45,"number":)" + s.page(0) + "}");
         },
         {R"({"true":"/last"})", R"("query":"page")", R"("step":"pages")"}},
        {"plain array with a page",
         "/posts?page=1",
         place::page_from_1,
         "page",
         "per_page",
         10,
         10,
         [](const slice& s) { return json_answer("[" + s.items + "]"); },
         {R"("start":1)", R"("step":"pages")", R"("end":["empty_page"])"}},
        {"page numbers, 404 behind them",
         "/items?page=1",
         place::page_from_1,
         "page",
         "limit",
         10,
         10,
         [](const slice& s) {
             if (s.begin == s.end) return scripted_answer(404, R"({"detail":"Invalid page."})");
             return json_answer(R"({"count":45,"results":[)" + s.items + "]}");
         },
         {R"("end":["total","empty_page"])", R"("total":{"body":"/count"})"}},
        {"Django REST",
         "/api/things/",
         place::offset,
         "offset",
         "limit",
         10,
         100,
         [](const slice& s) {
             return json_answer(R"({"count":45,"next":)" + quoted_or_null(s.next) +
                                R"(,"previous":null,"results":[)" + s.items + "]}");
         },
         {R"({"body":"/next"})", R"("records":{"at":"/results"})", R"({"body":"/count"})"}},
        {"Laravel",
         "/api/cars",
         place::page_from_1,
         "page",
         "per_page",
         15,
         100,
         [](const slice& s) {
             return json_answer(R"({"data":[)" + s.items + R"(],"current_page":)" + s.page(1) +
                                R"(,"per_page":15,"next_page_url":)" + quoted_or_null(s.next) +
                                R"(,"last_page":3,"total":45})");
         },
         {R"({"body":"/next_page_url"})", R"({"body":"/total"})"}},
        {"next page's number in the body",
         "/v2/list",
         place::page_from_1,
         "page",
         "n",
         10,
         10,
         [](const slice& s) {
             return json_answer(R"({"items":[)" + s.items + R"(],"next_page":)" +
                                (s.more() ? s.page(2) : "null") + "}");
         },
         {R"({"body":"/next_page"})", R"("query":"page")"}},
        {"CKAN",
         "/api/3/action/package_search?start=0&rows=10",
         place::offset,
         "start",
         "rows",
         10,
         100,
         [](const slice& s) {
             return json_answer(R"({"success":true,"result":{"count":45,"facets":{},"results":[)" +
                                s.items + "]}}");
         },
         {R"("records":{"at":"/result/results"})", R"("query":"start")",
          R"({"body":"/result/count"})"}},
        {"SCIM",
         "/scim/v2/Users",
         place::index_from_1,
         "startIndex",
         "count",
         10,
         100,
         [](const slice& s) {
             return json_answer(R"({"schemas":["urn:x"],"totalResults":45,"startIndex":)" +
                                std::to_string(s.begin + 1) + R"(,"itemsPerPage":)" +
                                std::to_string(s.end - s.begin) + R"(,"Resources":[)" + s.items +
                                "]}");
         },
         {R"("records":{"at":"/Resources"})", R"("query":"startIndex")", R"("start":1)"}},
        {"Salesforce",
         "/services/data/v59.0/query?q=SELECT+Id",
         place::token,
         "locator",
         "b",
         10,
         10,
         [](const slice& s) {
             return json_answer(
                 R"({"totalSize":45,"done":)" + std::string(s.more() ? "false" : "true") +
                 (s.more() ? R"(,"nextRecordsUrl":")" + s.next.substr(s.base.size()) + "\"" : "") +
                 R"(,"records":[)" + s.items + "]}");
         },
         {R"({"true":"/done"})", R"({"body":"/nextRecordsUrl"})", R"({"body":"/totalSize"})"}},
        {"Zendesk",
         "/api/v2/tickets.json?page%5Bsize%5D=10",
         place::token,
         "page[after]",
         "page[size]",
         10,
         100,
         [](const slice& s) {
             return json_answer(R"({"tickets":[)" + s.items + R"(],"meta":{"has_more":)" +
                                (s.more() ? "true" : "false") + R"(,"after_cursor":)" +
                                quoted_or_null(s.token) + "}}");
         },
         {R"({"false":"/meta/has_more"})", R"("query":"page[after]")"}},
        {"Matrix",
         "/_matrix/client/v3/rooms/r/messages?dir=b&limit=10",
         place::token,
         "from",
         "limit",
         10,
         100,
         [](const slice& s) {
             return json_answer(R"({"start":"tok-0","chunk":[)" + s.items + "]" +
                                (s.more() ? R"(,"end":")" + s.token + "\"" : "") + "}");
         },
         {R"({"body":"/end"})", R"("query":"from")"}},
        {"Elasticsearch by GET",
         "/logs/_search?from=0&size=10",
         place::offset,
         "from",
         "size",
         10,
         100,
         [](const slice& s) {
             return json_answer(
                 R"({"took":3,"hits":{"total":{"value":45,"relation":"eq"},"hits":[)" + s.items +
                 "]}}");
         },
         {R"("records":{"at":"/hits/hits"})", R"("query":"from")",
          R"({"body":"/hits/total/value"})"}},
        {"Airtable",
         "/v0/base/table?pageSize=10",
         place::token,
         "offset",
         "pageSize",
         100,
         100,
         [](const slice& s) {
             return json_answer(R"({"records":[)" + s.items + "]" +
                                (s.more() ? R"(,"offset":")" + s.token + "\"" : "") + "}");
         },
         {R"({"body":"/offset"})", R"("query":"offset")"}},
        {"Facebook",
         "/v19.0/page/feed?limit=10",
         place::token,
         "after",
         "limit",
         10,
         100,
         [](const slice& s) {
             return json_answer(R"({"data":[)" + s.items +
                                R"(],"paging":{"cursors":{"before":"b","after":"tok-x"})" +
                                (s.more() ? R"(,"next":")" + s.next + "\"" : "") + "}}");
         },
         {R"({"body":"/paging/next"})"}},
        {"WordPress",
         "/wp-json/wp/v2/posts?page=1",
         place::page_from_1,
         "page",
         "per_page",
         10,
         100,
         [](const slice& s) {
             if (s.begin == s.end)
                 return scripted_answer(400, R"({"code":"rest_post_invalid_page_number"})");
             return json_answer("[" + s.items + "]", {{"X-WP-Total", std::to_string(s.total)},
                                                      {"X-WP-TotalPages", "5"}});
         },
         {R"("header":"X-WP-Total")", R"("total")"}},
        {"offset that is rounded down to pages",
         "/rounded?offset=0&limit=10",
         place::offset,
         "offset",
         "limit",
         10,
         10,
         [](const slice& s) {
             slice even = s;
             even.begin = std::min(s.asked / 10 * 10, s.total);
             even.end = std::min(even.begin + 10, s.total);
             even.items.clear();
             for (std::size_t i = even.begin; i < even.end; ++i)
                 even.items += (i > even.begin ? "," : "") + record(i);
             return json_answer(R"({"items":[)" + even.items + R"(],"total":45})");
         },
         {R"("query":"offset")"}},
        {"JSON lines with a link",
         "/t.json?_nl=on&_size=10",
         place::token,
         "_next",
         "_size",
         10,
         100,
         [](const slice& s) {
             scripted_answer a = link_page(s);
             a.body.clear();
             for (std::size_t i = s.begin; i < s.end; ++i)
                 a.body += record(i) + "\n";
             return a;
         },
         {R"("format":"json_lines")", R"({"link":"next"})"}},
        {"npm search",
         "/-/v1/search?text=x&size=10",
         place::offset,
         "from",
         "size",
         20,
         250,
         [](const slice& s) {
             return json_answer(R"({"objects":[)" + s.items + R"(],"total":45,"time":"now"})");
         },
         {R"("query":"from")", R"("records":{"at":"/objects"})"}},
        {"Algolia",
         "/api/v1/search",
         place::page_from_0,
         "page",
         "hitsPerPage",
         10,
         20,
         [](const slice& s) {
             return json_answer(R"({"hits":[)" + s.items + R"(],"page":)" + s.page(0) +
                                R"(,"nbHits":45,"nbPages":5,"hitsPerPage":)" +
                                std::to_string(s.size) + "}");
         },
         {R"("query":"page")", R"({"body":"/nbHits"})", R"("step":"pages")"}},
        {"GBIF",
         "/v1/species",
         place::offset,
         "offset",
         "limit",
         10,
         20,
         [](const slice& s) {
             return json_answer(R"({"offset":)" + std::to_string(s.begin) +
                                R"(,"limit":10,"endOfRecords":)" + (s.more() ? "false" : "true") +
                                R"(,"results":[)" + s.items + "]}");
         },
         {R"({"true":"/endOfRecords"})", R"("query":"offset")"}},
        {"Strapi",
         "/api/restaurants",
         place::page_from_1,
         "pagination[page]",
         "pagination[pageSize]",
         10,
         100,
         [](const slice& s) {
             return json_answer(R"({"data":[)" + s.items + R"(],"meta":{"pagination":{"page":)" +
                                s.page(1) + R"(,"pageSize":10,"pageCount":5,"total":45}}})");
         },
         {R"("query":"pagination[page]")", R"({"body":"/meta/pagination/total"})"}},
        {"Magento, whose last page comes again behind it",
         "/rest/V1/products?searchCriteria[currentPage]=1&searchCriteria[pageSize]=10",
         place::page_from_1,
         "searchCriteria[currentPage]",
         "searchCriteria[pageSize]",
         10,
         100,
         [](const slice& s) {
             slice last = s;
             if (s.begin == s.end) {
                 last.begin = 40;
                 last.items.clear();
                 for (std::size_t i = 40; i < s.total; ++i)
                     last.items += (i > 40 ? "," : "") + record(i);
             }
             return json_answer(R"({"items":[)" + last.items + R"(],"total_count":45})");
         },
         {R"("end":["total","empty_page"])"}},
        {"PostgREST",
         "/people",
         place::offset,
         "offset",
         "limit",
         10,
         1000,
         [](const slice& s) {
             return json_answer(
                 "[" + s.items + "]",
                 {{"Content-Range", std::to_string(s.begin) + "-" + std::to_string(s.end) + "/*"}});
         },
         {R"("query":"offset")"}},
        {"Keycloak",
         "/admin/realms/r/users?first=0&max=10",
         place::offset,
         "first",
         "max",
         100,
         100,
         [](const slice& s) { return json_answer("[" + s.items + "]"); },
         {R"("query":"first")", R"("query":"max")"}},
        {"json-server 1",
         "/posts?_page=1&_per_page=10",
         place::page_from_1,
         "_page",
         "_per_page",
         10,
         100,
         [](const slice& s) {
             return json_answer(R"({"first":1,"prev":null,"next":)" +
                                (s.more() ? s.page(2) : "null") +
                                R"(,"last":5,"pages":5,"items":45,"data":[)" + s.items + "]}");
         },
         {R"({"body":"/next"})", R"("query":"_page")"}},
        {"a bare list by page",
         "/things",
         place::page_from_1,
         "page",
         "per_page",
         10,
         10,
         [](const slice& s) { return json_answer("[" + s.items + "]"); },
         {R"("query":"page")", R"("start":1)"}},
        {"a bare list by page from 0",
         "/things",
         place::page_from_0,
         "page",
         "per_page",
         10,
         10,
         [](const slice& s) { return json_answer("[" + s.items + "]"); },
         {R"("query":"page")", R"("step":"pages")"}},
        {"RabbitMQ",
         "/api/queues?page=1&page_size=10",
         place::page_from_1,
         "page",
         "page_size",
         100,
         500,
         [](const slice& s) {
             if (s.begin == s.end) return scripted_answer(400, R"({"error":"page_out_of_range"})");
             return json_answer(R"({"filtered_count":45,"item_count":10,"items":[)" + s.items +
                                R"(],"page":)" + s.page(1) +
                                R"(,"page_count":5,"page_size":10,"total_count":45})");
         },
         {R"("end":["total","empty_page"])"}},
    };
}

}  // namespace catena::testing
