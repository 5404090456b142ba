import { Html } from '../analysis/report/html.js';

/** What the live page has beside the report, in the colours of the report. */
export const LIVE_STYLE = new Html(`<style>
:root { --done: #0072b2; --failed: #d55e00; }
[hidden] { display: none; }
#connection { position: sticky; top: 0; z-index: 1; background: var(--wash); padding: .6rem 1rem; margin: 0 0 1.5rem; }
.up { margin: 0 0 .75rem; font-size: .95rem; }
.state { display: inline-block; vertical-align: .35em; font-size: .8rem; font-weight: 600; line-height: 1; letter-spacing: 0; padding: .35rem .6rem;
  border: 1px solid currentColor; border-radius: 1rem; color: var(--soft); white-space: nowrap; }
.state.running, .state.done { color: var(--link); }
.state.paused, .state.waiting, .state.incomplete { color: var(--ink); }
.bar { display: flex; height: .75rem; margin: 1.25rem 0 1rem; border-radius: .4rem; overflow: hidden; background: var(--wash); border: 1px solid var(--line); }
.bar > div { transition: width .4s; }
.bar .done { background: var(--done); }
.bar .failed { background: repeating-linear-gradient(45deg, var(--failed) 0 4px, var(--paper) 4px 7px); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 10rem), 1fr)); gap: .75rem 1.5rem; margin: 0; }
.facts dt { font-size: .85rem; color: var(--soft); }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; line-height: 1.4; }
.troubles { list-style: none; padding: 0; margin: 0; max-width: none; }
.troubles li { border-left: 4px solid var(--failed); padding: .1rem 0 .1rem 1rem; margin-top: 1rem; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem; margin: 1.25rem 0 0; }
.controls p { margin: 0; flex: 1 1 16rem; font-size: .9rem; line-height: 1.4; }
button { font: inherit; font-size: .95rem; color: var(--link); background: var(--paper); border: 1px solid currentColor; border-radius: 6px; padding: .4rem 1rem; min-height: 2.75rem; cursor: pointer; }
button:hover:enabled { background: var(--wash); }
button:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
button:disabled { color: var(--soft); border-color: var(--line); cursor: not-allowed; }
.studies { list-style: none; padding: 0; }
.studies li { padding: .5rem 0; border-bottom: 1px solid var(--line); }
.studies .state { vertical-align: .1em; margin-left: .5rem; }
@media (prefers-reduced-motion: reduce) { .bar > div { transition: none; } }
@media print { .controls, .up, #connection { display: none; } }
</style>`);
