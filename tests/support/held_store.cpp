#include "support/held_store.hpp"

#include "support/store_caller.hpp"

#include <boost/asio/bind_executor.hpp>

#include <chrono>
#include <future>
#include <utility>

namespace catena::testing {

namespace asio = boost::asio;

void in_one_group(store& s, const std::function<void()>& send)
{
    const auto held = std::make_shared<std::promise<void>>();
    std::promise<void> sent;
    s.chains(
        0, 0, 0,
        [held, go = sent.get_future().share()](const diagnostics&, const std::vector<chain_row>&) {
            held->set_value();
            go.wait();
        });
    held->get_future().wait();
    send();
    sent.set_value();
}

struct held_store::impl : std::enable_shared_from_this<impl> {
    impl(store& s, inner_kind k, asio::any_io_executor e, timekeeper& t, chooser c)
        : inner(s), is(k), ex(std::move(e)), time(t), choose(std::move(c))
    {
    }

    template <class T, class Send>
    void keep(kind what, std::uint64_t chain, handler<T> done, Send send)
    {
        const bool waits = is == inner_kind::threaded;
        auto start = [this, waits, send = std::move(send),
                      done = std::move(done)]() -> std::function<void()> {
            if (!waits) {
                send(inner, done);
                return [] {};
            }
            const auto outcome = std::make_shared<std::promise<told<T>>>();
            send(inner, [outcome](const diagnostics& why, T value) {
                outcome->set_value({why, std::move(value)});
            });
            return [outcome, done] {
                told<T> t = outcome->get_future().get();
                done(t.why, std::move(t.value));
            };
        };
        waiting.push_back({what, chain, 0, std::move(start)});
        look_soon();
    }

    void look_soon()
    {
        if (looking) return;
        looking = true;
        auto then = [weak = weak_from_this()](error_code) {
            const auto self = weak.lock();
            if (!self) return;
            self->looking = false;
            self->let_go();
            if (!self->waiting.empty()) self->look_soon();
        };
        time.async_wait_until(time.now() + std::chrono::milliseconds(2),
                              asio::bind_executor(ex, std::move(then)));
    }

    void let_go()
    {
        std::vector<call> now;
        if (choose)
            now = choose(waiting);
        else
            now.swap(waiting);
        for (call& c : waiting)
            ++c.rounds;
        std::vector<std::function<void()>> outcomes;
        const auto send = [&] {
            for (call& c : now)
                outcomes.push_back(c.start());
        };
        if (is == inner_kind::threaded && now.size() > 1)
            in_one_group(inner, send);
        else
            send();
        for (const auto& tell : outcomes)
            tell();
    }

    store& inner;
    inner_kind is;
    asio::any_io_executor ex;
    timekeeper& time;
    chooser choose;
    std::vector<call> waiting;
    bool looking = false;
};

held_store::held_store(store& inner, inner_kind is, asio::any_io_executor ex, timekeeper& time,
                       chooser choose)
    : impl_(std::make_shared<impl>(inner, is, std::move(ex), time, std::move(choose)))
{
}

held_store::~held_store() = default;

const std::vector<held_store::call>& held_store::waiting() const { return impl_->waiting; }

void held_store::open(const std::string& name, const std::string& description,
                      handler<job_row> done)
{
    impl_->keep<job_row>(kind::open, 0, std::move(done),
                         [=](store& to, auto h) { to.open(name, description, h); });
}

void held_store::plan(std::uint64_t job, first_chains what, handler<job_row> done)
{
    impl_->keep<job_row>(kind::plan, 0, std::move(done),
                         [=](store& to, auto h) { to.plan(job, what, h); });
}

void held_store::claim(std::uint64_t job, std::size_t most, handler<std::vector<chain_row>> done)
{
    impl_->keep<std::vector<chain_row>>(kind::claim, 0, std::move(done),
                                        [=](store& to, auto h) { to.claim(job, most, h); });
}

void held_store::commit(page_commit page, handler<commit_outcome> done)
{
    const std::uint64_t chain = page.chain;
    impl_->keep<commit_outcome>(kind::commit, chain, std::move(done),
                                [p = std::move(page)](store& to, auto h) { to.commit(p, h); });
}

void held_store::split(chain_split what, handler<chain_row> done)
{
    const std::uint64_t chain = what.chain;
    impl_->keep<chain_row>(kind::split, chain, std::move(done),
                           [w = std::move(what)](store& to, auto h) { to.split(w, h); });
}

void held_store::release(std::uint64_t chain, std::uint64_t epoch, chain_row::state is,
                         std::string trouble, handler<commit_outcome> done)
{
    impl_->keep<commit_outcome>(kind::release, chain, std::move(done), [=](store& to, auto h) {
        to.release(chain, epoch, is, trouble, h);
    });
}

void held_store::note(std::uint64_t job, std::string name, std::string text,
                      handler<commit_outcome> done)
{
    impl_->keep<commit_outcome>(kind::note, 0, std::move(done),
                                [=](store& to, auto h) { to.note(job, name, text, h); });
}

void held_store::chains(std::uint64_t job, std::uint64_t from, std::size_t most,
                        handler<std::vector<chain_row>> done)
{
    impl_->keep<std::vector<chain_row>>(kind::chains, 0, std::move(done),
                                        [=](store& to, auto h) { to.chains(job, from, most, h); });
}

void held_store::known(const std::string& name, handler<job_row> done)
{
    impl_->keep<job_row>(kind::known, 0, std::move(done),
                         [=](store& to, auto h) { to.known(name, h); });
}

void held_store::extend(std::uint64_t job, std::uint64_t chains, std::vector<std::string> ranges,
                        handler<commit_outcome> done)
{
    impl_->keep<commit_outcome>(kind::extend, 0, std::move(done),
                                [=](store& to, auto h) { to.extend(job, chains, ranges, h); });
}

void held_store::read(record_query what, handler<std::vector<kept_record>> done)
{
    impl_->keep<std::vector<kept_record>>(kind::read, 0, std::move(done),
                                          [=](store& to, auto h) { to.read(what, h); });
}

void held_store::find(std::uint64_t job, std::vector<std::string> keys,
                      handler<std::vector<bool>> done)
{
    impl_->keep<std::vector<bool>>(kind::find, 0, std::move(done),
                                   [=](store& to, auto h) { to.find(job, keys, h); });
}

}  // namespace catena::testing
