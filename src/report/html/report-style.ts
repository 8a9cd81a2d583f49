// How a report looks: one column that reads well on a phone, on paper, in the dark.

export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #57606a; --line: #d0d7de; --back: #ffffff; --soft: #f6f8fa;
  --bad: #b3261e; --warn: #8a5a00; --good: #1a6b34; --a: #3b6fb6; --b: #7d9fca; --c: #c78a3b; --d: #9aa4ad; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9da7b1; --line: #3d444d; --back: #0d1117; --soft: #161b22;
  --bad: #ff8a80; --warn: #f0b95b; --good: #6fd08c; --a: #6ea8fe; --b: #3d5f8f; --c: #d9a35b; --d: #5c6670; } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 58rem; background: var(--back); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .5rem } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem } p { margin: .5rem 0 }
.bad { color: var(--bad) } .warn { color: var(--warn) } .good { color: var(--good) } .faint { color: var(--faint) }
code, pre { font: .88em/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow-x: auto; white-space: pre-wrap }
table { border-collapse: collapse; width: 100%; font-size: .93rem } caption { text-align: left; color: var(--faint) }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th { color: var(--faint); font-weight: 500 } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
ol.path { list-style: none; padding: 0; margin: .5rem 0 } ol.path li { border-left: 2px solid var(--line); padding: .15rem 0 .5rem .9rem }
ol.path li.stuck { border-color: var(--warn) } ol.path li.faulty { border-color: var(--bad); border-left-width: 4px }
svg { max-width: 100%; height: auto; display: block } svg text { fill: var(--faint); font: 12px system-ui, sans-serif }
.key { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .4em; vertical-align: baseline }
section { break-inside: avoid-page }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt } details > :not(summary) { display: block } pre { white-space: pre-wrap } a { color: inherit } }
`;
