#include "ui/document.hpp"

#include "support/catch.hpp"
#include "ui/assets.hpp"
#include "ui/site.hpp"

#include <openssl/evp.h>

#include <array>
#include <string>

using namespace ui;

namespace {

std::size_t count(const std::string& text, const std::string& what)
{
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++n;
    return n;
}

site numbered_site()
{
    return site([] { return std::string("metrics\n"); }, [] { return std::string("{}"); });
}

std::string sha256(std::string_view text)
{
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::array<unsigned char, 45> base64{};
    EVP_EncodeBlock(base64.data(), digest.data(), 32);
    return {base64.begin(), base64.begin() + 44};
}

}  // namespace

TEST_CASE("each path of the page is answered to a caller on this machine alone", "[ui]")
{
    const site s = numbered_site();
    struct row {
        const char* method;
        const char* target;
        const char* host;
        int status;
    };
    const row rows[] = {
        {"GET", "/", "127.0.0.1:80", 200},
        {"GET", "/", "localhost:80", 200},
        {"GET", "/metrics", "127.0.0.1:80", 200},
        {"GET", "/data.json", "127.0.0.1:80", 200},
        {"GET", "/page.js", "127.0.0.1:80", 200},
        {"GET", "/page.css", "127.0.0.1:80", 200},
        {"GET", "/", "", 421},
        {"GET", "/", "127.0.0.1", 421},
        {"GET", "/", "127.0.0.1:81", 421},
        {"GET", "/", "127.0.0.1:8080", 421},
        {"GET", "/data.json", "evil.example:80", 421},
        {"GET", "/data.json", "127.0.0.1.evil.example:80", 421},
        {"GET", "/metrics", "localhost.evil.example:80", 421},
        {"GET", "/", "[::1]:80", 421},
        {"POST", "/", "127.0.0.1:80", 405},
        {"HEAD", "/", "127.0.0.1:80", 405},
        {"OPTIONS", "/data.json", "127.0.0.1:80", 405},
        {"POST", "/", "evil.example:80", 421},
        {"GET", "/other", "127.0.0.1:80", 404},
        {"GET", "/data.json?x", "127.0.0.1:80", 404},
        {"GET", "/../metrics", "127.0.0.1:80", 404},
        {"GET", "http://evil.example/", "127.0.0.1:80", 404},
        {"GET", "", "127.0.0.1:80", 404},
    };
    for (const row& r : rows) {
        CAPTURE(r.method, r.target, r.host);
        const web_answer a = s.answer(r.method, r.target, r.host, 80);
        CHECK(a.status == r.status);
        CHECK(a.allow == (r.status == 405 ? "GET" : ""));
        CHECK_FALSE(a.body.empty());
    }
    CHECK(s.answer("GET", "/metrics", "localhost:80", 80).body == "metrics\n");
    CHECK(s.answer("GET", "/metrics", "localhost:80", 80).type ==
          "text/plain; version=0.0.4; charset=utf-8");
    const int plots = assets::no_plots.empty() ? 200 : 404;
    CHECK(s.answer("GET", "/uplot.js", "localhost:80", 80).status == plots);
    CHECK(s.answer("GET", "/uplot.css", "localhost:80", 80).status == plots);
}

TEST_CASE("the page says why it has no plots, and has a licence where it has them", "[ui]")
{
    const std::string page = live_page();
    CHECK(page.find("http://") == std::string::npos);
    CHECK(page.find("https://") == std::string::npos);
    if (assets::no_plots.empty()) {
        CHECK(count(page, "uplot.js") == 1);
        CHECK(assets::plot_js.find("Permission is hereby granted") != std::string_view::npos);
    } else {
        CHECK(count(page, "uplot.js") == 0);
        CHECK(page.find(assets::no_plots) != std::string::npos);
        CHECK(assets::plot_js.empty());
    }
    CHECK(count(page, "<!-- ") == 0);
}

TEST_CASE("the report is one file whose data cannot become markup", "[ui]")
{
    const std::string data = R"({"name":"</script><script>alert(1)</script><!--"})";
    const std::string page = whole_page(data);
    CHECK(page.find("alert(1)</script>") == std::string::npos);
    CHECK(page.find(R"(\u003c/script>\u003cscript>alert(1)\u003c/script>\u003c!--)") !=
          std::string::npos);
    CHECK(count(page, "<link rel=\"stylesheet\"") == 0);
    CHECK(count(page, "src=") == 0);
    CHECK(page.find("default-src 'none'") != std::string::npos);
    CHECK(page.find("unsafe") == std::string::npos);
    CHECK(page.find("connect-src") == std::string::npos);
}

TEST_CASE("the report's policy names each of its own scripts and styles, and no other", "[ui]")
{
    const std::string page = whole_page("{}");
    const std::size_t wanted = assets::no_plots.empty() ? 4 : 2;
    CHECK(count(page, "'sha256-") == wanted);
    for (const std::string_view part :
         {assets::page_js, assets::page_css, assets::plot_js, assets::plot_css})
        if (!part.empty()) CHECK(page.find("'sha256-" + sha256(part) + '\'') != std::string::npos);
    CHECK(live_policy.find("unsafe") == std::string_view::npos);
    CHECK(
        live_policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; "
                                "connect-src 'self'"));
}
