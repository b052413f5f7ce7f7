#include "page_server.hpp"

#include "measured.hpp"
#include <catena/testing/mock_api.hpp>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace catena::bench {

namespace {

// Ten digits, so that a number can be put in place without moving what follows.
constexpr std::uint64_t first_id = 1'000'000'000;

// Sizes of records as real APIs have them: larger pages tend to have larger records.
std::size_t octets_of_record(std::size_t records)
{
    return records <= 10 ? 140 : records <= 100 ? 170 : 298;
}

class page_writer {
public:
    explicit page_writer(std::size_t records)
    {
        const std::size_t size = octets_of_record(records);
        text_ = R"({"items":[)";
        for (std::size_t i = 0; i < records; ++i) {
            const std::size_t begin = text_.size();
            text_ += i == 0 ? R"({"id":)" : R"(,{"id":)";
            places_.push_back(text_.size());
            text_ += R"(0000000000,"kind":"event","active":true,"score":12.75,"note":")";
            text_ += std::string(size - 2 - (text_.size() - begin), 'x') + "\"}";
        }
        text_ += R"(],"next":")";
        token_ = text_.size();
        text_ += R"(0000000000"})";
    }

    std::string page(std::uint64_t number) const
    {
        std::string text = text_;
        const std::uint64_t first = first_id + number * places_.size();
        for (std::size_t i = 0; i < places_.size(); ++i)
            put(text, places_[i], first + i);
        put(text, token_, first_id + number + 1);
        return text;
    }

private:
    static void put(std::string& text, std::size_t at, std::uint64_t number)
    {
        std::to_chars(text.data() + at, text.data() + at + 10, number);
    }

    std::string text_;
    std::vector<std::size_t> places_;
    std::size_t token_ = 0;
};

std::uint64_t number_of_page(std::string_view target)
{
    const std::string_view mark = "cursor=";
    const std::size_t at = target.find(mark);
    std::uint64_t token = first_id;
    if (at != target.npos)
        std::from_chars(target.data() + at + mark.size(), target.data() + target.size(), token);
    return token - first_id;
}

// Serve until the other end of `life` closes.
void serve(std::size_t records, int life, int report)
{
    stay_on_core(1);
    const page_writer writer(records);
    testing::mock_api server([&](const http_request& ask, time_point) {
        return testing::scripted_answer(200, writer.page(number_of_page(ask.target)));
    });
    const unsigned short port = server.port();
    if (write(report, &port, sizeof port) != static_cast<ssize_t>(sizeof port)) return;
    char nothing = 0;
    while (read(life, &nothing, 1) > 0)
        continue;
}

}  // namespace

page_server::page_server(std::size_t records)
{
    int life[2], report[2];
    if (pipe(life) != 0 || pipe(report) != 0) throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ < 0) throw std::runtime_error("no process");
    if (child_ == 0) {
        close(life[1]);
        close(report[0]);
        try {
            serve(records, life[0], report[1]);
        } catch (const std::exception&) {
            std::_Exit(EXIT_FAILURE);
        }
        std::_Exit(EXIT_SUCCESS);
    }
    close(life[0]);
    close(report[1]);
    life_ = life[1];
    const ssize_t got = read(report[0], &port_, sizeof port_);
    close(report[0]);
    if (got != static_cast<ssize_t>(sizeof port_)) throw std::runtime_error("no server");
}

page_server::~page_server()
{
    close(life_);
    waitpid(child_, nullptr, 0);
}

}  // namespace catena::bench
