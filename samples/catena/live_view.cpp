#include "live_view.hpp"

#include "ui/assets.hpp"
#include "ui/document.hpp"
#include "ui/texts.hpp"
#include "whole_file.hpp"

#include <boost/system/system_error.hpp>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace command {

namespace {

// A page asks once a second: so long, at most, the command waits for one that is open.
constexpr auto patience = std::chrono::milliseconds(2500);

std::uint16_t port_of(const std::string& text)
{
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, port);
    if (read.ec != std::errc() || read.ptr != end)
        throw std::invalid_argument("--ui=" + text + ": a port is a number from 0 to 65535");
    return port;
}

void require_file(const std::string& path)
{
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder))
        throw std::invalid_argument("--ui-report " + path + ": there is no folder " +
                                    folder.string());
    if (std::filesystem::path(path).extension() != ".html")
        throw std::invalid_argument("--ui-report " + path + ": its ending is .html");
}

}  // namespace

catena::time_point moment()
{
    return catena::time_point(std::chrono::steady_clock::now().time_since_epoch());
}

live_view::live_view(const run_words& words, std::string name)
    : wants_page_(!words.ui.empty()), report_(words.ui_report)
{
    if (wants_page_) port_ = port_of(words.ui);
    if (!report_.empty()) require_file(report_);
    if (wants_page_ || !report_.empty()) gauges_.emplace(std::move(name), moment());
}

std::string live_view::serve(boost::asio::any_io_executor ex, const catena::job& of)
{
    if (!wants_page_) return {};
    const auto fresh = [this, &of](std::string (*text)(const ui::gauges&)) {
        return [this, &of, text] {
            look(of);
            return text(*gauges_);
        };
    };
    try {
        server_.emplace(std::move(ex), ui::site(fresh(ui::to_prometheus), fresh(ui::to_json)),
                        port_);
    } catch (const boost::system::system_error& e) {
        throw std::invalid_argument("--ui: cannot listen on 127.0.0.1:" + std::to_string(port_) +
                                    ": " + e.code().message() +
                                    "; take another port, or --ui alone for one that is free");
    }
    std::string text = "live page: " + server_->url();
    if (!ui::assets::no_plots.empty()) text += " (" + std::string(ui::assets::no_plots) + ')';
    return text;
}

void live_view::look(const catena::job& of)
{
    if (gauges_) gauges_->on_state(of.progress(), of.budget(), moment());
}

void live_view::end(const catena::job& of, std::string outcome)
{
    if (!gauges_) return;
    look(of);
    gauges_->on_end(std::move(outcome), moment());
}

void live_view::report() const
{
    if (!report_.empty()) write_whole(report_, ui::whole_page(ui::to_json(*gauges_)));
}

void live_view::finish(std::function<void()> done) { server_->finish(patience, std::move(done)); }

void live_view::stop() { server_->stop(); }

}  // namespace command
