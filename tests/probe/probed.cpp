#include "probed.hpp"

#include "probe/request.hpp"
#include <catena/codec/connector_json.hpp>

#include <stdexcept>
#include <utility>

namespace catena::testing {

probed probe_with(const server& s, probe::wish w)
{
    probed out;
    probe::machine m(std::move(w));
    const secret_lookup look_up = [](setting::source, const std::string&) {
        return std::optional<secret>(secret("canary-secret"));
    };
    time_point now{};
    while (m.next()) {
        diagnostics why;
        const auto request = probe::to_request(*m.next(), look_up, why);
        if (!request) throw std::runtime_error(why.text());
        now += m.pause() + std::chrono::milliseconds(10);
        out.asked.push_back(request->target);
        if (out.asked.size() > 20) throw std::runtime_error("asked without end");
        out.text += m.next()->purpose + '\n';
        const scripted_answer a = s(*request, arrival(now));
        probe::answer got;
        got.status = a.status;
        got.headers = a.headers;
        got.body = a.body;
        got.headers.push_back({"Content-Length", std::to_string(a.body.size())});
        m.on_answer(std::move(got), wall_time());
    }
    out.is = m.result();
    out.text += probe::to_text(out.is);
    if (out.is.is) out.text += to_json(*out.is.is);
    return out;
}

probed probe_answers(const std::string& url, std::vector<scripted_answer> answers, probe::wish w)
{
    w.request.url = url;
    std::size_t next = 0;
    return probe_with(
        [&](const http_request&, const arrival&) {
            return next < answers.size() ? answers[next++] : scripted_answer(404, "{}");
        },
        std::move(w));
}

scripted_answer json_answer(std::string body, std::vector<header_field> headers)
{
    scripted_answer a(200, std::move(body));
    a.headers = std::move(headers);
    a.headers.push_back({"Content-Type", "application/json"});
    return a;
}

std::string records(std::size_t from, std::size_t n)
{
    std::string out;
    for (std::size_t i = from; i < from + n; ++i)
        out += (i > from ? "," : "") + (R"({"id":)" + std::to_string(i) + "}");
    return out;
}

}  // namespace catena::testing
