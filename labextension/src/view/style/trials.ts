/** Style of a sweep's trials: its charts, its axes, its fields. */
export const TRIALS = `
.aml-far { margin-bottom: 4px; }
.aml-progress { display: flex; height: 7px; border-radius: 4px; overflow: hidden; background: var(--hl); margin-bottom: 10px; gap: 1px; }
.aml-progress i { --c: #999; background: var(--c); min-width: 2px; }
.aml-progress .aml-ok { --c: #009e73; } .aml-progress .aml-bad { --c: #d55e00; } .aml-progress .aml-live { --c: #0072b2; }
.aml-progress .aml-stopped { --c: #8a5a9e; } .aml-progress .aml-reused { --c: #00838f; } .aml-progress .aml-wait { --c: #999; }
.aml-value { margin-bottom: 4px; overflow-wrap: anywhere; }
.aml-value b { font-size: 20px; font-weight: 600; margin-inline-end: 6px; }
.aml-bars { list-style: none; display: grid; gap: 3px; max-height: 260px; overflow: auto; }
.aml-bars li { display: grid; grid-template-columns: minmax(60px, 150px) minmax(0, 1fr) 5ch; gap: 8px; align-items: center; }
.aml-bars span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; text-align: end; }
.aml-bars i { height: 12px; background: var(--sf); }
.aml-bars i b { display: block; height: 100%; background: #0072b2; border-radius: 0 2px 2px 0; min-width: 1px; }
.aml-bars i b.aml-neg { background: #d55e00; }
.aml-bars em { font-style: normal; font-variant-numeric: tabular-nums; }
.aml-svg { display: block; font-size: 11px; touch-action: pan-x pan-y; }
.aml-svg text { fill: var(--mu); }
.aml-svg .aml-left { text-anchor: end; } .aml-svg .aml-name { text-anchor: middle; }
.aml-rules path { stroke: var(--hl); fill: none; }
.aml-dot { --c: #777; stroke: var(--c); fill: none; stroke-width: 1.3; }
.aml-dot.aml-ok { --c: #009e73; fill: var(--c); } .aml-dot.aml-bad { --c: #d55e00; fill: var(--c); }
.aml-dot.aml-live { --c: #0072b2; } .aml-dot.aml-stopped { --c: #8a5a9e; }
.aml-svg .aml-best { fill: none; stroke: color-mix(in srgb, #e69f00 80%, var(--fg)); stroke-width: 2; }
.aml-legend .aml-best { color: color-mix(in srgb, #e69f00 60%, var(--fg)); }
.aml-best-ring, .aml-near { fill: none; stroke: var(--fg); stroke-width: 1.6; }
.aml-legend { display: flex; flex-wrap: wrap; gap: 2px 14px; color: var(--mu); font-size: 12px; min-height: 18px; }
.aml-legend i { font-style: normal; color: color-mix(in srgb, var(--c, #777) 70%, var(--fg)); }
.aml-legend b { font-weight: 600; color: var(--fg); }
.aml-swatches { display: inline-flex; vertical-align: middle; }
.aml-swatches i { width: 14px; height: 9px; background: var(--q); }
.aml-q { fill: none; stroke: var(--q); stroke-width: 1.2; opacity: var(--o, .75); }
.aml-q0 { --q: color-mix(in srgb, #0072b2 52%, var(--fg)); } .aml-q1 { --q: color-mix(in srgb, #0b6fb3 85%, var(--bg)); }
.aml-q2 { --q: color-mix(in srgb, #3a8fc4 85%, var(--bg)); } .aml-q3 { --q: color-mix(in srgb, #7aa9bd 75%, var(--bg)); }
.aml-q4 { --q: color-mix(in srgb, #b8a66a 60%, var(--bg)); } .aml-q5 { --q: color-mix(in srgb, #c9a23c 45%, var(--bg)); }
.aml-other { fill: none; stroke: var(--hl); stroke-width: 1; opacity: .6; }
.aml-rail path { stroke: color-mix(in srgb, var(--fg) 55%, var(--bg)); }
.aml-rail text { paint-order: stroke; stroke: var(--bg); stroke-width: 3px; }
.aml-rail .aml-name { fill: var(--fg); }
.aml-grip { fill: transparent; cursor: ns-resize; touch-action: none; }
.aml-grip:hover { fill: color-mix(in srgb, var(--accent) 14%, transparent); }
.aml-kept-part rect { fill: color-mix(in srgb, var(--accent) 40%, transparent); stroke: var(--accent); }
.aml-qb :is(polyline) { fill: none; stroke: color-mix(in srgb, #e69f00 85%, var(--fg)); stroke-width: 2.4; pointer-events: none; }
.aml-qb circle { fill: color-mix(in srgb, #e69f00 85%, var(--fg)); stroke: var(--bg); pointer-events: none; }
.aml-brushes { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 230px), 1fr)); gap: 6px 14px; padding: 6px 0; }
.aml-brushes fieldset { border: 1px solid var(--hl); border-radius: 5px; padding: 2px 8px 6px; margin: 0; min-width: 0; }
.aml-brushes legend { padding: 0 4px; font-weight: 600; overflow-wrap: anywhere; }
.aml-brushes label { display: grid; grid-template-columns: 2.4em minmax(0, 1fr) 8ch; gap: 6px; align-items: center; }
.aml-brushes input[type=range] { width: 100%; accent-color: var(--accent); min-width: 0; }
.aml-brushes output { font-variant-numeric: tabular-nums; overflow: hidden; text-overflow: ellipsis; }
.aml-brushes .aml-words { display: flex; flex-wrap: wrap; gap: 2px 12px; max-height: 130px; overflow: auto; }
.aml-brushes .aml-words label { display: inline-flex; overflow-wrap: anywhere; }
@media (forced-colors: active) {
  .aml-progress { border: 1px solid CanvasText; }
  .aml-progress i, .aml-bars i b { forced-color-adjust: none; background: Highlight; border-inline-end: 1px solid Canvas; }
  .aml-svg text { fill: CanvasText; stroke: none; }
  .aml-dot, .aml-rail path { stroke: CanvasText; } .aml-q { stroke: CanvasText; opacity: .12; } .aml-q.aml-q0 { opacity: .7; } .aml-swatches { display: none; } .aml-other, .aml-rules path { stroke: GrayText; }
  .aml-svg .aml-best, .aml-qb polyline { stroke: Highlight; } .aml-qb circle { fill: Highlight; }
  .aml-kept-part rect { fill: Highlight; opacity: .5; }
}
`;
