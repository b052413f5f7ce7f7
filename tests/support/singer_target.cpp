// A tiny Singer target, as strict as real ones are: reads messages, writes records into a file, and
// prints a STATE only when the records before it are there to stay.
//
//   singer_target RECORDS.jsonl [DIES_AFTER]
//
// With DIES_AFTER it ends at that message as if it were killed: what it has not flushed is lost.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string>

namespace json = boost::json;

namespace {

constexpr std::size_t records_at_once = 250;  // a batch ends in the middle of a page

class target {
public:
    explicit target(const char* path) : file_(path, std::ios::app) {}

    void take(const json::object& message)
    {
        const std::string type(message.at("type").as_string());
        if (type == "SCHEMA") {
            streams_.emplace(message.at("stream").as_string());
            keys_ = message.at("key_properties").as_array();
        } else if (type == "RECORD") {
            add(message);
        } else if (type == "STATE") {
            state_ = json::serialize(message.at("value"));
            if (waiting_ == 0) keep();
        } else {
            throw std::runtime_error("a message of no known type: " + type);
        }
    }

    void keep()
    {
        if (!(file_ << lines_) || !file_.flush()) throw std::runtime_error("cannot write");
        lines_.clear();
        waiting_ = 0;
        if (state_ == told_) return;
        told_ = state_;
        std::cout << state_ << std::endl;
    }

private:
    void add(const json::object& message)
    {
        if (!streams_.contains(std::string(message.at("stream").as_string())))
            throw std::runtime_error("a RECORD before its SCHEMA");
        const json::object& record = message.at("record").as_object();
        for (const json::value& key : keys_)
            if (!record.contains(key.as_string())) throw std::runtime_error("no key in a RECORD");
        lines_ += json::serialize(record) + '\n';
        if (++waiting_ < records_at_once) return;
        // The newest STATE speaks of records before these: it may be told once they are written.
        keep();
    }

    std::ofstream file_;
    std::set<std::string> streams_;
    json::array keys_;
    std::string lines_, state_, told_;
    std::size_t waiting_ = 0;
};

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc < 2) return EXIT_FAILURE;
    target into(argv[1]);
    std::size_t left = argc > 2 ? std::stoul(argv[2]) : std::string::npos;
    for (std::string line; std::getline(std::cin, line);) {
        if (left-- == 0) std::_Exit(EXIT_FAILURE);
        into.take(json::parse(line).as_object());
    }
    into.keep();
} catch (const std::exception& e) {
    std::cerr << "singer_target: " << e.what() << '\n';
    return EXIT_FAILURE;
}
