#include "kept_text.hpp"

#include "record_splitter.hpp"
#include "record_writers.hpp"
#include <catena/codec/scan.hpp>
#include <catena/core/json_text.hpp>
#include <catena/core/key.hpp>
#include <catena/diagnostics.hpp>

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <utility>

namespace command {

namespace {

using catena::value;

[[noreturn]] void refuse(std::string what)
{
    catena::diagnostics why;
    why.code = catena::errc::store_damaged;
    why.what = std::move(what);
    why.mend = "put the whole file back, or begin anew with another output";
    throw catena::failure(std::move(why));
}

std::string as_json(const value& v)
{
    return v.kind == catena::json_kind::string ? catena::quote(v.text) : v.text;
}

// As a job names its records in a store.
std::string key_text(const std::vector<value>& key)
{
    if (key.size() == 1) return as_json(key.front());
    std::string out = "[";
    for (const value& v : key)
        (out += out.size() == 1 ? "" : ",") += as_json(v);
    return out += ']';
}

/// Looks at one record after the other.
class looker {
public:
    looker(const text_file& file, kept_text& out)
        : file_(file),
          out_(out),
          keyed_(!file.key.empty() && file.is_json),
          plan_(wanted(file)),
          scan_(plan_, limits())
    {
    }

    void take(std::string_view record)
    {
        if (file_.format == "csv" && columns_.empty()) return take_names(record);
        ++out_.records;
        std::vector<value> key;
        const bool sound = file_.format == "csv" ? take_line(record, key) : take_json(record, key);
        if (!sound && ++out_.flaws == 1)
            out_.first_flaw = "record " + std::to_string(out_.records) +
                              " of the file, which is no " +
                              (file_.format == "csv" ? "line of its columns" : "JSON");
        keyed_ = keyed_ && (!sound || key.size() == file_.key.size());
        if (keyed_ && sound) keys_.push_back(key_text(key));
    }

    void finish()
    {
        if (!keyed_) return;
        std::sort(keys_.begin(), keys_.end());
        keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
        out_.keys = std::move(keys_);
    }

private:
    static catena::scan_request wanted(const text_file& file)
    {
        catena::scan_request r;
        for (const catena::key_field& field : file.key)
            r.slots.push_back(field.at);
        return r;
    }
    // A record passed the limits of its own run: here it only has to be whole.
    static catena::scan_limits limits()
    {
        catena::scan_limits l;
        l.depth = 1024;
        l.text = catena::scan_limits::utf8::raw;
        return l;
    }

    bool take_json(std::string_view record, std::vector<value>& key)
    {
        if (!file_.is_json) return true;
        scan_.reset();
        if (scan_.feed(record) || scan_.finish(record)) return false;
        for (std::size_t i = 0; i < file_.key.size(); ++i) {
            const catena::found& f = scan_.slot(i);
            if (!f.present) return true;
            key.push_back(catena::value_of({f.kind, f.present, f.escaped, f.at.in(record)}));
        }
        return true;
    }

    // A key's column is the member that its pointer names; what lies deeper has none.
    void take_names(std::string_view line)
    {
        columns_ = csv_fields(std::string(line));
        for (const catena::key_field& field : file_.key) {
            const auto at = std::find_if(columns_.begin(), columns_.end(),
                                         [&](const auto& name) { return field.at == '/' + name; });
            keyed_ = keyed_ && at != columns_.end();
            at_.push_back(static_cast<std::size_t>(at - columns_.begin()));
        }
    }

    bool take_line(std::string_view line, std::vector<value>& key) const
    {
        const std::vector<std::string> fields = csv_fields(std::string(line));
        if (fields.size() != columns_.size()) return false;
        for (std::size_t i = 0; keyed_ && i < at_.size(); ++i) {
            const std::string& text = fields[at_[i]];
            const bool number = catena::is_number(text);
            key.push_back({number ? catena::json_kind::number : catena::json_kind::string, text});
        }
        return true;
    }

