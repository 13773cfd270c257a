/** Style of a sweep's trials: its charts, its axes, its fields. */
export const TRIALS = `
.far { margin-bottom: 4px; }
.progress { display: flex; height: 7px; border-radius: 4px; overflow: hidden; background: var(--hl); margin-bottom: 10px; gap: 1px; }
.progress i { background: var(--c); min-width: 2px; }
.value { margin-bottom: 4px; }
.value b { font-size: 20px; margin-inline-end: 6px; }
.svg { display: block; font-size: 11px; touch-action: pan-x pan-y; }
.svg text { fill: var(--mu); }
.svg .left { text-anchor: end; } .svg .name { text-anchor: middle; }
:is(.rules path, .best, .near, .q, .other, .dot) { fill: none; }
.rules path { stroke: var(--hl); }
.dot { stroke: var(--c); }
.dot:is(.ok, .bad) { fill: var(--c); }
.best { stroke: var(--best); stroke-width: 2; }
.legend i.best { color: var(--best); }
.near { stroke: var(--fg); stroke-width: 1.6; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; color: var(--mu); font-size: 12px; min-height: 18px; }
.swatches { display: inline-flex; vertical-align: middle; }
.swatches i { width: 14px; height: 9px; background: var(--q); }
.q { stroke: var(--q); stroke-opacity: var(--o, .75); }
:is(.q, .swatches i) { --q: color-mix(in srgb, color-mix(in oklab, #0072b2, #c9a23c calc(20% * var(--n))) calc(100% - 10% * var(--n)), var(--bg)); } /* --n: 0 for the best */
.other { stroke: var(--hl); opacity: .6; }
.rail path { stroke: color-mix(in srgb, var(--fg) 55%, var(--bg)); }
.rail .name { fill: var(--fg); }
.grip { fill: transparent; cursor: ns-resize; touch-action: none; }
.grip:hover { fill: color-mix(in srgb, var(--accent) 14%, transparent); }
.kept-part rect { fill: color-mix(in srgb, var(--accent) 40%, transparent); stroke: var(--accent); }
.qb polyline { fill: none; stroke: var(--best); stroke-width: 2.4; }
.qb circle { fill: var(--best); stroke: var(--bg); }
.brushes { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 230px), 1fr)); gap: 6px 14px; padding: 6px 0; }
fieldset { border: 1px solid var(--hl); border-radius: 5px; padding: 2px 8px 6px; margin: 0; min-width: 0; }
legend { padding: 0 4px; font-weight: 600; }
.brushes label { display: grid; grid-template-columns: 2.4em minmax(0, 1fr) 8ch; gap: 6px; align-items: center; }
.words { display: flex; flex-wrap: wrap; gap: 2px 12px; max-height: 130px; overflow: auto; }
.brushes .words label { display: inline-flex; }
@media (forced-colors: active) {
  .progress { border: 1px solid CanvasText; }
  .progress i { forced-color-adjust: none; background: Highlight; border-inline-end: 1px solid Canvas; }
  .svg text { fill: CanvasText; stroke: none; }
  .dot, .rail path { stroke: CanvasText; } .q { stroke: CanvasText; stroke-opacity: calc(.7 - .12 * var(--n)); } .swatches { display: none; }
}
`;
