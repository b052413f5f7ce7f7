#include "core/splitmix.hpp"
#include "net/context_watch.hpp"
#include "net/system.hpp"
#include "run/chain_impl.hpp"
#include "run/engine_impl.hpp"
#include "run/shared_budgets.hpp"
#include <catena/codec/next_url.hpp>
#include <catena/engine.hpp>
#include <catena/net/http_transport.hpp>
#include <catena/net/system_time.hpp>
#include <catena/version.hpp>

#include <algorithm>
#include <bit>
#include <optional>
#include <stdexcept>
#include <utility>

namespace catena {

namespace asio = boost::asio;

engine::impl::impl(asio::any_io_executor ex, engine_options o)
    : executor(std::move(ex)), options(std::move(o))
{
    wire_options wiring;
    wiring.times = options.times;
    wiring.tls = options.tls;
    wiring.pool = options.pool;
    wiring.intake = options.intake;
    // A page has a limit of its own, which knows what to do about it: it comes first.
    constexpr std::uint64_t behind = 1024 * 1024;
    const std::uint64_t page =
        std::min<std::uint64_t>(options.pages.page_octets, std::uint64_t(1) << 62);
    wiring.intake.body_octets = std::max(wiring.intake.body_octets, page + behind);
    wiring.proxies = options.proxies;
    wiring.addresses = options.addresses;
    wiring.trusted_hosts = options.trusted_hosts;
    own_wire = std::make_unique<http_transport>(executor, wiring);
    own_clock = std::make_unique<system_time>(executor);
    wire = own_wire.get();
    clock = own_clock.get();
    wakes = std::make_shared<alarm>(*clock);
    luck = seed = options.seed != 0 ? options.seed : system_seed();
    if (!options.secrets) options.secrets = system_secret;
    if (options.user_agent.empty()) options.user_agent = "catena/" CATENA_VERSION;
    if (!options.budgets) options.budgets = std::make_shared<shared_budgets>();
}

engine::impl::impl(asio::any_io_executor ex, transport& w, timekeeper& c, engine_options o)
    : executor(std::move(ex)),
      options(std::move(o)),
      wire(&w),
      clock(&c),
      wakes(std::make_shared<alarm>(c)),
      seed(options.seed),
      luck(options.seed)
{
    if (!options.secrets) options.secrets = system_secret;
    if (options.user_agent.empty()) options.user_agent = "catena/" CATENA_VERSION;
    if (!options.budgets) options.budgets = std::make_shared<shared_budgets>();
}

void engine::impl::close()
{
    if (closed.exchange(true)) return;
    for (const auto& w : outstanding())
        if (const auto c = w.lock()) c->cancel();
    release_world();
}

void engine::impl::on_context_gone()
{
    // Calls that a closed engine gave up may still wait for their turn on this context.
    for (const auto& w : outstanding())
        if (const auto c = w.lock()) c->drop();
    if (!closed.exchange(true)) release_world();
}

// A copy, and weak: ending one call changes the set and may destroy other chains.
std::vector<std::weak_ptr<chain::impl>> engine::impl::outstanding() const
{
    std::vector<std::weak_ptr<chain::impl>> calls;
    for (chain::impl* c : busy)
        calls.push_back(c->weak_from_this());
    return calls;
}

void engine::impl::release_world()
{
    for (const auto& [name, source] : sources)
        if (const auto alive = source.lock()) alive->stop();
    wakes->stop();
    for (const auto& [key, g] : gates)
        g->leave();
    gates.clear();
    own_wire.reset();
    wire = nullptr;
    own_clock.reset();
    clock = nullptr;
    options.watch = nullptr;
    rooms.clear();
}

void require_valid(const connector& c)
{
    const auto flaws = validate(c);
    if (flaws.empty()) return;
    std::string text = "connector " + c.name + " cannot be walked:";
    for (const connector_flaw& f : flaws)
        text += "\n  " + f.pointer + ": " + f.what + "; " + f.mend;
    throw std::invalid_argument(text);
}

std::shared_ptr<const prepared> engine::impl::prepare(std::shared_ptr<const connector> c)
{
    if (!c) throw std::invalid_argument("a chain needs a connector");
    if (const auto known = ready.find(c.get()); known != ready.end())
        if (auto p = known->second.lock()) return p;

    require_valid(*c);
    diagnostics why;
    auto building = request_builder::make(c, options.secrets, why);
    if (!building) {
        why.code = building.error();
        why.connector = c->name;
        throw failure(std::move(why));
    }

    auto proof = source_for(*c, *building);
    const auto queue = gate_of(building->budget_key());
    const budget::share share = queue->add(c->limits);

    auto beginning = std::make_shared<checkpoint>();
    beginning->fingerprint = fingerprint(*c);
    auto p = std::make_shared<prepared>(
        prepared{c, std::move(beginning), std::make_shared<page_contract>(c, options.pages),
                 std::move(*building), queue, share, std::move(proof),
                 to_text(parse_url(c->request.url)->to)});
    // Not each time: a host may have a chain, and so a connector, for each of a million ranges.
    if (std::has_single_bit(ready.size()))
        std::erase_if(ready, [](const auto& entry) { return entry.second.expired(); });
    ready[c.get()] = p;
    return p;
}

std::shared_ptr<gate> engine::impl::gate_of(const std::string& key)
{
    std::erase_if(gates, [](const auto& entry) { return entry.second.use_count() == 1; });
    std::shared_ptr<gate>& queue = gates[key];
    if (!queue) {
        auto common = options.budgets->all().of(key, clock->now());
        queue = std::make_shared<gate>(*clock, wakes, executor, std::move(common));
        queue->on_news([this, g = queue.get()] { look_for_outage(*g); });
    }
    return queue;
}

std::shared_ptr<credential_source> engine::impl::source_for(const connector& c,
                                                            const request_builder& building)
{
    if (c.auth.by == auth_rule::method::none) return nullptr;

    std::optional<token_exchange> tokens;
    std::shared_ptr<gate> queue;
    std::string name;
    if (c.auth.by == auth_rule::method::oauth2) {
        diagnostics why;
        auto made = token_exchange::make(c.auth, options.secrets, why);
        if (!made) {
            why.code = made.error();
            why.connector = c.name;
            throw failure(std::move(why));
        }
        tokens = std::move(*made);
        name = tokens->identity();
        queue = gate_of(to_text(tokens->request().to));
    } else if (c.auth.by == auth_rule::method::provider) {
        name = "provider " + c.auth.name;
    } else {
        // More than the budget's few bits: on a collision one walk would show another's secret.
        name = building.budget_key() + ' ' + std::to_string(building.credentials());
    }
    std::erase_if(sources, [](const auto& entry) { return entry.second.expired(); });
    if (auto known = sources[name].lock()) return known;

    credential_source::services world{executor, wire, clock, wakes, &options, std::move(queue)};
    auto made =
        std::make_shared<credential_source>(c.auth, c.name, std::move(tokens), std::move(world));
    sources[name] = made;
    return made;
}

void engine::impl::look_for_outage(const gate& g)
{
    const std::optional<outage> o = g.down();
    if (!o || clock->now() - o->since < shortest_outage) return;
    for (const auto& w : outstanding())
        if (const auto c = w.lock(); c && c->way->queue.get() == &g) c->on_outage(*o);
}

duration engine::impl::chance(duration most) noexcept
{
    const auto bound = static_cast<std::uint64_t>(most.count()) + 1;
    return duration(static_cast<duration::rep>(core::draw(luck) % bound));
}

std::unique_ptr<exchange_room> engine::impl::lend_room(const prepared& p)
{
    const auto fits = std::find_if(rooms.rbegin(), rooms.rend(),
                                   [&](const auto& r) { return r->serves(p.reading.get()); });
    if (fits == rooms.rend()) return std::make_unique<exchange_room>(p.reading, bodies);
    auto room = std::move(*fits);
    rooms.erase(std::next(fits).base());
    return room;
}

void engine::impl::take_back(std::unique_ptr<exchange_room> room)
{
    constexpr std::size_t most = 64;  // more exchanges at once are rare, and rooms hold buffers
    if (!closed && rooms.size() < most) rooms.push_back(std::move(room));
}

engine::engine(asio::any_io_executor ex, engine_options options)
    : impl_(std::make_shared<impl>(std::move(ex), std::move(options)))
{
    net::context_watch::add(impl_->executor, impl_);
}

engine::engine(asio::any_io_executor ex, transport& wire, timekeeper& clock, engine_options options)
    : impl_(std::make_shared<impl>(std::move(ex), wire, clock, std::move(options)))
{
    net::context_watch::add(impl_->executor, impl_);
}

engine::engine(engine&&) noexcept = default;

engine& engine::operator=(engine&& other) noexcept
{
    if (this != &other) {
        if (impl_) impl_->close();
        impl_ = std::move(other.impl_);
    }
    return *this;
}

engine::~engine()
{
    if (impl_) impl_->close();
}

asio::any_io_executor engine::get_executor() const noexcept { return impl_->executor; }

std::uint64_t engine::observer_failures() const noexcept { return impl_->observer_failures; }

}  // namespace catena
