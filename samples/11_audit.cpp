// A server that counts its pages, and from which records go while it is read: all that stand behind
// them move, and some slip past a page's border unseen. The audit of the run finds them.
//
//   audit STORE.db

#include <catena/catena.hpp>
#include <catena/codec/audit_text.hpp>
#include <catena/store/sqlite_store.hpp>
#include <catena/testing/mock_api.hpp>

#include <iostream>
#include <stdexcept>
#include <string>

namespace testing = catena::testing;

namespace {

constexpr const char* description = R"({
    "name": "orders",
    "request": {"url": "http://127.0.0.1/v1/orders"},
    "records": "/orders",
    "key": "/id",
    "order": "ascending",
    "page_size": {"to": {"query": "limit"}, "value": 10},
    "next": {"from": {"counter": {"start": 0, "step": "records"}}, "to": {"query": "offset"}},
    "end": "empty_page"
})";

// All of the report but its last line, which has the times.
void print(const catena::audit_report& report)
{
    const std::string text = catena::to_text(report);
    std::cout << text.substr(0, text.rfind('\n', text.size() - 2));
}

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc != 2) throw std::runtime_error("usage: audit STORE.db");
    const catena::connector orders = catena::load_connector(description);
    testing::api_model model(orders, testing::make_dataset(orders, testing::dataset_options(100)));
    std::size_t requests = 0;
    testing::mock_api server([&](const catena::http_request& ask, const testing::arrival& how) {
        if (++requests == 6)
            for (int i = 0; i < 3; ++i)
                (void)model.erase(model.records().front());
        return model.answer(ask, how);
    });
    const catena::connector here = server.described(orders);
    catena::sqlite_store data(argv[1]);

    catena::job_options once;
    once.audit.passes = 0;
    print(catena::collect(here, data, once));

    std::cout << "\nNow the same job, as it is by default.\n\n";
    print(catena::collect(here, data));
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
