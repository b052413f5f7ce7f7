// Probing over the wire: what the machine asks for is sent, one request after another.
#include "commands.hpp"
#include "probe/finding.hpp"
#include "probe/machine.hpp"
#include "probe/request.hpp"
#include "whole_file.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/codec/decode.hpp>
#include <catena/core/json_text.hpp>
#include <catena/net/http_transport.hpp>
#include <catena/net/system_time.hpp>
#include <catena/version.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <utility>

namespace command {

namespace asio = boost::asio;

namespace {

constexpr std::size_t largest_body = 64 * 1024 * 1024;

// A secret of this process's environment, or of a file without its final newline.
std::optional<catena::secret> look_up(catena::setting::source from, const std::string& name)
{
    std::string text;
    if (from == catena::setting::source::environment) {
        const char* value = std::getenv(name.c_str());
        if (value != nullptr) text = value;
    } else {
        std::ifstream file(name, std::ios::binary);
        text.assign(std::istreambuf_iterator<char>(file), {});
        if (text.ends_with('\n')) text.pop_back();
        if (text.ends_with('\r')) text.pop_back();
    }
    if (text.empty()) return std::nullopt;
    return catena::secret(std::move(text));
}

bool names_agent(const catena::header_field& h)
{
    return catena::equal_ignoring_case(h.name, "User-Agent");
}

/// Takes one answer whole, content codings undone.
class whole_answer final : public catena::response_receiver {
public:
    catena::error_code on_head(const catena::response_head& head) override
    {
        got.status = head.status;
        std::vector<std::string_view> codings;
        for (const catena::header_view& h : head.headers) {
            if (catena::equal_ignoring_case(h.name, "Content-Encoding"))
                codings.push_back(h.value);
            else
                got.headers.push_back({std::string(h.name), std::string(h.value)});
        }
        const catena::content_codings undo = catena::read_content_codings(codings);
        if (undo.trouble) return undo.trouble;
        decoder_.reset(undo.undo, largest_body);
        return {};
    }

    catena::error_code on_body(std::string_view octets) override
    {
        return decoder_.push(octets, got.body);
    }

    catena::error_code finish() { return decoder_.finish(); }

    probe::answer got;

private:
    catena::decoder decoder_;
};

/// Sends what is asked for, through the transport that a run uses.
class wire {
public:
    wire() : transport_(context_.get_executor()), clock_(context_.get_executor()) {}

    /// @return What came, or nothing with the reason in `failed` and `detail`.
    std::optional<probe::answer> exchange(const probe::ask& a, catena::duration pause)
    {
        catena::diagnostics why;
        auto request = probe::to_request(a, look_up, why);
        if (!request) throw std::invalid_argument(why.what + "; " + why.mend);
        if (std::none_of(request->headers.begin(), request->headers.end(), names_agent))
            request->headers.push_back({"User-Agent", "catena/" CATENA_VERSION});
        if (pause > catena::duration::zero()) wait(pause);

        whole_answer to;
        transport_.async_exchange(*request, to,
                                  [&](catena::error_code ec, catena::exchange_report report) {
                                      failed = ec;
                                      detail = std::move(report.detail);
                                  });
        go();
        if (!failed) failed = to.finish();
        if (!failed) return std::move(to.got);
        detail = failed.message() + (detail.empty() ? "" : " (" + detail + ")");
        return std::nullopt;
    }

    [[nodiscard]] catena::wall_time now() const { return clock_.wall_now(); }

    catena::error_code failed;
    std::string detail;

private:
    void wait(catena::duration pause)
    {
        clock_.async_wait_until(clock_.now() + pause, [](catena::error_code) {});
        go();
    }

    void go()
    {
        context_.restart();
        context_.run();
    }

