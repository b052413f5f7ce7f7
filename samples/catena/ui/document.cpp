#include "ui/document.hpp"

#include "ui/assets.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace ui {

namespace {

std::string replaced(std::string text, std::string_view mark, std::string_view by)
{
    const std::size_t at = text.find(mark);
    if (at == std::string::npos)
        throw std::logic_error("the page has no place " + std::string(mark));
    return text.replace(at, mark.size(), by);
}

/// The page with what goes into its head and to its end.
std::string filled(std::string_view head, std::string_view end)
{
    std::string page = replaced(std::string(assets::page_html), "<!-- head -->", head);
    page = replaced(std::move(page), "<!-- no plots -->", assets::no_plots);
    return replaced(std::move(page), "<!-- end -->", end);
}

/// As a policy names an inline element: "'sha256-...'".
std::string hash_of(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL has no SHA-256 here");
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> base64{};
    const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
    return "'sha256-" + std::string(base64.begin(), base64.begin() + length) + '\'';
}

/// No octet of it ends the element that it stands in (HTML, 13.1.2.1).
std::string inert(std::string_view json)
{
    std::string out;
    out.reserve(json.size());
    for (const char c : json)
        if (c == '<')
            out += "\\u003c";
        else
            out += c;
    return out;
}

}  // namespace

std::string live_page()
{
    const bool plots = assets::no_plots.empty();
    const std::string css = "<link rel=\"stylesheet\" href=\"page.css\">";
    const std::string js = "<script src=\"page.js\"></script>";
    if (!plots) return filled(css, js);
    return filled("<link rel=\"stylesheet\" href=\"uplot.css\">" + css,
                  "<script src=\"uplot.js\"></script>" + js);
}

std::string whole_page(std::string_view data)
{
    std::string styles, scripts, style_hashes, script_hashes;
    for (const std::string_view css : {assets::plot_css, assets::page_css}) {
        if (css.empty()) continue;
        styles += "<style>" + std::string(css) + "</style>";
        style_hashes += ' ' + hash_of(css);
    }
    for (const std::string_view js : {assets::plot_js, assets::page_js}) {
        if (js.empty()) continue;
        scripts += "<script>" + std::string(js) + "</script>";
        script_hashes += ' ' + hash_of(js);
    }
    const std::string policy =
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src" +
        script_hashes + "; style-src" + style_hashes +
        "; img-src data:; base-uri 'none'; form-action 'none'\">";
    return filled(policy + styles, "<script type=\"application/json\" id=\"data\">" + inert(data) +
                                       "</script>" + scripts);
}

}  // namespace ui
