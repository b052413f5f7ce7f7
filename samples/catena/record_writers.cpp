#include "record_writers.hpp"

#include "members.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

namespace command {

namespace {

void append_field(std::string_view text, std::string& out)
{
    if (text.find_first_of(",\"\r\n") == text.npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

void append_line(const std::vector<std::string>& fields, std::string& out)
{
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i != 0) out += ',';
        append_field(fields[i], out);
    }
    out += '\n';
}

// The first line is read again by the next run.
std::string without_line_ends(std::string name)
{
    if (name.find_first_of("\r\n") != name.npos)
        throw unfit_record(
            "a member's name holds a line end: CSV cannot have it for a "
            "column; write .jsonl");
    return name;
}

class csv_lines {
public:
    explicit csv_lines(std::vector<std::string> columns)
        : columns_(std::move(columns)), chosen_(!columns_.empty())
    {
    }

    void go_on_after(const std::string& header)
    {
        if (columns_.empty() && !header.empty()) columns_ = csv_fields(header);
    }

    void write(std::string_view record, bool first, std::string& out)
    {
        const auto members = members_of(record);
        if (!members) throw unfit_record("CSV needs records that are JSON objects; write .jsonl");
        if (columns_.empty())
            for (const member& m : *members)
                columns_.push_back(without_line_ends(m.name));
        if (first) append_line(columns_, out);
        append_line(fields(*members), out);
    }

private:
    std::vector<std::string> fields(const std::vector<member>& members) const
    {
        std::vector<std::string> line(columns_.size());
        for (const member& m : members) {
            const auto at = std::find(columns_.begin(), columns_.end(), m.name);
            if (at != columns_.end()) {
                const std::string text = text_of(m.value);
                line[static_cast<std::size_t>(at - columns_.begin())] =
                    m.value == "null" ? std::string() : text;
            } else if (!chosen_) {
                throw unfit_record("a record has the member \"" + m.name.substr(0, 80) +
                                   "\", which the first one had not: begin another output "
                                   "and name its --columns, or write .jsonl");
            }
        }
        return line;
    }

    std::vector<std::string> columns_;
    bool chosen_;
};

}  // namespace

catena::record_writer csv_writer(std::vector<std::string> columns, const std::string& header)
{
    const auto lines = std::make_shared<csv_lines>(std::move(columns));
    lines->go_on_after(header);
    return [lines](std::string_view record, bool first, std::string& out) {
        lines->write(record, first, out);
    };
}

catena::record_writer line_writer()
{
    return [](std::string_view record, bool, std::string& out) {
        for (const char c : record)
            out += c == '\n' || c == '\r' ? ' ' : c;
        out += '\n';
    };
}

catena::record_writer array_writer()
{
    return [](std::string_view record, bool first, std::string& out) {
        out += first ? "[\n" : ",\n";
        out += record;
    };
}

std::vector<std::string> csv_fields(const std::string& line)
{
    std::vector<std::string> all(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
            all.back() += line[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            all.emplace_back();
        else
            all.back() += c;
    }
    return all;
}

}  // namespace command
