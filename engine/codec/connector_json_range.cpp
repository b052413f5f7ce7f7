// range: how a query is restricted to a part of the dataset.
#include "codec/connector_json_reading.hpp"

#include <optional>
#include <string>

namespace catena::codec {
namespace {

// A wrong guess at what the server includes loses the records at the borders: it must be said.
void read(reading& in, const node& n, std::optional<range_edge>& out)
{
    if (!n) return;
    out.emplace();
    if (!in.object(n, edge_members)) return;
    const node to = reading::member(n, "to");
    const node bound = reading::member(n, "bound");
    if (to) read(in, to, out->to);
    recovery_rule::bound includes = recovery_rule::bound::inclusive;
    in.one_word(bound, bound_words, includes);
    out->inclusive = includes == recovery_rule::bound::inclusive;
    if ((!to || !bound) && !in.flawed(n.pointer))
        in.flaw(n, "an edge needs a place, and whether the server's answer includes its value",
                "write {\"to\": {\"query\": \"since_id\"}, \"bound\": \"exclusive\"}");
}

void read_values(reading& in, const node& n, std::vector<std::string>& out)
{
    in.each(n, [&](const node& item) {
        std::string one;
        if (item.is->kind == json_kind::number)
            out.emplace_back(item.is->octets);
        else if (in.text(item, one))
            out.push_back(std::move(one));
    });
}

}  // namespace

void read(reading& in, const node& n, range_rule& out)
{
    if (!in.object(n, range_members)) return;
    in.text(reading::member(n, "by"), out.by);
    const node type = reading::member(n, "type");
    if (!type && !in.flawed(n.pointer))
        in.flaw(n, "nothing says of which type the borders are",
                "add \"type\": \"integer\", \"decimal\", \"text\", \"time\" or \"values\"");
    in.one_word(type, range_type_words, out.type);
    read(in, reading::member(n, "lower"), out.lower);
    read(in, reading::member(n, "upper"), out.upper);
    in.one_word(reading::member(n, "time"), moment_words, out.time);
    in.time_span(reading::member(n, "resolution"), out.resolution);
    if (const node to = reading::member(n, "to")) read(in, to, out.to);
    read_values(in, reading::member(n, "values"), out.values);
}

}  // namespace catena::codec
