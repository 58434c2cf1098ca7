#include "inspector/report/page_style.hpp"

namespace cancelscope::inspector {

std::string_view page_style() {
  return R"css(
:root {
  color-scheme: light dark;
  --page: #f7f6f3; --card: #ffffff; --ink: #1b2027; --muted: #5d6673; --faint: #8b94a1; --line: #e2e0da;
  --grid: #ecebe6; --accent: #1f6fbf; --code: #f0eee8;
  --running: #7ea4d3; --region: #c3d2e4; --waiting: #a7b1be; --requested: #e3bd1f; --draining: #e5812a;
  --finalizing: #b662ac; --closing: #e3bd1f; --alive: #b9cce3;
  --ok: #14806a; --err: #b9501f; --cancelled: #946200; --panicked: #c4214a;
  --error: #c4214a; --warning: #946200; --info: #2e6ca6;
  --sans: "Inter", system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  --mono: "JetBrains Mono", ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #0c0f14; --card: #12161d; --ink: #e8ecf2; --muted: #a3adbd; --faint: #6f7a8c; --line: #262e3a;
    --grid: #1c222c; --accent: #63b3ff; --code: #1a2029;
    --running: #4a78b8; --region: #2c3f59; --waiting: #66748a; --requested: #f5dc6b; --draining: #f0953a;
    --finalizing: #cf86c6; --closing: #f5dc6b; --alive: #25405f;
    --ok: #35b597; --err: #e2703f; --cancelled: #f2b14a; --panicked: #ff5470;
    --error: #ff5470; --warning: #f2b14a; --info: #7fb2e5;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 var(--sans);
  font-feature-settings: "tnum", "calt" 0; overflow-wrap: anywhere;
}
main { max-width: 60rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -0.02em; margin: 0 0 .5rem; text-wrap: balance; }
h2 { font-size: 1.25rem; letter-spacing: -0.01em; margin: 3.25rem 0 .25rem; }
h3 { font-size: 1rem; font-weight: 600; margin: 0; }
p { margin: .5rem 0; max-width: 44rem; }
.kicker { color: var(--muted); font-size: .8125rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; margin: 0 0 .75rem; }
.lead { font-size: 1.125rem; color: var(--ink); margin: 0 0 1rem; }
.meta, .note { color: var(--muted); font-size: .875rem; }
p.meta { max-width: none; } .meta > span { display: inline-block; }
.meta span + span::before { content: "·"; margin: 0 .5em; color: var(--faint); }
code, pre, .id { font-family: var(--mono); font-size: .9em; font-feature-settings: normal; }
code { background: var(--code); border-radius: 4px; padding: .08em .32em; unicode-bidi: isolate; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
q { quotes: "“" "”"; unicode-bidi: isolate; }
em { font-style: normal; font-weight: 600; }
em.ok, .outcome.ok { color: var(--ok); } em.err, .outcome.err { color: var(--err); }
em.cancelled, .outcome.cancelled { color: var(--cancelled); } em.panicked, .outcome.panicked { color: var(--panicked); }

.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); background: var(--card);
  border: 1px solid var(--line); border-radius: 10px; overflow: hidden; margin: 1.5rem 0 0; }
.numbers div { box-shadow: 0 0 0 1px var(--line); padding: .8rem 1rem .75rem; }
.numbers dt { color: var(--muted); font-size: .8125rem; }
.numbers dd { margin: 0; font-size: 1.375rem; font-weight: 600; letter-spacing: -0.02em; }
.numbers .bad dd { color: var(--error); } .numbers .warn dd { color: var(--warning); }

.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem 1.5rem; margin: 1rem 0; }
.card > :first-child { margin-top: 0; } .card > :last-child { margin-bottom: 0; }
.told { font-size: 1.0625rem; line-height: 1.6; }
.chip { display: inline-block; font-size: .75rem; font-weight: 600; line-height: 1; padding: .3em .55em; border-radius: 99px;
  border: 1px solid currentColor; margin-right: .6em; vertical-align: .1em; }
.chip.error { color: var(--error); } .chip.warning { color: var(--warning); } .chip.info { color: var(--info); }
.count { color: var(--muted); font-weight: 400; margin-left: .5em; }

