#include "page_reader_answer.hpp"
#include "support/catch.hpp"
#include "support/sample_connector.hpp"
#include <catena/codec/page_reader.hpp>
#include <catena/codec/request_builder.hpp>

#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

const std::string s3 = R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix></Prefix>)"
                       R"(<KeyCount>2</KeyCount><MaxKeys>2</MaxKeys>)";
const std::string s3_records =
    "<Contents><Key>a&amp;b</Key><Size>1</Size></Contents>"
    "<Contents><Key>c</Key><Owner><ID>7</ID></Owner></Contents>";

std::string oai(const std::string& inner)
{
    return R"(<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">)"
           R"(<responseDate>2026-01-01T00:00:00Z</responseDate>)"
           R"(<request verb="ListRecords">http://r.example.org/oai</request>)" +
           inner + "</OAI-PMH>";
}

std::string oai_records(const std::string& after)
{
    return oai(
        "<ListRecords><record><header status='deleted'><identifier>oai:1</identifier>"
        "</header></record>" +
        after + "</ListRecords>");
}

page_facts facts_of(const connector& c, const answer& a)
{
    page_facts f = read(c, a).facts;
    f.keys = {};  // views into the reader, which is gone
    return f;
}

std::string report_of(const connector& c, const answer& a) { return report(read(c, a).facts); }

}  // namespace

TEST_CASE("a page of S3 gives its records' own octets, keys, flag and token", "[page_reader][xml]")
{
    const answer a(s3 + "<IsTruncated>true</IsTruncated>" + s3_records +
                   "<NextContinuationToken>1+/=&amp;</NextContinuationToken></ListBucketResult>");
    for (const std::size_t piece : {0U, 1U, 2U, 3U, 7U, 100U}) {
        reading r = read(sample_connector("s3_list_objects_v2"), a, piece);
        CHECK_FALSE(r.early);
        CHECK(report(r.facts) ==
              "token 3 0 '1+/=&' flag 1/ListBucketResult/IsTruncated records 2 of 111 "
              "key 0+a&b key 0+c");
        CHECK(r.facts.print.first ==
              identity_of("<Contents><Key>a&amp;b</Key><Size>1</Size></Contents>"));
        const page_content content = r.reader->take();
        CHECK(content.body == a.body);
        REQUIRE(content.records.size() == 2);
        CHECK(content.records[1].in(content.body) ==
              "<Contents><Key>c</Key><Owner><ID>7</ID></Owner></Contents>");
    }
}

TEST_CASE("a reader that has read an XML page reads the next one alike", "[page_reader][xml]")
{
    auto contract = std::make_shared<const page_contract>(
        std::make_shared<const connector>(sample_connector("s3_list_objects_v1")));
    page_reader reader(contract);
    for (const char* key : {"a", "b&lt;", "c"}) {
        const std::string body = s3 + "<IsTruncated>true</IsTruncated><Contents><Key>" + key +
                                 "</Key></Contents></ListBucketResult>";
        response_head head;
        head.status = 200;
        CHECK_FALSE(reader.begin("https://b.example.com/", head, wall_time{}));
        CHECK_FALSE(reader.on_body(body));
        const page_facts f = reader.finish();
        REQUIRE(f.tokens.size() == 1);
        CHECK(f.tokens[0].token.text == (key == std::string("b&lt;") ? "b<" : key));
        CHECK(reader.take().body == body);
    }
}

TEST_CASE("flags and totals of XML are read without the space around them", "[page_reader][xml]")
{
    struct row {
        const char* text;
        flag_fact says;
    };
    const std::vector<row> table{
        {"true", flag_fact::more},      {" \n true ", flag_fact::more},
        {"1", flag_fact::more},         {"false", flag_fact::end},
        {"\tfalse", flag_fact::end},    {"0", flag_fact::end},
        {"", flag_fact::unreadable},    {"False", flag_fact::unreadable},
        {"no", flag_fact::unreadable},  {"<b/>", flag_fact::unreadable},
        {"tru&#101;", flag_fact::more},
    };
    const connector c = sample_connector("s3_list_objects_v1");
    for (const row& r : table) {
        CAPTURE(r.text);
        const std::string flag = std::string("<IsTruncated>") + r.text + "</IsTruncated>";
        CHECK(facts_of(c, s3 + flag + s3_records + "</ListBucketResult>").flag == r.says);
    }
    CHECK(facts_of(c, s3 + "</ListBucketResult>").flag == flag_fact::missing);
    const std::string token = "<resumptionToken completeListSize=' 12 '> t </resumptionToken>";
    CHECK(report_of(sample_connector("oai_pmh"), oai_records(token)) ==
          "token 3 0 ' t ' flag 0 total 12 records 1 of 81 key 0+oai:1");
}

