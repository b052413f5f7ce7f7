#include "ui/texts.hpp"

#include "ui/metrics.hpp"
#include <catena/core/json_text.hpp>
#include <catena/version.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace ui {

using catena::quote;

namespace {

std::string name_of(trouble t)
{
    switch (t) {
        case trouble::throttled: return "throttled";
        case trouble::retried: return "retried";
        case trouble::recovered: break;
    }
    return "recovered";
}

std::string name_of(catena::job_chain::state is)
{
    using state = catena::job_chain::state;
    switch (is) {
        case state::walking: return "walking";
        case state::ended: return "ended";
        case state::stopped: return "stopped";
        case state::left: break;
    }
    return "left";
}

/// "[a,b,c]" of what `text` makes of each.
template <class List, class Text>
std::string array_of(const List& all, Text text)
{
    std::string out = "[";
    for (const auto& each : all) {
        if (out.size() > 1) out += ',';
        out += text(each);
    }
    return out + ']';
}

template <class N>
std::string numbers(const std::vector<N>& all)
{
    return array_of(all, [](N n) { return std::to_string(n); });
}

std::string points_json(const std::vector<point>& points)
{
    std::string out = "{";
    const auto column = [&](std::string_view name, auto text) {
        if (out.size() > 1) out += ',';
        out += quote(name) + ':' + array_of(points, text);
    };
    // Of no answers there is no time, and of no bound no line.
    const auto time = [&](std::string_view name, double point::*which) {
        column(name, [which](const point& p) {
            return p.answers == 0 ? std::string("null") : in_digits(p.*which, 4);
        });
    };
    column("until", [](const point& p) { return in_digits(p.until, 3); });
    column("records", [](const point& p) { return std::to_string(p.records); });
    column("requests", [](const point& p) { return std::to_string(p.requests); });
    column("throttled", [](const point& p) { return std::to_string(p.throttled); });
    column("recovered", [](const point& p) { return std::to_string(p.recovered); });
    column("retried", [](const point& p) { return std::to_string(p.retried); });
    column("in_flight", [](const point& p) { return std::to_string(p.in_flight); });
    column("bound", [](const point& p) {
        return p.bound == 0 ? std::string("null") : std::to_string(p.bound);
    });
    column("held", [](const point& p) { return std::string(p.held ? "1" : "0"); });
    time("p50", &point::p50);
    time("p90", &point::p90);
    time("p99", &point::p99);
    return out + '}';
}

std::string strip_json(const strip& s)
{
    const catena::job_chain& c = s.last;
    std::string out = "{\"chain\":" + std::to_string(c.id) + ",\"state\":" + quote(name_of(c.is)) +
                      ",\"begun\":" + in_digits(s.begun, 3) +
                      ",\"ended\":" + in_digits(s.ended, 3) +
                      ",\"pages\":" + std::to_string(c.pages) +
                      ",\"records\":" + std::to_string(c.records) + ",\"done\":";
    out += c.to > c.from ? in_digits((c.done_to - c.done_from) / (c.to - c.from), 3) : "null";
    out += ",\"troubles\":" + std::to_string(s.troubles) + ",\"marks\":";
    out += array_of(s.marks, [](const strip::mark& m) {
        return '[' + in_digits(m.at, 3) + ',' + quote(name_of(m.what)) + ']';
    });
    return out + '}';
}

std::string keys_json(const key_bar& k)
{
    using state = catena::job_chain::state;
    if (!k.placed()) return "null";
    return "{\"done\":" + numbers(k.done()) +
           ",\"walking\":" + numbers(k.cells_with(state::walking)) +
           ",\"stopped\":" + numbers(k.cells_with(state::stopped)) + '}';
}

std::string key_of(const metric& m)
{
    return m.label.empty() ? m.name : std::string(m.name) + '{' + m.label + '}';
}

}  // namespace

std::string in_digits(double d, int digits)
{
    std::array<char, 64> room{};
    if (!std::isfinite(d)) d = 0;
    const auto end =
        std::to_chars(room.data(), room.data() + room.size(), d, std::chars_format::fixed, digits);
    if (end.ec != std::errc()) return "0";
    std::string text(room.data(), end.ptr);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

std::string to_prometheus(const gauges& g)
{
    std::string out;
    std::string_view before;
    for (const metric& m : metrics_of(g)) {
        if (m.name != before) {
            out += std::string("# HELP ") + m.name + ' ' + m.help + '\n';
            out += std::string("# TYPE ") + m.name + ' ' + m.type + '\n';
        }
        before = m.name;
        out += key_of(m) + ' ' + m.value + '\n';
    }
    const std::string name = "catena_exchange_seconds";
    out += "# HELP " + name + " From the grant of the budget to the end of the answer.\n";
    out += "# TYPE " + name + " histogram\n";
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < latency_steps::borders.size(); ++i) {
        sum += g.steps().at(i);
        out += name + "_bucket{le=\"" + in_digits(latency_steps::borders[i], 3) + "\"} " +
               std::to_string(sum) + '\n';
    }
    const std::string count = std::to_string(g.times().count());
    out += name + "_bucket{le=\"+Inf\"} " + count + '\n';
    out += name + "_sum " + in_digits(g.times().sum(), 6) + '\n';
    out += name + "_count " + count + '\n';
    return out;
}

std::string to_json(const gauges& g)
{
    const latency& t = g.times();
    std::string out = "{\"name\":" + quote(g.name()) + ",\"version\":" + quote(CATENA_VERSION) +
                      ",\"ended\":" + (g.ended() ? "true" : "false") +
                      ",\"outcome\":" + quote(g.outcome()) +
                      ",\"seconds\":" + in_digits(g.seconds(), 3) + ",\"metrics\":{";
    bool first = true;
    for (const metric& m : metrics_of(g)) {
        if (!std::exchange(first, false)) out += ',';
        out += quote(key_of(m)) + ':' + m.value;
    }
    out += "},\"latency\":{\"count\":" + std::to_string(t.count());
    for (const auto& [name, q] : {std::pair{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"max", 1.0}})
        out += ",\"" + std::string(name) + "\":" + in_digits(t.quantile(q), 4);
    out += "},\"points\":" + points_json(g.points());
    out += ",\"slowest\":" + array_of(g.slowest(), strip_json);
    return out + ",\"keys\":" + keys_json(g.keys()) + "}\n";
}

}  // namespace ui
