import { Html } from './html.js';

/** The page's style: the reader's own fonts, one column on a phone, two figures abreast where there is room. */
export const STYLE = new Html(`<style>
:root { color-scheme: light dark; --ink: #1b1d20; --soft: #5d636b; --line: #d9dce0; --paper: #fff; --wash: #f5f6f7; --link: #0059a3; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e7e9; --soft: #a4aab2; --line: #3a3e44; --paper: #16181b; --wash: #202328; --link: #6db5f2; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.25rem 5rem; max-width: 68rem; color: var(--ink); background: var(--paper);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.75rem, 5vw, 2.5rem); line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 .25rem; }
h2 { font-size: 1.4rem; line-height: 1.25; letter-spacing: -0.01em; margin: 3.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; line-height: 1.35; margin: 0 0 .4rem; }
p, ul { max-width: 44rem; }
p.lead { font-size: 1.2rem; line-height: 1.55; margin: 1.25rem 0 0; }
.soft, figcaption, caption { color: var(--soft); }
a { color: var(--link); }
nav { margin: 1.25rem 0 0; font-size: .95rem; }
nav a { margin-right: 1rem; white-space: nowrap; }
.figures { display: grid; gap: 2.5rem 2rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); margin-top: 1.5rem; }
figure { margin: 0; min-width: 0; max-width: 32rem; }
figure > svg { display: block; width: 100%; height: auto; border-radius: 4px; }
.alone { display: none; }
figure > svg [fill="#fff"] { fill: var(--paper); }
.read figure > svg * { pointer-events: none; }
#readout { position: absolute; top: 0; left: 0; z-index: 2; max-width: min(24rem, calc(100vw - 8px)); padding: .4rem .6rem; pointer-events: none;
  white-space: pre-line; font-size: .82rem; line-height: 1.4; color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: 6px; }
#ring { position: absolute; top: -4px; left: -4px; z-index: 1; padding: 3px; box-sizing: content-box; border: 1px solid var(--ink); border-radius: 5px; pointer-events: none; }
[hidden] { display: none; }
figcaption { font-size: .9rem; line-height: 1.5; margin-top: .5rem; }
.downloads { white-space: nowrap; }
.downloads button { font: inherit; color: var(--link); background: none; border: 0; padding: 0; margin-left: .5rem; text-decoration: underline; cursor: pointer; min-height: 0; display: none; }
.read .downloads button { display: inline; }
.hint { font-size: .9rem; margin: .75rem 0 0; display: none; }
.read .hint { display: block; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin: 0 0 .4rem; padding: 0; font-size: .88rem; }
.legend svg { width: 14px; height: 14px; margin-right: .35rem; vertical-align: -1px; }
.scroll { overflow-x: auto; margin-top: 1rem; }
table { border-collapse: collapse; font-size: .88rem; line-height: 1.4; font-variant-numeric: tabular-nums; min-width: 100%; overflow-wrap: normal; }
caption { text-align: left; padding-bottom: .5rem; font-size: .9rem; }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; white-space: nowrap; }
/* No nowrap: of a range that has no room the ends stand one above the other. */
td.number, th.number { text-align: right; }
pre { background: var(--wash); padding: 1rem; overflow-x: auto; font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; border-radius: 6px; overflow-wrap: normal; }
code.key { display: block; min-width: 9rem; overflow-wrap: anywhere; }
code { font: .88em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.warning { border-left: 4px solid #d55e00; padding: .25rem 0 .25rem 1rem; margin: 1.25rem 0 0; }
td.number .soft { white-space: nowrap; }
.why { display: block; min-width: 12rem; white-space: normal; color: var(--soft); text-align: left; }
details { margin-top: .75rem; }
summary { cursor: pointer; color: var(--link); }
@media (max-width: 44rem) {
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  tr { border-bottom: 1px solid var(--line); padding: .6rem 0; }
  td, td.number { display: flex; gap: 1rem; border: 0; padding: .1rem 0; text-align: left; white-space: normal; }
  td::before { content: attr(data-label); flex: 0 0 8rem; color: var(--soft); }
  td > div { min-width: 0; }
}
@media print { nav, .read .hint, .downloads, #readout, #ring { display: none; } body { max-width: none; padding: 0; } figure, tr { break-inside: avoid; } }
</style>`);