.rows { width: 100%; border-collapse: collapse; margin: .75rem 0; font-size: .9375rem; }
.rows td, .rows th { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--grid); font-weight: 400; }
.rows tr:first-child td { border-top: 0; }
.rows .t, .rows .id { color: var(--muted); white-space: nowrap; font-size: .8125rem; padding-top: .53rem; }
.rows .t { text-align: right; font-variant-numeric: tabular-nums; }
.rows td:last-child, .rows th:last-child { padding-right: 0; width: 100%; }

ol.chain { list-style: none; margin: 1rem 0 1.25rem; padding: 0; }
ol.chain li { position: relative; padding: 0 0 .8rem 1.5rem; }
ol.chain li::before { content: ""; position: absolute; left: 0; top: .5em; width: .625rem; height: .625rem; border-radius: 50%;
  border: 2px solid var(--accent); background: var(--card); }
ol.chain li:first-child::before { background: var(--accent); }
ol.chain li.cut:first-child::before { background: var(--card); border-style: dashed; }
ol.chain li:not(:last-child)::after { content: ""; position: absolute; left: calc(.3125rem - .5px); top: 1.35em; bottom: -.35em;
  width: 1px; background: var(--line); }
ol.chain li:last-child { padding-bottom: 0; }
ol.chain .what { display: inline-block; } ol.chain .what::first-letter { text-transform: uppercase; }
ol.chain .meta { display: block; }

.picture { display: block; overflow: hidden; margin: 1rem 0 .25rem; font: 12px var(--sans); fill: var(--ink); }
.picture text.tick, .picture .muted, .picture .id { fill: var(--muted); }
.picture .id { font-family: var(--mono); font-size: 11px; }
.picture .name { font-weight: 600; font-size: 13px; }
.picture .kind { fill: var(--accent); font-weight: 600; font-size: 11px; }
.picture .kind, .picture .title, .picture .outcome { paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.picture .outcome { font-weight: 600; }
.picture .outcome.ok { fill: var(--ok); } .picture .outcome.err { fill: var(--err); }
.picture .outcome.cancelled { fill: var(--cancelled); } .picture .outcome.panicked { fill: var(--panicked); }
.picture .grid { stroke: var(--grid); } .picture .deadline { stroke: var(--error); stroke-dasharray: 3 3; }
.picture .arrow { stroke: var(--accent); stroke-width: 1.5; } .picture .arrowhead { fill: var(--accent); }
.picture .request { fill: var(--card); stroke: var(--accent); stroke-width: 2; }
.picture .alive { fill: var(--alive); } .picture .cancelling { fill: var(--draining); } .picture .requests { fill: var(--accent); }
.s-running { fill: var(--running); stroke: var(--running); } .s-region { fill: var(--region); stroke: var(--region); }
.s-waiting { fill: var(--waiting); stroke: var(--waiting); } .s-requested { fill: var(--requested); stroke: var(--requested); }
.s-draining { fill: var(--draining); stroke: var(--draining); } .s-finalizing { fill: var(--finalizing); stroke: var(--finalizing); }
.s-closing { fill: var(--closing); stroke: var(--closing); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; color: var(--muted); font-size: .8125rem; margin: .25rem 0 0; padding: 0; list-style: none; }
.legend i { display: inline-block; width: .75em; height: .75em; border-radius: 2px; margin-right: .45em; }

details { margin: 1rem 0 0; } summary { cursor: pointer; color: var(--muted); font-size: .875rem; }
summary:hover { color: var(--ink); } summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
pre { background: var(--code); border-radius: 8px; padding: .9rem 1rem; margin: .75rem 0; overflow-x: auto; font-size: .8125rem; line-height: 1.5; white-space: pre; overflow-wrap: normal; }
pre code { background: none; padding: 0; font-size: inherit; }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .8125rem; }

@media (max-width: 40rem) {
  main { padding: 1.75rem 1rem 3rem; } h1 { font-size: 1.5rem; } .card { padding: 1rem; }
  .rows td { display: block; padding: 0 0 .1rem; border: 0; } .rows tr { display: block; padding: .55rem 0; border-top: 1px solid var(--grid); }
  .rows tr:first-child { border-top: 0; } .rows .t, .rows .id { display: inline-block; text-align: left; margin-right: .75rem; padding-top: 0; }
}
@media print {
  @page { margin: 16mm 14mm; }
  body { background: none; font-size: 10.5pt; } main { max-width: none; padding: 0; }
  .card, .numbers { border-radius: 4px; } .card, .numbers, .picture, .rows tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
)css";
}

} // namespace cancelscope::inspector