    const text_file& file_;
    kept_text& out_;
    bool keyed_;
    catena::scan_plan plan_;
    catena::scanner scan_;
    std::vector<std::string> columns_, keys_;
    std::vector<std::size_t> at_;  // of the key, among the columns
};

/// All members of a packed text, one after the other.
class unpacker {
public:
    explicit unpacker(std::string path) : path_(std::move(path))
    {
        if (inflateInit2(&z_, 15 + 16) != Z_OK) throw std::runtime_error("zlib cannot begin");
    }
    ~unpacker() { inflateEnd(&z_); }
    unpacker(const unpacker&) = delete;
    unpacker& operator=(const unpacker&) = delete;

    template <class Take>
    void feed(std::string_view coded, const Take& take)
    {
        std::string copy(coded);
        z_.next_in = reinterpret_cast<Bytef*>(copy.data());
        z_.avail_in = static_cast<uInt>(copy.size());
        while (z_.avail_in != 0) {
            if (std::exchange(ended_, false)) inflateReset(&z_);
            z_.next_out = reinterpret_cast<Bytef*>(room_);
            z_.avail_out = sizeof room_;
            const int code = inflate(&z_, Z_NO_FLUSH);
            take(std::string_view(room_, sizeof room_ - z_.avail_out));
            ended_ = code == Z_STREAM_END;
            if (code != Z_OK && !ended_) refuse(path_ + " is not packed as it was committed");
        }
    }
    /// The last member is whole.
    [[nodiscard]] bool at_end() const noexcept { return ended_; }

private:
    std::string path_;
    z_stream z_{};
    char room_[1 << 16];
    bool ended_ = true;
};

/// The octets of a file from one place to another, a piece at a time.
template <class Take>
void read_octets(std::ifstream& in, std::uint64_t count, const Take& take)
{
    std::string piece(std::size_t(1) << 18, '\0');
    while (count != 0) {
        const auto most =
            static_cast<std::streamsize>(std::min<std::uint64_t>(piece.size(), count));
        in.read(piece.data(), most);
        if (in.gcount() != most) throw std::runtime_error("the output cannot be read to its end");
        take(std::string_view(piece.data(), static_cast<std::size_t>(most)));
        count -= static_cast<std::uint64_t>(most);
    }
}

// What stands behind may be anything: a run that was killed while it wrote, or a hand.
std::string tail_of(std::ifstream& in, const text_file& file, std::uint64_t behind)
{
    constexpr std::size_t enough = 64;
    std::string octets, text;
    read_octets(in, std::min<std::uint64_t>(behind, 4096),
                [&](std::string_view p) { octets += p; });
    if (!file.packed) return octets.substr(0, enough);
    try {
        unpacker(file.path).feed(octets, [&](std::string_view p) { text += p; });
    } catch (const catena::failure&) {
        return octets.substr(0, enough);
    }
    return text.substr(0, enough);
}

}  // namespace

kept_text read_kept(const text_file& file)
{
    std::ifstream in(file.path, std::ios::binary);
    if (!in.is_open()) throw std::runtime_error("cannot read " + file.path);
    const std::uint64_t size = std::filesystem::file_size(file.path);
    if (size < file.committed)
        refuse(file.path + " is " + std::to_string(size) + " octets long, and " +
               std::to_string(file.committed) + " were committed: records are lost");
    kept_text out;
    looker look(file, out);
    record_splitter parts(file.format, [&](std::string_view record) { look.take(record); });
    if (file.packed) {
        const auto coded = std::make_unique<unpacker>(file.path);
        read_octets(in, file.committed, [&](std::string_view piece) {
            coded->feed(piece, [&](std::string_view text) { parts.feed(text); });
        });
        if (!coded->at_end()) refuse(file.path + " is not packed as it was committed");
    } else {
        read_octets(in, file.committed, [&](std::string_view piece) { parts.feed(piece); });
    }
    parts.finish();
    look.finish();
    out.behind = size - file.committed;
    out.tail = tail_of(in, file, out.behind);
    return out;
}

}  // namespace command