TEST_CASE("an XML listing without records is an empty page where its parent stands",
          "[page_reader][xml][C9]")
{
    const connector azure = sample_connector("azure_blob");
    const std::string begin =
        "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>"
        "<EnumerationResults ContainerName=\"c\">";
    CHECK(report_of(azure, begin + "<Blobs /><NextMarker>m</NextMarker></EnumerationResults>") ==
          "token 3 0 'm' flag 0 records 0 of 0");
    CHECK(report_of(azure, begin + "<Blobs></Blobs><NextMarker /></EnumerationResults>") ==
          "token 2 0 '' flag 0 records 0 of 0");

    const page_facts lost = facts_of(azure, begin + "<NextMarker/></EnumerationResults>");
    CHECK(lost.code == errc::records_missing);
    CHECK(lost.pointer == "/EnumerationResults/Blobs/Blob");
    CHECK(lost.said == "found nothing");
    connector lenient = azure;
    lenient.records.when_absent = records_rule::absence::empty;
    CHECK(facts_of(lenient, begin + "<NextMarker/></EnumerationResults>").is ==
          page_facts::answer::page);
    const page_facts other = facts_of(lenient, std::string("<Results><NextMarker/></Results>"));
    CHECK(other.code == errc::records_missing);
    CHECK(other.said == "found another root element");
}

TEST_CASE("a renamed XML token is missed and its likely heir named", "[page_reader][xml][P1]")
{
    const std::string page = s3 + "<IsTruncated>true</IsTruncated>" + s3_records;
    connector c = sample_connector("s3_list_objects_v2");
    c.end = {end_rule::kind::missing};
    const auto heirs = [&](const std::string& members) {
        return facts_of(c, page + members + "</ListBucketResult>").lookalikes;
    };
    using names = std::vector<std::string>;
    CHECK(heirs("<NextToken>x</NextToken>") == names{"/ListBucketResult/NextToken"});
    CHECK(heirs("<Paging><Next>x</Next></Paging>") == names{"/ListBucketResult/Paging/Next"});
    CHECK(heirs("<link rel='next' href='/x'/>") == names{"/ListBucketResult/link"});
    CHECK(heirs("<NextToken/><Marker>current-cursor</Marker><StartAfter>a</StartAfter>").empty());
    CHECK(heirs("").empty());

    const connector o = sample_connector("oai_pmh");
    CHECK(facts_of(o, oai_records("<resumptionTokenV2>x</resumptionTokenV2>")).lookalikes ==
          names{"/OAI-PMH/ListRecords/resumptionTokenV2"});
    CHECK(facts_of(o, oai_records("<resumptionToken cursor='9' completeListSize='9'/>"))
              .lookalikes.empty());
}

TEST_CASE("an XML token that cannot be one is unusable, two are ambiguous",
          "[page_reader][xml][C6]")
{
    const connector c = sample_connector("oai_pmh");
    const page_facts nested =
        facts_of(c, oai_records("<resumptionToken><a>t</a></resumptionToken>"));
    REQUIRE(nested.tokens.size() == 1);
    CHECK(nested.tokens[0].is == presence::unusable);
    connector into_body = c;
    into_body.next.to = {token_target(token_target::place::body, "/cursor")};
    const page_facts whole =
        facts_of(into_body, oai_records("<resumptionToken><a>t</a></resumptionToken>"));
    REQUIRE(whole.tokens.size() == 1);
    CHECK(whole.tokens[0].is == presence::unusable);
    const page_facts twice = facts_of(
        c, oai_records("<resumptionToken>a</resumptionToken><resumptionToken>b</resumptionToken>"));
    CHECK(twice.code == errc::ambiguous_field);
    CHECK(twice.pointer == "/OAI-PMH/ListRecords/resumptionToken");
}

