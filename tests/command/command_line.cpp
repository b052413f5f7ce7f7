#include "command/command_line.hpp"

#include "support/catch.hpp"
#include "support/file_text.hpp"
#include <catena/codec/connector_json.hpp>

#include <fstream>
#include <stdexcept>
#include <utility>

namespace catena::testing {

std::string command_line::file(const std::string& name) const
{
    return child_.folder() + '/' + name;
}

void command_line::describe(const std::string& name, const connector& c)
{
    std::ofstream(file(name)) << to_json(c);
}

void command_line::start(std::vector<std::string> words)
{
    for (std::string& word : words)
        if (word.starts_with("@")) word = file(word.substr(1));
    std::vector<std::string> all{
        "/bin/sh", "-c", R"(exec "$0" "$@" >")" + file("out") + R"(" 2>")" + file("talk") + '"',
        CATENA_COMMAND};
    all.insert(all.end(), words.begin(), words.end());
    if (!child_.start(std::move(all))) throw std::runtime_error("no shell here");
}

command_line::outcome command_line::wait()
{
    outcome o;
    o.code = child_.wait();
    o.out = plain_text(file("out"));
    o.talk = plain_text(file("talk"));
    return o;
}

command_line::outcome command_line::run(std::vector<std::string> words)
{
    start(std::move(words));
    return wait();
}

void expect(const command_line::outcome& o, int code, const std::vector<std::string>& told)
{
    INFO(o.talk);
    CHECK(o.code == code);
    for (const std::string& each : told) {
        INFO(each);
        CHECK(o.talk.find(each) != std::string::npos);
    }
}

connector items_by_id()
{
    return load_connector(R"({
        "name": "items", "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 10},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
        "range": {"by": "/id", "type": "integer",
                  "lower": {"to": {"query": "from"}, "bound": "inclusive"},
                  "upper": {"to": {"query": "before"}, "bound": "exclusive"}}
    })");
}

}  // namespace catena::testing
