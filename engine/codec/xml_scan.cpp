#include "codec/xml_scan.hpp"

#include <catena/core/http.hpp>

#include <algorithm>
#include <expat.h>
#include <new>
#include <utility>

namespace catena::codec {

void require_xml() {}

void end_of_parser::operator()(XML_ParserStruct* p) const noexcept { XML_ParserFree(p); }

namespace {

// A tag's attributes are taken in at once, in time that other chains wait for.
constexpr std::size_t longest_tag = 1024 * 1024;

parser_handle new_parser()
{
    parser_handle p(XML_ParserCreate("UTF-8"));
    if (!p) throw std::bad_alloc();
    return p;
}

}  // namespace

std::string_view local_name(std::string_view name) noexcept
{
    return name.substr(name.rfind(':') + 1);
}

bool declares_namespace(std::string_view attribute) noexcept
{
    return attribute == "xmlns" || attribute.substr(0, 6) == "xmlns:";
}

xml_scanner::xml_scanner(const scan_plan& plan, const scan_limits& l)
    : plan_(&plan),
      limits_(l),
      // What a document declares about itself is judged here, not by the parser.
      parser_(new_parser()),
      seen_(plan.nodes_.size()),
      out_(plan)
{
    for (std::size_t i = 0; i < plan.nodes_.size(); ++i)
        if (plan.nodes_[i].records) records_root_ = static_cast<int>(i);
    while (records_root_ > 0 && node(records_root_).parent > 0)
        records_root_ = node(records_root_).parent;
    listen();
}

xml_scanner::~xml_scanner() = default;

// Expat is C: an exception must not pass through it.
template <auto member, class... Args>
void xml_scanner::call(void* self, Args... args) noexcept
{
    auto& s = *static_cast<xml_scanner*>(self);
    if (s.code_ || s.thrown_) return;  // a stopped parser may still finish its token
    try {
        (s.*member)(args...);
    } catch (...) {
        s.thrown_ = std::current_exception();
        XML_StopParser(s.parser_.get(), XML_FALSE);
    }
}

void xml_scanner::listen()
{
    XML_Parser p = parser_.get();
    XML_SetUserData(p, this);
    XML_SetXmlDeclHandler(p, [](void* self, const char*, const char* encoding, int) {
        call<&xml_scanner::on_declaration>(self, encoding);
    });
    XML_SetStartDoctypeDeclHandler(p, [](void* self, const char*, const char*, const char*, int) {
        call<&xml_scanner::on_doctype>(self);
    });
    XML_SetElementHandler(
        p,
        [](void* self, const char* name, const char** attributes) {
            call<&xml_scanner::on_start>(self, name, attributes);
        },
        [](void* self, const char*) { call<&xml_scanner::on_end>(self); });
    XML_SetCharacterDataHandler(p, [](void* self, const char* text, int length) {
        call<&xml_scanner::on_text>(self, text, length);
    });
}

void xml_scanner::reset(std::size_t records)
{
    // A parser keeps room for all names of the documents that it has read: ten times their octets.
    constexpr std::size_t large = 1024 * 1024;
    if (fed_ > large)
        parser_ = new_parser();
    else
        XML_ParserReset(parser_.get(), "UTF-8");
    listen();
    fed_ = open_ = at_ = depth_ = 0;
    code_ = {};
    trouble_text_.clear();
    trouble_ = -1;
    thrown_ = nullptr;
    frames_.clear();
    out_.reset(records);
}

std::size_t xml_scanner::place() const
{
    const XML_Index at = XML_GetCurrentByteIndex(parser_.get());
    return at < 0 ? 0 : static_cast<std::size_t>(at);
}

void xml_scanner::fail(errc why, std::size_t at, std::string text)
{
    code_ = make_error_code(why);
    at_ = at;
    trouble_text_ = std::move(text);
    XML_StopParser(parser_.get(), XML_FALSE);
}

error_code xml_scanner::feed(std::string_view body)
{
    if (code_ || foreign_start(body, false)) return code_;
    // A long token is read from its beginning again with each piece, unless it has doubled.
    if (body.size() >= 2 && body.size() - fed_ > open_) parse(body.substr(fed_), false);
    const bool tag = open_ > 1 && body[fed_ - open_] == '<' && body[fed_ - open_ + 1] != '!' &&
                     body[fed_ - open_ + 1] != '?';
    if (!code_ && tag && open_ > longest_tag) fail(errc::limit_exceeded, fed_ - open_);
    return code_;
}

error_code xml_scanner::finish(std::string_view body)
{
    if (code_ == errc::malformed_xml) locate(body);
    if (code_ || foreign_start(body, true)) return code_;
    parse(body.substr(fed_), true);
    return code_;
}

/// Where a malformed document goes wrong: of a token that came in pieces the parser may name
/// another octet than of the same token whole.
void xml_scanner::locate(std::string_view body)
{
    XML_ParserReset(parser_.get(), "UTF-8");
    code_ = {};
    fed_ = 0;
    parse(body, true);
    if (!code_) code_ = make_error_code(errc::malformed_xml);
}

/// Whether the document begins as UTF-16 or UTF-32 do, which the parser would take.
bool xml_scanner::foreign_start(std::string_view body, bool whole)
{
    if (fed_ != 0 || (body.size() < 2 && !whole)) return false;
    const std::string_view start = body.substr(0, 2);
    const bool wide = start == "\xfe\xff" || start == "\xff\xfe" || start.find('\0') != start.npos;
    if (wide) fail(errc::wrong_encoding, 0, "the document is in UTF-16 or UTF-32, not in UTF-8");
    return wide;
}

void xml_scanner::parse(std::string_view octets, bool last)
{
    constexpr std::size_t most = std::size_t(1) << 30;  // Expat counts a piece in an int
    do {
        const std::string_view piece = octets.substr(0, most);
        octets.remove_prefix(piece.size());
        fed_ += piece.size();
        const XML_Status is = XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()),
                                        last && octets.empty());
        if (thrown_) std::rethrow_exception(thrown_);
        if (code_) return;
        if (is != XML_STATUS_OK) {
            const XML_Error why = XML_GetErrorCode(parser_.get());
            if (why == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
            return fail(errc::malformed_xml, place(), XML_ErrorString(why));
        }
    } while (!octets.empty());
    at_ = fed_;
    open_ = fed_ - std::min(place(), fed_);
}

