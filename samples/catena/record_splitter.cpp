#include "record_splitter.hpp"

namespace command {

void record_splitter::feed(std::string_view text)
{
    for (const char c : text) {
        if (is_array_) {
            feed_array(c);
            continue;
        }
        if (c == '"' && quotes_) quoted_ = !quoted_;
        if (c == '\n' && !quoted_)
            give();
        else
            open_ += c;
    }
}

void record_splitter::feed_array(char c)
{
    const bool in_string = quoted_;
    if (escaped_)
        escaped_ = false;
    else if (quoted_ && c == '\\')
        escaped_ = true;
    else if (c == '"')
        quoted_ = !quoted_;
    if (!in_string && (c == ']' || c == '}') && depth_ != 0) --depth_;
    const bool is_outer = !in_string && depth_ == 0 && c == '[' && open_.empty();
    if (!in_string && (c == '[' || c == '{')) ++depth_;
    if (is_outer) return;
    if (!in_string && c == ',' && depth_ == 1)
        give();
    else if (!open_.empty() || c != '\n')
        open_ += c;
}

void record_splitter::finish()
{
    if (!open_.empty()) give();
}

void record_splitter::give()
{
    take_(open_);
    open_.clear();
}

}  // namespace command