    asio::io_context context_{1};
    catena::http_transport transport_;
    catena::system_time clock_;
};

// "Name: text", or "Name: {...}" with a reference to a secret: as a member of a connector file.
std::string as_member(const std::string& word)
{
    const std::size_t colon = word.find(':');
    const std::size_t begin = word.find_first_not_of(" \t", colon + 1);
    if (colon == std::string::npos || colon == 0 || begin == std::string::npos)
        throw std::invalid_argument("write it as 'Name: text' or 'Name: {\"$env\": \"TOKEN\"}'");
    const std::string text = word.substr(begin);
    std::string value = catena::quote(text);
    if (text.front() == '{') {
        boost::system::error_code bad;
        const auto reference = boost::json::parse(text, bad);
        if (bad) throw std::invalid_argument("what stands behind the colon is no JSON");
        value = boost::json::serialize(reference);
    }
    return catena::quote(word.substr(0, colon)) + ": " + value;
}

std::string members(const std::vector<std::string>& words)
{
    std::string all;
    for (const std::string& word : words)
        all += (all.empty() ? "" : ", ") + as_member(word);
    return '{' + all + '}';
}

// The user's words, read and refused as those of a connector file.
catena::request_rule request_of(const probe_words& words)
{
    const std::string text =
        R"({"request": {"url": )" + catena::quote(words.url) + R"(, "headers": )" +
        members(words.headers) + R"(, "query": )" + members(words.query) +
        R"(}, "next": {"from": {"counter": {}}, "to": {"query": "catena-probe"}},
                                 "end": "empty_page"})";
    std::vector<catena::connector_file_flaw> flaws;
    std::optional<catena::connector> c = catena::load_connector(text, flaws);
    if (c) return std::move(c->request);
    std::string all;
    bool of_secrets = false;
    for (const catena::connector_file_flaw& each : flaws) {
        all += (all.empty() ? "" : "\n") + each.what + "; " + each.mend;
        of_secrets = of_secrets || each.what.find("credential") != std::string::npos ||
                     each.what.find("secret") != std::string::npos;
    }
    if (of_secrets)
        all +=
            "\nSecrets are named: --header 'Authorization: {\"$env\": \"TOKEN\", "
            "\"prefix\": \"Bearer \"}', --query 'api_key: {\"$env\": \"KEY\"}'";
    throw std::invalid_argument(all);
}

}  // namespace

exit_code probe_api(const probe_words& words, terminal& talk)
{
    if (!words.out.empty() && std::filesystem::exists(words.out))
        throw std::invalid_argument(words.out +
                                    " is there already; remove it or name another file");
    const std::filesystem::path folder = std::filesystem::path(words.out).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder))
        throw std::invalid_argument("--out " + words.out + ": there is no folder " +
                                    folder.string());
    probe::wish wish;
    wish.request = request_of(words);
    wish.records = words.records;
    wish.key = words.key;
    wish.parameter = words.parameter;
    const unsigned most = wish.most_requests;
    probe::machine machine(std::move(wish));

    wire over;
    catena::error_code unanswered;
    talk.tell("at most " + std::to_string(most) + " requests are sent");
    while (machine.next()) {
        const std::string number = std::to_string(machine.result().requests);
        talk.tell("  " + number + ": " + machine.next()->purpose);
        std::optional<probe::answer> got = over.exchange(*machine.next(), machine.pause());
        if (got) {
            machine.on_answer(std::move(*got), over.now());
        } else {
            unanswered = over.failed;
            machine.on_failure(over.detail);
        }
    }

    const probe::proposal& found = machine.result();
    if (!found.is) {
        talk.tell(probe::to_text(found));
        if (talk.is_quiet()) talk.say(found.refusal);
        if (unanswered) return code_of(unanswered);
        if (found.wrong_words) return usage;
        return found.refused_by_server ? refused : unproven;
    }
    const std::string file = catena::to_json(*found.is);
    talk.tell(probe::to_text(found));
    if (words.out.empty()) {
        std::cout << file << (file.ends_with('\n') ? "" : "\n");
    } else {
        write_whole(words.out, file);
        talk.tell("look at it, then: catena run " + quoted({words.out}));
    }
    return done;
}

}  // namespace command
