/** Style of the logs, and of every text that is shown by its lines. */
export const LOGS = `
.lines { position: relative; overflow: auto; max-height: 80vh; resize: vertical; border: 1px solid var(--hl); border-radius: 6px; background: var(--sf); overflow-anchor: none; overscroll-behavior-y: auto; }
:is(.range, .frame) { min-width: 100%; width: max-content; }
.frame { position: sticky; top: 0; overflow: clip; }
.wraps :is(.range, .frame) { width: 100%; }
.line { display: flex; height: 18px; border-left: 3px solid transparent; }
.wraps .line { height: auto; min-height: 18px; }
.line code { line-height: 18px; white-space: pre; tab-size: 4; padding-right: 12px; overflow-wrap: normal; unicode-bidi: isolate; }
.wraps .line code { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 0; }
.number { position: sticky; left: 0; flex: none; min-width: 52px; padding: 0 10px 0 6px; text-align: right; color: var(--mu); background: var(--sf); font: 11px/18px var(--mono); user-select: none; }
.number::before { content: attr(data-number); }
.error { border-left-color: #d55e00; } .warning { border-left-color: #e0a800; }
.current { background: var(--glow); outline: 1px solid var(--accent); outline-offset: -1px; }
.hit { background: color-mix(in srgb, #f0e442 55%, var(--bg)); color: var(--fg); border-radius: 2px; }
.told { min-width: 9ch; }
.log input[type=search] { width: 18ch; flex: 0 1 auto; }
.sum { font-size: 11.5px; margin-top: 3px; }
.kb { font-weight: 700; } .kd { color: var(--mu); } .ki { font-style: italic; } .ku { text-decoration: underline; }
.k1 { --c: #d1242f; } .k2 { --c: #1a8f3c; } .k3 { --c: #b07d00; } .k4 { --c: #0a6bd6; } .k5 { --c: #a033b3; } .k6 { --c: #0b8a93; }
:is(.k1, .k2, .k3, .k4, .k5, .k6) { color: color-mix(in srgb, var(--c) 60%, var(--fg)); }
@media (forced-colors: active) { .hit { forced-color-adjust: none; background: Mark; color: MarkText; } .current { outline: 2px solid Highlight; } .line { border-left-color: Canvas; } .error { border-left: 3px solid CanvasText; } .warning { border-left: 3px double CanvasText; } }
`;
