// layer: run
#pragma once

/* Everything a program needs to walk a paginated API. <catena/json.hpp> (Boost.JSON values) and
   <catena/testing/...> stand apart, as they bring more headers. */

#include <catena/chain.hpp>
#include <catena/codec/checkpoint_text.hpp>
#include <catena/codec/connector_json.hpp>
#include <catena/collect.hpp>
#include <catena/connector.hpp>
#include <catena/credentials.hpp>
#include <catena/diagnostics.hpp>
#include <catena/engine.hpp>
#include <catena/error.hpp>
#include <catena/job.hpp>
#include <catena/job_chain.hpp>
#include <catena/observer.hpp>
#include <catena/page.hpp>
#include <catena/plan.hpp>
#include <catena/shared_budgets.hpp>
#include <catena/version.hpp>
