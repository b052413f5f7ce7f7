#pragma once

#include <catena/connector.hpp>

#include <chrono>
#include <string_view>

namespace catena::codec {

/* The spelling of connectors in JSON. Reader, writer and the test that compares them with
   docs/connector.schema.json all take it from here.
*/

using names = std::string_view;

// Members of each object. `comment` may stand in all of them, `$schema` at the root.
inline constexpr names connector_members[] = {
    "name",    "request", "format", "records", "key",     "order",    "ties",   "page_size",
    "next",    "end",     "total",  "window",  "expiry",  "errors",   "limits", "auth",
    "session", "origins", "self",   "range",   "$schema", "discovery"};
inline constexpr names request_members[] = {"method", "url", "query", "headers", "body"};
inline constexpr names discovery_members[] = {"query", "headers", "body"};
inline constexpr names secret_members[] = {"$env", "$file", "prefix"};
inline constexpr names records_members[] = {"at", "shape", "absent"};
inline constexpr names key_members[] = {"at", "type"};
inline constexpr names page_size_members[] = {"to", "value", "max", "shrink_on"};
inline constexpr names next_members[] = {
    "from", "to", "drop", "exclusive", "keep", "inclusive", "single_use", "may_repeat", "ignore"};
inline constexpr names source_places[] = {"body", "header", "link", "last_record", "counter"};
inline constexpr names source_members[] = {"body",  "header", "link",     "last_record", "counter",
                                           "where", "value",  "optional", "keep"};
inline constexpr names counter_members[] = {"start", "step"};
inline constexpr names target_places[] = {"query", "body", "header", "path", "url"};
inline constexpr names target_members[] = {"query", "body", "header", "path", "url", "as"};
inline constexpr names sign_members[] = {"status", "header", "body", "equals", "contains"};
inline constexpr names end_members[] = {"false", "true",   "status",  "header",
                                        "body",  "equals", "contains"};
inline constexpr names flag_places[] = {"false", "true"};
inline constexpr names total_members[] = {"body", "header", "counts"};
inline constexpr names total_places[] = {"body", "header"};
inline constexpr names window_members[] = {"records", "action"};
inline constexpr names expiry_members[] = {"signs", "ttl", "clock", "recover"};
inline constexpr names recover_members[] = {"token_from", "rebuild"};
inline constexpr names rebuild_members[] = {"to", "bound"};
inline constexpr names range_members[] = {"by",   "type",       "lower", "upper",
                                          "time", "resolution", "to",    "values"};
inline constexpr names edge_members[] = {"to", "bound"};
inline constexpr names error_members[] = {"when", "class"};
inline constexpr names limits_members[] = {"policies", "concurrency", "signals"};
inline constexpr names session_members[] = {"cookies", "one_connection"};
inline constexpr names policy_members[] = {"requests", "per", "burst", "window", "weight"};
inline constexpr names signals_members[] = {"quotas", "known_fields"};
inline constexpr names quota_members[] = {"name",  "limit",    "remaining", "used",
                                          "reset", "reset_as", "window",    "window_as"};
inline constexpr names signal_places[] = {"header", "body"};

inline constexpr names auth_members[] = {"basic", "bearer", "oauth2", "provider",
                                         "allow_plain_http"};
inline constexpr names auth_methods[] = {"basic", "bearer", "oauth2", "provider"};
inline constexpr names basic_members[] = {"user", "password"};
inline constexpr names oauth2_members[] = {"token_url",     "grant",     "client_id",
                                           "client_secret", "client_in", "refresh_token",
                                           "scope",         "parameters"};

/// A word and what it stands for.
template <class Meaning>
struct word {
    std::string_view text;
    Meaning means;
};

inline constexpr word<page_format> format_words[] = {{"json", page_format::json},
                                                     {"xml", page_format::xml},
                                                     {"json_lines", page_format::json_lines}};
inline constexpr word<records_rule::shape> shape_words[] = {{"array", records_rule::shape::array},
                                                            {"map", records_rule::shape::map}};
inline constexpr word<records_rule::absence> absence_words[] = {
    {"error", records_rule::absence::error}, {"empty", records_rule::absence::empty}};
inline constexpr word<key_type> type_words[] = {
    {"auto", key_type::automatic}, {"number", key_type::number}, {"text", key_type::text}};
inline constexpr word<order> order_words[] = {
    {"none", order::none}, {"ascending", order::ascending}, {"descending", order::descending}};
inline constexpr word<token_target::form> form_words[] = {{"text", token_target::form::text},
                                                          {"json", token_target::form::json}};
inline constexpr word<token_source::stride> step_words[] = {
    {"records", token_source::stride::records}, {"pages", token_source::stride::pages}};
/// What shrinks a page beside statuses, and the member that says so.
inline constexpr word<bool page_size_rule::*> shrink_words[] = {
    {"timeout", &page_size_rule::shrink_on_timeout},
    {"too_large", &page_size_rule::shrink_on_size}};
inline constexpr word<total_rule::unit> unit_words[] = {{"records", total_rule::unit::records},
                                                        {"pages", total_rule::unit::pages}};
inline constexpr word<window_rule::action> window_words[] = {
    {"rebuild", window_rule::action::rebuild},
    {"split", window_rule::action::split},
    {"stop", window_rule::action::stop}};
inline constexpr word<expiry_rule::clock> clock_words[] = {{"token", expiry_rule::clock::token},
                                                           {"chain", expiry_rule::clock::chain},
                                                           {"idle", expiry_rule::clock::idle}};
inline constexpr word<rate_policy::window> policy_window_words[] = {
    {"sliding", rate_policy::window::sliding}, {"bucket", rate_policy::window::bucket}};
inline constexpr word<auth_rule::grant> grant_words[] = {
    {"client_credentials", auth_rule::grant::client_credentials},
    {"refresh_token", auth_rule::grant::refresh_token}};
inline constexpr word<auth_rule::client_place> client_words[] = {
    {"header", auth_rule::client_place::header}, {"body", auth_rule::client_place::body}};
inline constexpr word<time_form> time_form_words[] = {
    {"by_size", time_form::by_size},
    {"seconds", time_form::seconds},
    {"milliseconds", time_form::milliseconds},
    {"epoch_seconds", time_form::epoch_seconds},
    {"epoch_milliseconds", time_form::epoch_milliseconds},
    {"date", time_form::date},
    {"text", time_form::text}};
inline constexpr word<recovery_rule::method> recover_words[] = {
    {"fail", recovery_rule::method::fail}, {"rescan", recovery_rule::method::rescan}};
inline constexpr word<recovery_rule::bound> bound_words[] = {
    {"inclusive", recovery_rule::bound::inclusive}, {"exclusive", recovery_rule::bound::exclusive}};
inline constexpr word<range_type> range_type_words[] = {{"integer", range_type::integer},
                                                        {"decimal", range_type::decimal},
                                                        {"text", range_type::text},
                                                        {"time", range_type::time},
                                                        {"values", range_type::values}};
inline constexpr word<moment_form> moment_words[] = {{"rfc3339", moment_form::rfc3339},
                                                     {"seconds", moment_form::seconds},
                                                     {"milliseconds", moment_form::milliseconds}};
inline constexpr word<error_class> class_words[] = {{"retry", error_class::retry},
                                                    {"expired", error_class::expired},
                                                    {"auth", error_class::auth},
                                                    {"caller", error_class::caller},
                                                    {"fatal", error_class::fatal}};
inline constexpr word<end_rule::kind> end_words[] = {{"missing", end_rule::kind::missing},
                                                     {"null", end_rule::kind::null},
                                                     {"empty_string", end_rule::kind::empty_string},
                                                     {"empty_page", end_rule::kind::empty_page},
                                                     {"short_page", end_rule::kind::short_page},
                                                     {"same_token", end_rule::kind::same_token},
                                                     {"total", end_rule::kind::total}};

/// Units of a duration, the longest first.
inline constexpr word<duration> unit_of_time[] = {
    {"d", std::chrono::hours(24)},        {"h", std::chrono::hours(1)},
    {"m", std::chrono::minutes(1)},       {"s", std::chrono::seconds(1)},
    {"ms", std::chrono::milliseconds(1)}, {"us", std::chrono::microseconds(1)},
    {"ns", std::chrono::nanoseconds(1)}};

}  // namespace catena::codec
