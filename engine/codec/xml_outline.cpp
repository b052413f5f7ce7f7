#include "codec/xml_outline.hpp"

#include "codec/scan_octets.hpp"
#include "codec/xml_scan.hpp"
#include "core/connector_checks.hpp"
#include <catena/core/json_text.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <expat.h>
#include <new>
#include <vector>

namespace catena::codec {
namespace {

/// A text as the JSON value that it reads like.
std::string value_of(const std::string& text)
{
    const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
    return digits || text == "true" || text == "false" ? text : quote(text);
}

class writer {
public:
    explicit writer(std::string_view records)
        : records_(records), parser_(XML_ParserCreate("UTF-8"))
    {
        if (!parser_) throw std::bad_alloc();
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(
            parser_.get(),
            [](void* self, const char* name, const char** attributes) {
                static_cast<writer*>(self)->guarded(
                    [&](writer& w) { w.on_start(local_name(name), attributes); });
            },
            [](void* self, const char*) {
                static_cast<writer*>(self)->guarded([](writer& w) { w.on_end(); });
            });
        XML_SetCharacterDataHandler(parser_.get(), [](void* self, const char* text, int length) {
            static_cast<writer*>(self)->guarded([&](writer& w) {
                if (w.hidden_ == 0 && !w.open_.empty() && !w.open_.back().parent)
                    w.open_.back().text.append(text, static_cast<std::size_t>(length));
            });
        });
    }

    std::optional<xml_outline> read(std::string_view body)
    {
        constexpr std::size_t most = std::size_t(1) << 30;  // Expat counts a piece in an int
        XML_Status is = XML_STATUS_OK;
        do {
            const std::string_view piece = body.substr(0, most);
            body.remove_prefix(piece.size());
            is = XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()),
                           body.empty());
        } while (is == XML_STATUS_OK && !body.empty());
        if (thrown_) std::rethrow_exception(thrown_);
        if (is != XML_STATUS_OK) return std::nullopt;
        return std::move(out_);
    }

private:
    struct element {
        std::string text, attributes;
        std::size_t path;     // length of the pointer to what it stands in
        bool parent = false;  // elements stand in it, so its object is begun
    };

    template <class Step>
    void guarded(Step step) noexcept
    {
        if (thrown_) return;
        try {
            step(*this);
        } catch (...) {
            thrown_ = std::current_exception();
            XML_StopParser(parser_.get(), XML_FALSE);
        }
    }

    void member(std::string_view name)
    {
        if (out_.json.back() != '{') out_.json += ',';
        out_.json += quote(name) + ':';
    }

    void on_start(std::string_view name, const char** attributes)
    {
        const std::size_t path = path_.size();
        path_ += '/' + core::pointer_token(name);
        if (hidden_ != 0 || path_ == records_) {
            ++hidden_;
            lengths_.push_back(path);
            return;
        }
        if (open_.empty()) {
            out_.root = path_;
        } else {
            if (!open_.back().parent) out_.json += '{' + open_.back().attributes;
            open_.back().parent = true;
            member(name);
        }
        element e{{}, {}, path};
        for (; *attributes != nullptr; attributes += 2) {
            if (declares_namespace(attributes[0])) continue;
            const std::string at = '@' + std::string(local_name(attributes[0]));
            e.attributes +=
                (e.attributes.empty() ? "" : ",") + quote(at) + ':' + value_of(attributes[1]);
        }
        open_.push_back(std::move(e));
    }

    void on_end()
    {
        if (hidden_ != 0) {
            --hidden_;
            path_.resize(lengths_.back());
            lengths_.pop_back();
            return;
        }
        const element e = std::move(open_.back());
        open_.pop_back();
        path_.resize(e.path);
        const bool blank = std::all_of(e.text.begin(), e.text.end(), is_space);
        const bool object = open_.empty() || (blank && !e.attributes.empty());
        if (e.parent)
            out_.json += '}';
        else if (object)
            out_.json += '{' + e.attributes + '}';
        else
            out_.json += value_of(blank ? std::string() : e.text);
    }

    std::string_view records_;
    parser_handle parser_;
    xml_outline out_;
    std::string path_;                  // JSON Pointer of the innermost open element
    std::vector<element> open_;         // but for those in records
    std::vector<std::size_t> lengths_;  // of `path_` before each open element in records
    std::size_t hidden_ = 0;            // open elements in records
    std::exception_ptr thrown_;
};

}  // namespace

std::optional<xml_outline> outline_of(std::string_view body, std::string_view records)
{
    return writer(records).read(body);
}

}  // namespace catena::codec