void xml_scanner::on_declaration(const char* encoding)
{
    if (encoding == nullptr) return;
    for (const std::string_view known : {"UTF-8", "UTF8", "US-ASCII", "ASCII"})
        if (equal_ignoring_case(encoding, known)) return;
    // The server's own word: whoever shows it strikes out secrets, and then cuts.
    const std::string_view named = std::string_view(encoding).substr(0, 1024);
    fail(errc::wrong_encoding, place(),
         "the document is not in UTF-8, but in " + std::string(named));
}

void xml_scanner::on_doctype()
{
    fail(errc::wrong_content, place(), "a document type declaration");
}

const scan_plan::node& xml_scanner::node(int n) const
{
    return plan_->nodes_[static_cast<std::size_t>(n)];
}

bool xml_scanner::once(int n, std::uint64_t serial, std::size_t at)
{
    std::uint64_t& seen = seen_[static_cast<std::size_t>(n)];
    if (seen == serial) {
        trouble_ = n;
        fail(errc::ambiguous_field, at);
        return false;
    }
    seen = serial;
    return true;
}

/// The plan's node for an element that begins, or -1 if the plan does not know it.
int xml_scanner::enter(std::string_view name, std::size_t at)
{
    const bool root = depth_ == 1;
    if (!root && (frames_.empty() || frames_.back().depth != depth_ - 1)) return -1;
    const int parent = root ? 0 : frames_.back().node;
    for (const scan_plan::edge& e : node(parent).edges) {
        if (e.name != name) continue;
        if (node(e.to).records) {
            if (out_.records_.size() == limits_.records) {
                fail(errc::limit_exceeded, at);
                return -1;
            }
            out_.begin_record(at);
            return scan_plan::record_root;
        }
        return once(e.to, root ? ++serial_ : frames_.back().serial, at) ? e.to : -1;
    }
    return -1;
}

void xml_scanner::on_start(const char* name, const char** attributes)
{
    const std::size_t at = place();
    const auto tag = static_cast<std::size_t>(XML_GetCurrentByteCount(parser_.get()));
    if (depth_ == limits_.depth || tag > longest_tag) return fail(errc::limit_exceeded, at);
    if (!frames_.empty() && frames_.back().depth == depth_ && frames_.back().reads) {
        out_.texts_.resize(frames_.back().text);
        frames_.back().reads = false;
    }
    ++depth_;
    const int n = enter(local_name(name), at);
    if (code_) return;
    if (depth_ == 1 && records_root_ >= 0 && n != records_root_)
        out_.place_ = {true, json_kind::object, false, false, {at, at}};
    if (n < 0) return;
    const std::vector<scan_plan::edge>& edges = node(n).edges;
    if (std::any_of(edges.begin(), edges.end(), [&](const auto& e) { return node(e.to).records; }))
        out_.place_ = {true, json_kind::array, false, false, {at, at}};
    const bool reads = node(n).slot >= 0 || node(n).field >= 0;
    const frame f{n, depth_, at, 0, ++serial_, n == scan_plan::record_root, reads};
    if (!read_attributes(f, attributes)) return;
    frames_.push_back(f);
    frames_.back().text = out_.texts_.size();
}

bool xml_scanner::read_attributes(const frame& f, const char** attributes)
{
    const std::vector<scan_plan::edge>& edges = node(f.node).edges;
    const bool wanted = std::any_of(edges.begin(), edges.end(),
                                    [](const auto& e) { return e.name.starts_with('@'); });
    for (; wanted && *attributes != nullptr; attributes += 2) {
        if (declares_namespace(attributes[0])) continue;
        const std::string_view name = local_name(attributes[0]);
        for (const scan_plan::edge& e : edges) {
            if (!e.name.starts_with('@') || std::string_view(e.name).substr(1) != name) continue;
            if (!once(e.to, f.serial, f.begin)) return false;
            const std::size_t begin = out_.texts_.size();
            out_.texts_ += attributes[1];
            out_.keep(node(e.to),
                      {true, json_kind::string, false, true, {begin, out_.texts_.size()}}, true);
        }
    }
    return true;
}

void xml_scanner::on_text(const char* text, int length)
{
    if (frames_.empty() || frames_.back().depth != depth_ || !frames_.back().reads) return;
    out_.texts_.append(text, static_cast<std::size_t>(length));
}

void xml_scanner::on_end()
{
    if (!frames_.empty() && frames_.back().depth == depth_) {
        const frame f = frames_.back();
        frames_.pop_back();
        const auto tag = static_cast<std::size_t>(XML_GetCurrentByteCount(parser_.get()));
        const extent whole{f.begin, place() + tag};
        found what{true, json_kind::object, false, false, whole};
        if (f.reads) what = {true, json_kind::string, false, true, {f.text, out_.texts_.size()}};
        out_.keep(node(f.node), what, true);
        if (f.record) out_.records_.back().end = whole.end;
    }
    --depth_;
}

std::string xml_scanner::pointer() const { return plan_->pointer_to(trouble_); }

}  // namespace catena::codec
