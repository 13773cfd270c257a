/** Style of the graph. */
export const GRAPH = `
.graph { position: relative; margin-bottom: 12px; border: 1px solid var(--hl); border-radius: 6px; }
.graph > .box { max-height: 680px; padding: 2px; }
.zoom { position: absolute; inset: 6px 14px auto auto; z-index: 3; display: flex; gap: 4px; }
.zoom .button { min-width: 26px; padding: 1px 7px; }
.sheet { position: relative; transform-origin: 0 0; }
.sheet svg { position: absolute; inset: 0; overflow: visible; }
.sheet marker path { fill: var(--passed); }
.sheet { --passed: color-mix(in srgb, var(--fg) 48%, var(--bg)); }
:is(.sheet, .rail) text { paint-order: stroke; stroke: var(--bg); stroke-width: 3px; }
.sheet text { fill: var(--mu); font-size: 11px; }
.edge { fill: none; stroke: var(--edge); stroke-width: 1.4; }
.edge.passed { stroke: var(--passed); }
.edge.order { stroke-dasharray: 4 4; }
.edge.looked { stroke: var(--accent); stroke-width: 2.4; }
:is(.step, .port) { position: absolute; display: flex; gap: 7px; align-items: center; border-radius: 6px; overflow: hidden; text-align: start; white-space: nowrap; }
.step { padding: 0 8px; border: 1.4px solid color-mix(in srgb, var(--c) 60%, var(--bg)); border-inline-start-width: 5px; background: color-mix(in srgb, var(--c) 8%, var(--bg)); }
.step.reused { border-style: double; border-width: 3px 3px 3px 5px; }
.step.wait { border-style: dashed; background: var(--bg); border-inline-start-style: solid; }
.step > i { font-weight: 700; }
.step > span { display: grid; min-width: 0; line-height: 1.3; }
button.step:hover { background: color-mix(in srgb, var(--c) 18%, var(--bg)); }
.step:focus-visible { outline: 3px solid var(--accent); outline-offset: 0; z-index: 2; }
.port { justify-content: center; border: 1px solid var(--hl); border-radius: 13px; background: var(--sf); color: var(--mu); font-size: 12px; padding: 0 9px; }
.within { border-inline-start: 3px solid var(--hl); padding-inline-start: 10px; }
@media (forced-colors: active) { .sheet { --edge: CanvasText; --passed: CanvasText; } .step { border-color: CanvasText; } }
`;
