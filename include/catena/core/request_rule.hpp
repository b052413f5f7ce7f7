// layer: core
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace catena {

/// Text that stands in the connector, or a reference to a secret that is looked up at the start.
struct setting {
    enum class source { text, environment, file };

    setting() {}
    setting(std::string t) : value(std::move(t)) {}  // NOLINT: text converts on purpose
    setting(const char* t) : value(t) {}             // NOLINT
    /// The content of environment variable `name`, with `prefix` put before it.
    static setting from_environment(std::string name, std::string prefix = {});
    /// The content of the file at `path` without its final newline, with `prefix` put before it.
    static setting from_file(std::string path, std::string prefix = {});

    [[nodiscard]] bool is_secret() const noexcept { return from != source::text; }

    source from = source::text;
    std::string value;   ///< The text, the variable's name or the file's path.
    std::string prefix;  ///< Stands before a secret, e.g. "Bearer ".

    friend bool operator==(const setting&, const setting&) = default;
};

/// A named setting: one header or one query parameter. Order is kept.
using named_settings = std::vector<std::pair<std::string, setting>>;

/// The first request. Later pages differ from it only as @ref next_rule says.
struct request_rule {
    request_rule() {}

    std::string method = "GET";
    std::string url;       ///< Absolute, http or https. A query in it comes before `query`.
    named_settings query;  ///< Percent-encoded when sent.
    named_settings headers;
    std::string body;  ///< JSON text, sent as it stands but for the members that targets set.

    friend bool operator==(const request_rule&, const request_rule&) = default;
};

/// Where one value is put in a request.
struct token_target {
    enum class place {
        query,   ///< Query parameter `at`; "*" spreads an object into one parameter a member.
        body,    ///< JSON Pointer `at` into the request body; missing objects are made.
        header,  ///< Header `at`.
        path,    ///< The request's path becomes `at` followed by the value, percent-encoded.
        url,     ///< The value is the whole next URL, or a reference to be resolved.
    };
    enum class form {
        text,  ///< A string's characters, a number's digits.
        json,  ///< The server's JSON octets, quotes included.
    };

    token_target() {}
    /// In its usual form: JSON in a body, text elsewhere.
    token_target(place where, std::string name)
        : token_target(where, std::move(name), where == place::body ? form::json : form::text)
    {
    }
    token_target(place where, std::string name, form f) : to(where), at(std::move(name)), as(f) {}

    place to = place::query;
    std::string at;
    form as = form::text;  ///< Text in a body makes a string of whatever the value is.

    friend bool operator==(const token_target&, const token_target&) = default;
};

/// Where one token of the next page comes from.
struct token_source {
    enum class place {
        body,         ///< JSON Pointer `at` in the page.
        header,       ///< Response header `at`.
        link,         ///< URL of the Link header entry whose rel is `at` (RFC 8288).
        last_record,  ///< JSON Pointer `at` in the last record of the page.
        counter,      ///< Computed: see `start` and `step`.
    };
    enum class stride { records, pages };

    token_source() {}
    token_source(place where, std::string name) : from(where), at(std::move(name)) {}
    /// A counter that begins at `start` and grows by the records or pages received.
    static token_source counter(std::int64_t start, stride step);

    place from = place::body;
    std::string at;

    /// For a body place that is an array of objects (FHIR's `link`): take the element whose member
    /// `where_at` (JSON Pointer in the element) is the string `where_equals`, and of it `value_at`.
    std::string where_at, where_equals, value_at;

    bool optional = false;  ///< May be absent; the chain ends only when every token is absent.
    bool keep = false;      ///< When absent the last value is sent again; never decides the end.

    std::int64_t start = 0;         ///< Counter only: the first page's value.
    stride step = stride::records;  ///< Counter only.

    friend bool operator==(const token_source&, const token_source&) = default;
};

}  // namespace catena
