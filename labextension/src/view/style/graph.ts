/** Style of the graph. */
export const GRAPH = `
.aml-graph { position: relative; margin-bottom: 12px; border: 1px solid var(--hl); border-radius: 6px; }
.aml-graph > .aml-box { max-height: 680px; padding: 2px; }
.aml-zoom { position: absolute; inset: 6px 14px auto auto; z-index: 3; display: flex; gap: 4px; }
.aml-zoom .aml-button { min-width: 26px; padding: 1px 7px; }
.aml-sheet { position: relative; transform-origin: 0 0; }
.aml-sheet svg { position: absolute; inset: 0; overflow: visible; }
.aml-sheet marker path { fill: color-mix(in srgb, var(--fg) 45%, var(--bg)); }
.aml-sheet text { fill: var(--mu); font-size: 11px; paint-order: stroke; stroke: var(--bg); stroke-width: 3px; }
.aml-edge { fill: none; stroke: color-mix(in srgb, var(--fg) 26%, var(--bg)); stroke-width: 1.4; }
.aml-edge.aml-passed { stroke: color-mix(in srgb, var(--fg) 48%, var(--bg)); }
.aml-edge.aml-order { stroke-dasharray: 4 4; }
.aml-edge.aml-looked { stroke: var(--accent); stroke-width: 2.4; }
.aml-step, .aml-port { position: absolute; display: flex; gap: 7px; align-items: center; border-radius: 6px; overflow: hidden; text-align: start; white-space: nowrap; }
.aml-step { padding: 0 8px; border: 1.4px solid color-mix(in srgb, var(--c) 60%, var(--bg)); border-inline-start-width: 5px; background: color-mix(in srgb, var(--c) 8%, var(--bg)); color: var(--fg); }
.aml-step.aml-ok { --c: #009e73; } .aml-step.aml-bad { --c: #d55e00; } .aml-step.aml-live { --c: #0072b2; } .aml-step.aml-stopped { --c: #8a5a9e; }
.aml-step.aml-reused { --c: #00838f; border-style: double; border-width: 3px 3px 3px 5px; }
.aml-step.aml-wait { border-style: dashed; background: var(--bg); border-inline-start-style: solid; }
.aml-step i { font-style: normal; color: color-mix(in srgb, var(--c) 58%, var(--fg)); font-weight: 700; }
.aml-step span { display: grid; min-width: 0; line-height: 1.3; }
.aml-step b { font-weight: 600; overflow: hidden; text-overflow: ellipsis; }
.aml-step small { overflow: hidden; text-overflow: ellipsis; }
button.aml-step { cursor: pointer; }
button.aml-step:hover { background: color-mix(in srgb, var(--c) 18%, var(--bg)); }
.aml-step:focus-visible { outline: 3px solid var(--accent); outline-offset: 0; z-index: 2; }
.aml-port { justify-content: center; border: 1px solid var(--hl); border-radius: 13px; background: var(--sf); color: var(--mu); font-size: 12px; padding: 0 9px; }
.aml-within { border-inline-start: 3px solid var(--hl); padding-inline-start: 10px; }
@media (forced-colors: active) {
  .aml-edge { stroke: CanvasText; } .aml-edge.aml-looked { stroke: Highlight; } .aml-sheet marker path { fill: CanvasText; }
  .aml-step { border-color: CanvasText; }
}
`;