TEST_CASE("where picks one of several XML elements by attribute or text", "[page_reader][xml][P21]")
{
    const auto next = [](const std::string& links) {
        return facts_of(sample_connector("atom"),
                        "<feed xmlns='http://www.w3.org/2005/Atom'>" + links +
                            "<entry><id>1</id><link rel='self' href='/1'/></entry></feed>");
    };
    const std::string self = "<link rel='self' href='/feed'/>";
    const page_facts one = next(self + "<link href='?page=2&amp;q=1' rel='next'/>");
    REQUIRE(one.tokens.size() == 1);
    CHECK(one.tokens[0].token.text == "https://api.example.com/items?page=2&q=1");
    CHECK(next(self).tokens.at(0).is == presence::missing);
    CHECK(next(self).lookalikes.empty());
    CHECK(next("").tokens.at(0).is == presence::missing);
    const std::string link = "<link rel='next' href='/a'/>";
    CHECK(next(link + link).tokens.at(0).token.text == "https://api.example.com/a");
    CHECK(next(link + "<link rel='next' href='/b'/>").code == errc::ambiguous_field);
    CHECK(next("<link rel='next'/>").tokens.at(0).is == presence::missing);

    connector c = sample_connector("atom");
    c.next.from[0].where_at = "/kind";
    c.next.from[0].value_at = "/to";
    c.next.from[0].where_equals = "n&n";
    const std::string text = "<link><kind>n&amp;n</kind><to>/c</to></link>";
    CHECK(facts_of(c, "<feed>" + text + "</feed>").tokens.at(0).token.text ==
          "https://api.example.com/c");
}

TEST_CASE("errors in XML are told by rule, in good answers and bad ones", "[page_reader][xml][C10]")
{
    struct row {
        const char* connector;
        answer said;
        error_class as;
        errc code;
        const char* words;
    };
    const std::string error =
        "<Error><Code>SlowDown</Code><Message>go &amp; wait</Message></Error>";
    const std::vector<row> table{
        {"oai_pmh", oai("<error code='badResumptionToken'>old</error>"), error_class::expired,
         errc::cursor_expired, "old"},
        {"oai_pmh", oai("<error code='badResumptionToken'/><error code='badArgument'>x</error>"),
         error_class::expired, errc::cursor_expired, ""},
        {"oai_pmh", oai("<error code='odd'/><ListRecords><record/></ListRecords>"),
         error_class::fatal, errc::error_in_page, ""},
        {"oai_pmh", answer(oai("<error code='badResumptionToken'/><error code='badVerb'/>"), 400),
         error_class::expired, errc::cursor_expired, ""},
        {"oai_pmh", oai("<error code='cannotDisseminateFormat'/>"), error_class::fatal,
         errc::error_in_page, ""},
        {"oai_pmh", oai("<error code='badVerb'>no</error><error code='badArgument'>x</error>"),
         error_class::fatal, errc::error_in_page, "no"},
        {"s3_list_objects_v2", answer(error, 503), error_class::retry, errc::server_failed,
         "go & wait"},
        {"s3_list_objects_v2", answer(error), error_class::retry, errc::error_in_page, "go & wait"},
        {"s3_list_objects_v2", answer("<Error><Code>Odd</Code></Error>"), error_class::fatal,
         errc::error_in_page, ""},
        {"s3_list_objects_v2", answer("<Error><Code>NoSuchBucket</Code></Error>", 404),
         error_class::caller, errc::not_found, ""},
        {"s3_list_objects_v2",
         answer("<Error><Code>InvalidArgument</Code><Message>The continuation token provided is "
                "incorrect</Message></Error>",
                400),
         error_class::expired, errc::cursor_expired,
         "The continuation token provided is incorrect"},
    };
    for (const row& r : table) {
        CAPTURE(r.said.body);
        const page_facts f = facts_of(sample_connector(r.connector), r.said);
        CHECK(f.is == page_facts::answer::failed);
        CHECK(f.failed_as == r.as);
        CHECK(f.code == r.code);
        if (*r.words != 0) CHECK(f.said == r.words);
    }
    const page_facts none =
        facts_of(sample_connector("oai_pmh"), oai("<error code='noRecordsMatch'/>"));
    CHECK(none.is == page_facts::answer::page);
    CHECK(none.end_sign);
    CHECK(none.records == 0);
}

