/** Style of the files: their tree, what is in them, how they differ. */
export const FILES = `
.browser { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; }
.browser > * { flex: 3 1 340px; min-width: 0; }
.browser > .tree { flex: 1 1 220px; max-width: 340px; }
@media (max-width: 620px) { .browser > .tree { max-width: none; } }
.tree input { width: 100%; margin-bottom: 4px; }
:is(.tree ul, .scroll) { max-height: 420px; overflow: auto; border: 1px solid var(--hl); border-radius: 6px; }
.tree ul { padding: 3px; }
.tree li { display: flex; gap: 5px; align-items: baseline; padding: 1px 6px 1px 4px; border-radius: 4px; cursor: pointer; font-size: 12.5px; }
.tree li:hover { background: var(--sf); }
.tree li[aria-selected=true] { background: var(--glow); box-shadow: inset 2px 0 var(--accent); }
.tree i { flex: none; width: 12px; color: var(--mu); }
.tree bdi { white-space: pre; }
.tree small { margin-left: auto; padding-left: 8px; white-space: nowrap; }
.tree :is(li[aria-selected=true], li:hover) small { color: var(--fg); }
.tree .mark { font-size: 11px; margin-left: auto; }
.mark + small { margin-left: 0; }
.scroll { padding: 6px 10px; }
.json { font: 12px/1.5 var(--mono); }
.json details > :not(summary) { margin-left: 16px; }
.notebook > div { margin-bottom: 8px; }
.notebook pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.notebook :is(.code, .raw) pre { border-left: 2px solid var(--accent); padding-left: 8px; }
.notebook .code .output { border-left-color: var(--hl); color: var(--mu); }
.line:is(.added, .removed) { background: color-mix(in srgb, var(--c) 15%, var(--bg)); }
.diff .line code { padding-left: 8px; }
.line.gap { color: var(--mu); border-block: 1px solid var(--hl); }
@media (forced-colors: active) { .tree li[aria-selected=true] { outline: 2px solid Highlight; outline-offset: -2px; } }
`;
