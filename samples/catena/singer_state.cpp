#include "singer_state.hpp"

#include <catena/core/identity.hpp>
#include <catena/core/json_text.hpp>
#include <catena/diagnostics.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdio>
#include <exception>
#include <optional>
#include <utility>

namespace command {

namespace json = boost::json;

namespace {

constexpr std::int64_t version = 1;

std::string in_hex(std::string_view octets)
{
    constexpr const char* digits = "0123456789abcdef";
    std::string out;
    for (const char c : octets) {
        const auto n = static_cast<unsigned char>(c);
        out += digits[n >> 4];
        out += digits[n & 15];
    }
    return out;
}

std::string from_hex(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        out += static_cast<char>(digits.find(text[i]) << 4 | digits.find(text[i + 1]));
    return out;
}

// Each part with its length, so that no two states read alike.
std::string identity_of(const singer_state& s)
{
    std::string all;
    const auto add = [&](std::string_view part) {
        all += std::to_string(part.size()) + ':';
        all += part;
    };
    add(s.job.name);
    add(s.job.description);
    add(s.job.planned ? "planned" : "");
    for (const auto& [name, text] : s.job.notes) {
        add(name);
        add(text);
    }
    for (const auto& [id, c] : s.chains) {
        for (const std::uint64_t n : {id, c.pages, c.records})
            add(std::to_string(n));
        add(c.is == catena::chain_row::state::ended ? "ended" : "");
        for (const std::string& part : {c.range, c.checkpoint, c.last_key})
            add(part);
    }
    const catena::identity i = catena::identity_of(all);
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(i.high),
                  static_cast<unsigned long long>(i.low));
    return text;
}

[[noreturn]] void refuse(const std::string& where, const std::string& what)
{
    catena::diagnostics why;
    why.code = catena::errc::bad_checkpoint;
    why.what = where + ' ' + what;
    why.mend =
        "give the value of the last STATE that the target has told, or remove the file to "
        "begin anew";
    throw catena::failure(std::move(why));
}

std::string text_at(const json::value& in, const char* name)
{
    return std::string(in.at(name).as_string().c_str(), in.at(name).as_string().size());
}

catena::chain_row chain_from(const json::value& v)
{
    catena::chain_row c;
    c.id = v.at("id").to_number<std::uint64_t>();
    c.pages = v.at("pages").to_number<std::uint64_t>();
    c.records = v.at("records").to_number<std::uint64_t>();
    if (v.at("ended").as_bool()) c.is = catena::chain_row::state::ended;
    c.range = text_at(v, "range");
    c.checkpoint = text_at(v, "checkpoint");
    c.last_key = from_hex(text_at(v, "last_key"));
    return c;
}

singer_state state_from(const json::value& v)
{
    singer_state s;
    s.job.id = 1;
    s.job.name = text_at(v, "job");
    s.job.description = text_at(v, "description");
    s.job.planned = v.at("planned").as_bool();
    for (const auto& note : v.at("notes").as_object())
        s.job.notes.emplace(std::string(note.key()), note.value().as_string().c_str());
    for (const json::value& each : v.at("chains").as_array()) {
        catena::chain_row c = chain_from(each);
        s.chains.insert_or_assign(c.id, std::move(c));
    }
    return s;
}

std::optional<json::value> parsed(std::string_view text)
{
    json::error_code malformed;
    json::value v = json::parse(json::string_view(text.data(), text.size()), malformed);
    if (malformed || !v.is_object()) return std::nullopt;
    return v;
}

std::string_view last_line(std::string_view text)
{
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    text = text.substr(0, end == text.npos ? 0 : end + 1);
    const std::size_t before = text.find_last_of('\n');
    return before == text.npos ? text : text.substr(before + 1);
}

}  // namespace

std::string singer_state::value() const
{
    using catena::quote;
    std::string out = R"({"catena":)" + std::to_string(version) + R"(,"identity":")" +
                      identity_of(*this) + R"(","job":)" + quote(job.name) + R"(,"description":)" +
                      quote(job.description) + R"(,"planned":)" + (job.planned ? "true" : "false") +
                      R"(,"notes":{)";
    const char* between = "";
    for (const auto& [name, text] : job.notes) {
        out += between + quote(name) + ':' + quote(text);
        between = ",";
    }
    out += R"(},"chains":[)";
    between = "";
    for (const auto& [id, c] : chains) {
        const bool ended = c.is == catena::chain_row::state::ended;
        out += between + (R"({"id":)" + std::to_string(id)) + R"(,"pages":)" +
               std::to_string(c.pages) + R"(,"records":)" + std::to_string(c.records) +
               R"(,"ended":)" + (ended ? "true" : "false") + R"(,"range":)" + quote(c.range) +
               R"(,"checkpoint":)" + quote(c.checkpoint) + R"(,"last_key":")" + in_hex(c.last_key) +
               "\"}";
        between = ",";
    }
    return out + "]}";
}

singer_state singer_state::from(std::string_view text, const std::string& where)
{
    std::optional<json::value> v = parsed(text);
    if (!v) v = parsed(last_line(text));
    if (!v) refuse(where, "is no STATE of Singer");
    singer_state s;
    std::string told;
    try {
        const json::value* const type = v->as_object().if_contains("type");
        const json::value& value = type != nullptr ? v->at("value") : *v;
        if (value.at("catena") != version) refuse(where, "is a state of another version of catena");
        s = state_from(value);
        told = text_at(value, "identity");
    } catch (const catena::failure&) {
        throw;
    } catch (const std::exception&) {
        refuse(where, "is no state of catena's");
    }
    if (told != identity_of(s)) refuse(where, "was changed: it is not what its identity says");
    return s;
}

}  // namespace command