TEST_CASE("what is no XML page is named for what it is", "[page_reader][xml][C1][C14][C15][H13]")
{
    struct row {
        answer said;
        errc code;
        std::size_t octet;
        const char* words;
    };
    const std::vector<row> table{
        {answer("<ListBucketResult><Contents>"), errc::malformed_xml, 28, "no element found"},
        {answer("<ListBucketResult></Contents>"), errc::malformed_xml, 20, "mismatched tag"},
        {answer("<ListBucketResult/><x/>"), errc::malformed_xml, 19, "junk after document element"},
        {answer(""), errc::malformed_xml, 0, "no element found"},
        {answer("<!DOCTYPE html><html><br></html>"), errc::wrong_content, 14,
         "<!DOCTYPE html><html><br></html>"},
        {answer("{\"items\":[]}"), errc::wrong_content, 0, "a document in another format"},
        {answer("<html><br></html>").with("Content-Type", "text/html"), errc::wrong_content, 12,
         "text/html: <html><br></html>"},
        {answer("<?xml version='1.0' encoding='windows-1252'?><ListBucketResult/>"),
         errc::wrong_encoding, 0, "the document is not in UTF-8, but in windows-1252"},
        {answer(std::string("\xfe\xff\0<\0a", 6)), errc::wrong_encoding, 0,
         "the document is in UTF-16 or UTF-32, not in UTF-8"},
    };
    for (const row& r : table) {
        CAPTURE(r.said.body);
        for (const std::size_t piece : {0U, 1U, 5U}) {
            const page_facts f = read(sample_connector("s3_list_objects_v2"), r.said, piece).facts;
            CHECK(f.code == r.code);
            CHECK(f.octet == r.octet);
            CHECK(f.said == r.words);
        }
    }
}

TEST_CASE("a connector with XML pages asks for XML unless it says otherwise", "[page_reader][xml]")
{
    const auto accept = [](const connector& c) {
        diagnostics why;
        const auto b = request_builder::make(std::make_shared<const connector>(c), {}, why);
        REQUIRE(b.has_value());
        std::string text;
        const http_request first = b->build(position(), why).value();
        for (const header_field& h : first.headers)
            if (equal_ignoring_case(h.name, "Accept")) text += h.value;
        return text;
    };
    connector c = sample_connector("oai_pmh");
    CHECK(accept(c) == "application/xml");
    c.request.headers.emplace_back("Accept", "text/xml");
    CHECK(accept(c) == "text/xml");
    CHECK(accept(plain()) == "application/json");
}

TEST_CASE("records under another name stop the walk, and the name is told", "[xml][C9]")
{
    const std::string renamed =
        "<ListBucketResult><IsTruncated>false</IsTruncated><Item><Key>a</Key></Item>"
        "<Item><Key>b</Key></Item></ListBucketResult>";
    const page_facts keyed = read(sample_connector("s3_list_objects_v2"), renamed).facts;
    CHECK(keyed.code == errc::records_missing);
    CHECK(keyed.said == "found no record, and /ListBucketResult/Item looks like its name");

    connector c = sample_connector("s3_list_objects_v2");
    c.key.clear();
    c.sorted = order::none;
    c.expiry = expiry_rule();
    CHECK(read(c, renamed).facts.code == errc::records_missing);
    c.records.when_absent = records_rule::absence::empty;
    CHECK(read(c, renamed).facts.is == page_facts::answer::page);

    // Prefixes are no records: a listing may hold nothing else.
    const std::string prefixes =
        "<ListBucketResult><IsTruncated>false</IsTruncated><CommonPrefixes><Prefix>a/</Prefix>"
        "</CommonPrefixes><CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes></ListBucketResult>";
    CHECK(read(sample_connector("s3_list_objects_v2"), prefixes).facts.is ==
          page_facts::answer::page);
}
