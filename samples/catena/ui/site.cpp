#include "ui/site.hpp"

#include "ui/assets.hpp"
#include "ui/document.hpp"

#include <utility>

namespace ui {

const std::string_view live_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

site::site(text metrics, text data) : metrics_(std::move(metrics)), data_(std::move(data)) {}

bool is_local_host(std::string_view host, std::uint16_t port)
{
    const std::string number = ':' + std::to_string(port);
    for (const std::string_view name : {"127.0.0.1", "localhost"})
        if (host == std::string(name) + number) return true;
    return false;
}

web_answer site::answer(std::string_view method, std::string_view target, std::string_view host,
                        std::uint16_t port) const
{
    const auto plain = [](int status, std::string body) {
        return web_answer{status, "text/plain; charset=utf-8", std::move(body), {}};
    };
    if (!is_local_host(host, port)) return plain(421, "this server is 127.0.0.1 only\n");
    if (method != "GET") {
        web_answer a = plain(405, "only GET\n");
        a.allow = "GET";
        return a;
    }
    const auto file = [](const char* type, std::string_view body) {
        return web_answer{200, type, std::string(body), {}};
    };
    if (target == "/") return {200, "text/html; charset=utf-8", live_page(), {}};
    if (target == "/metrics")
        return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_(), {}};
    if (target == data_path) return {200, "application/json", data_(), {}};
    if (target == "/page.css") return file("text/css; charset=utf-8", assets::page_css);
    if (target == "/page.js") return file("text/javascript; charset=utf-8", assets::page_js);
    if (assets::no_plots.empty() && target == "/uplot.css")
        return file("text/css; charset=utf-8", assets::plot_css);
    if (assets::no_plots.empty() && target == "/uplot.js")
        return file("text/javascript; charset=utf-8", assets::plot_js);
    return plain(404, "no such page\n");
}

}  // namespace ui
