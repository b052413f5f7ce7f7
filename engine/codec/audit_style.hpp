#pragma once

namespace catena::codec {

/// The style of an audit's page. Without '<' and '&', so that it is text in XML too.
inline constexpr const char* audit_style = R"(:root {
  color-scheme: light dark;
  --page: #f6f7f8; --card: #ffffff; --ink: #1c2127; --soft: #5c6672; --line: #e1e4e8;
  --good: #23845b; --warn: #a86a08; --bad: #c2303a; --calm: #6b7684;
  --ended: #54b08a; --open: #b9c1ca; --stopped: #e0a33c; --gap: #d3303c; --ground: #e9ecef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1c2026; --ink: #e6e9ed; --soft: #9aa4b0; --line: #2e343c;
    --good: #58c796; --warn: #e2aa4a; --bad: #f2707a; --calm: #8f99a6;
    --ended: #2f8a63; --open: #4a535e; --stopped: #b9802a; --gap: #e5484f; --ground: #262b32;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
header, section, figure, .counts {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 1.1rem 1.3rem; margin: 0 0 1rem;
}
header { border-left-width: 6px; }
header.complete { border-left-color: var(--good); }
header.unverified { border-left-color: var(--warn); }
header.incomplete { border-left-color: var(--bad); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 0 0 .6rem; }
h2 small { color: var(--soft); font-weight: normal; }
p { margin: .3rem 0 0; }
.verdict {
  margin: 0 0 .2rem; font-weight: 700; font-size: .8rem; letter-spacing: .08em;
  text-transform: uppercase;
}
.complete .verdict, .mark.good { color: var(--good); }
.unverified .verdict, .mark.unknown { color: var(--warn); }
.incomplete .verdict, .mark.bad { color: var(--bad); }
.mark { font-weight: 600; }
.mark.calm { color: var(--calm); font-weight: 400; }
.when { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: 36px; border-radius: 5px; }
.ground { fill: var(--ground); }
rect.ended { fill: var(--ended); } rect.open { fill: var(--open); }
rect.stopped { fill: var(--stopped); } rect.gap { fill: var(--gap); }
figcaption { margin-top: .6rem; color: var(--soft); font-size: .85rem; }
figcaption span { margin-right: 1.2rem; white-space: nowrap; }
i { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .4em; }
i.ended { background: var(--ended); } i.open { background: var(--open); }
i.stopped { background: var(--stopped); } i.gap { background: var(--gap); }
ul { margin: 0; padding-left: 1.2rem; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .8rem; }
.counts div { min-width: 0; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th { text-align: left; color: var(--soft); font-weight: 500; font-size: .85rem; }
th, td { padding: .35rem .8rem .35rem 0; vertical-align: top; overflow-wrap: anywhere; }
tbody tr + tr td, thead + tbody td { border-top: 1px solid var(--line); }
td:first-child { font-weight: 500; }
.checks td:nth-child(-n+2) { white-space: nowrap; }
.list td:first-child { width: 24rem; }
.list td:only-child { width: auto; }
code { font: .9em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-weight: 400; }
@media print {
  body { background: none; font-size: 11pt; }
  main { max-width: none; padding: 0; }
  header, section, figure, .counts { break-inside: avoid; border-radius: 0; }
  svg, i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)";

}  // namespace catena::codec
