// Whatever a server answers, the machine keeps its promises.
#include <catena/core/chain_machine.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <variant>
#include <vector>

using namespace catena;

namespace {

// Octets of the input, zeros after its end.
class input {
public:
    input(const std::uint8_t* data, std::size_t size) : at_(data), left_(size) {}

    [[nodiscard]] bool done() const { return left_ == 0; }
    unsigned next()
    {
        if (left_ == 0) return 0;
        --left_;
        return *at_++;
    }

private:
    const std::uint8_t* at_;
    std::size_t left_;
};

std::shared_ptr<const connector> contract(input& in)
{
    auto c = std::make_shared<connector>("fuzz", "https://host/items");
    const unsigned shape = in.next();
    if ((shape & 1) != 0)
        c->next.from.push_back(token_source::counter(0, token_source::stride::records));
    else
        c->next.from.emplace_back(token_source::place::body, "/next");
    c->next.to.emplace_back(token_target::place::query, "cursor");
    for (unsigned kinds = in.next() | 1u, i = 0; i < 7; ++i)
        if ((kinds >> i & 1) != 0) c->end.emplace_back(static_cast<end_rule::kind>(i));
    c->total.emplace();
    if ((shape & 2) != 0) {
        c->key.emplace_back("/created");
        c->key.emplace_back("/id");
        c->sorted = (shape & 4) != 0 ? order::ascending : order::none;
        c->ties = c->sorted != order::none && (shape & 8) != 0;
        const bool rebuild = c->sorted != order::none && (shape & 16) != 0;
        c->expiry.recover.by =
            rebuild ? recovery_rule::method::rebuild : recovery_rule::method::rescan;
        if (rebuild) c->expiry.recover.to.emplace_back(token_target::place::query, "since");
    }
    c->next.single_use = (shape & 32) != 0;
    c->expiry.ttl = std::chrono::seconds((shape & 64) != 0 ? 5 : 0);
    c->window.records = (shape & 128) != 0 ? 8 : 0;
    return c;
}

// An answer and the texts that its views look into.
struct answer {
    page_facts facts;
    std::vector<std::string> texts;
    std::vector<key_view> keys;
};

answer read(input& in, std::size_t width)
{
    answer a;
    const unsigned what = in.next();
    a.facts.is = static_cast<page_facts::answer>(what % 8 == 7 ? 2 : what % 8 == 6 ? 1 : 0);
    a.facts.failed_as = static_cast<error_class>(in.next() % 5);
    a.facts.code = (what & 8) != 0 ? make_error_code(errc::rate_limited) : error_code();
    if ((what & 16) != 0) a.facts.retry_after = std::chrono::seconds(in.next() * 30);
    a.facts.flag = static_cast<flag_fact>((what >> 5) % 5);
    const unsigned token = in.next();
    a.facts.tokens.emplace_back();
    a.facts.tokens[0].is = static_cast<presence>(token % 5);
    a.facts.tokens[0].token.text = std::to_string(token / 5);
    a.facts.records = in.next() % 5;
    if ((what & 1) != 0) a.facts.total = in.next();
    a.facts.print = {a.facts.records, in.next(), {}, {}};
    for (std::size_t i = 0; i < a.facts.records * width; ++i)
        a.texts.push_back(std::to_string(in.next() % 8));
    for (const std::string& t : a.texts) {
        a.keys.emplace_back();
        a.keys.back().kind = json_kind::number;
        a.keys.back().present = true;
        a.keys.back().text = t;
    }
    a.facts.keys = a.keys;
    return a;
}

void expect(bool holds)
{
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    input in(data, size);
    const auto c = contract(in);
    chain_machine m(c, chain_limits(), in.next());
    time_point now{std::chrono::hours(1)};
    while (!in.done()) {
        const chain_action todo = m.poll(now);
        if (const auto* end = std::get_if<finish>(&todo)) {
            const chain_action again = m.poll(now + std::chrono::hours(9));
            expect(std::holds_alternative<finish>(again));  // the end is the end
            expect(std::get<finish>(again).ec == end->ec);
            expect(m.after().ended == !end->ec);  // complete is said of complete walks only
            return 0;
        }
        if (const auto* pause = std::get_if<wait>(&todo)) {
            expect(pause->until > now);  // a wait is in the future
            now = pause->until;
            continue;
        }
        const checkpoint before = m.after();
        const answer a = read(in, c->key.size());
        const page_verdict v = m.on_answer(a.facts, now);
        const std::uint64_t fresh = v.deliver ? a.facts.records - v.dropped.size() : 0;
        expect(m.after().records == before.records + fresh);  // what is counted was handed out
        expect(m.after().pages == before.pages + (v.deliver ? 1 : 0));
        expect(!v.last || m.after().ended);
        now += std::chrono::seconds(1);
    }
    return 0;
}
