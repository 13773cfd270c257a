/** Style of the logs, and of every text that is shown by its lines. */
export const LOGS = `
.aml-lines { position: relative; overflow: auto; max-height: 80vh; resize: vertical; border: 1px solid var(--hl); border-radius: 6px; background: var(--sf); overflow-anchor: none; overscroll-behavior-y: auto; }
.aml-range { min-width: 100%; width: max-content; }
.aml-frame { position: sticky; top: 0; overflow: clip; min-width: 100%; width: max-content; }
.aml-wraps :is(.aml-range, .aml-frame) { width: 100%; }
.aml-line { display: flex; height: 18px; border-left: 3px solid transparent; }
.aml-wraps .aml-line { height: auto; min-height: 18px; }
.aml-line code { line-height: 18px; white-space: pre; tab-size: 4; padding-right: 12px; overflow-wrap: normal; unicode-bidi: isolate; }
.aml-wraps .aml-line code { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 0; }
.aml-number { position: sticky; left: 0; flex: none; min-width: 52px; padding: 0 10px 0 6px; text-align: right; color: var(--mu); background: color-mix(in srgb, var(--fg) 4%, var(--bg)); font: 11px/18px var(--mono); font-variant-numeric: tabular-nums; user-select: none; }
.aml-number::before { content: attr(data-number); }
.aml-error { border-left-color: #d55e00; } .aml-warning { border-left-color: #e0a800; }
.aml-current { background: color-mix(in srgb, var(--accent) 18%, var(--bg)); outline: 1px solid var(--accent); outline-offset: -1px; }
.aml-hit { background: color-mix(in srgb, #f0e442 55%, var(--bg)); color: var(--fg); border-radius: 2px; }
.aml-told { min-width: 9ch; }
.aml-log input[type=search] { width: 18ch; flex: 0 1 auto; }
.aml-which, .aml-wrap { display: inline-flex; gap: 6px; align-items: center; margin-bottom: 6px; max-width: 100%; }
.aml-which select { min-width: 0; max-width: 100%; }
.aml-sum { font-size: 11.5px; margin-top: 3px; font-variant-numeric: tabular-nums; }
.kb { font-weight: 700; } .kd { color: var(--mu); } .ki { font-style: italic; } .ku { text-decoration: underline; }
.k1 { --c: #d1242f; } .k2 { --c: #1a8f3c; } .k3 { --c: #b07d00; } .k4 { --c: #0a6bd6; } .k5 { --c: #a033b3; } .k6 { --c: #0b8a93; }
:is(.k1, .k2, .k3, .k4, .k5, .k6) { color: color-mix(in srgb, var(--c) 60%, var(--fg)); }
@media (forced-colors: active) { .aml-hit { forced-color-adjust: none; background: Mark; color: MarkText; } .aml-current { outline: 2px solid Highlight; } .aml-line { border-left-color: Canvas; } .aml-error { border-left: 3px solid CanvasText; } .aml-warning { border-left: 3px double CanvasText; } }
`;
