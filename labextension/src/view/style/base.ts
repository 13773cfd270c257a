/** Style of what every part has: colours, type, header, tabs, buttons. */
export const BASE = `
:host { display: block; }
.aml-run {
  --b: #fff; --f: #1b1f24;
  --bg: var(--jp-layout-color0, var(--vscode-editor-background, var(--b)));
  --fg: var(--jp-ui-font-color0, var(--vscode-editor-foreground, var(--f)));
  --mu: color-mix(in srgb, var(--fg) 74%, var(--bg));
  --hl: color-mix(in srgb, var(--fg) 14%, var(--bg));
  --sf: color-mix(in srgb, var(--fg) 4%, var(--bg));
  --edge: color-mix(in srgb, var(--fg) 30%, var(--bg));
  --accent: color-mix(in srgb, #0072b2 72%, var(--fg));
  --glow: color-mix(in srgb, var(--accent) 17%, var(--bg));
  --best: color-mix(in srgb, #e69f00 70%, var(--fg));
  --mono: var(--jp-code-font-family, var(--vscode-editor-font-family, ui-monospace, Menlo, Consolas, monospace));
  --c: #777;
  box-sizing: border-box; max-width: 1280px; margin: 4px 0 8px; padding: 0 0 4px;
  border: 1px solid var(--hl); border-radius: 8px; background: var(--bg); color: var(--fg);
  font: 13px/1.5 var(--jp-ui-font-family, var(--vscode-font-family, system-ui, sans-serif));
  font-variant-numeric: tabular-nums;
}
@media (prefers-color-scheme: dark) { .aml-run { --b: #14171c; --f: #e8eaed; } }
.aml-run *, .aml-run *::before { box-sizing: border-box; }

/* what something is, in colour: --c; a mark or a word says it too */
.note { --c: #b58900; } :is(.ok, .added, .star) { --c: #009e73; } :is(.bad, .removed, .problem, .lost, .wrong) { --c: #d55e00; } :is(.live, .changed) { --c: #0072b2; }
.stopped { --c: #8a5a9e; } .reused { --c: #00838f; }
:is(.badge, .fate, .problem, .lost, .star, .mark, .legend i, .step > i) { color: color-mix(in srgb, var(--c) 58%, var(--fg)); }

:is(h3, h4, h5, p, ul, dl, dd, figure, pre) { margin: 0; padding: 0; }
:is(h3, h4, h5, b) { font-weight: 600; }
h3 { font-size: 15px; } h5 { font-size: 12.5px; }
:is(h4, caption) { font-size: 12px; color: var(--mu); margin-bottom: 4px; }
ul { list-style: none; }
i { font-style: normal; }
:is(code, pre) { font-family: var(--mono); font-size: 12px; line-height: 1.5; }
small { font-size: 11px; color: var(--mu); font-weight: 400; }
:is(code, h3, h4, h5, summary, .muted, .problem, .link, .note, .chips li, .pairs :is(dt, dd), .said, .stat, .value, .who, .sides th, .sides td, .gallery figcaption, .large bdi, legend, .words label) { overflow-wrap: anywhere; }
:is(.cut, .bars bdi, .glance span, .tree bdi, .virtual th, .virtual td, .virtual button span, .step b, .step small, .cells th, .cells td, output) { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
:is(.muted, .empty, .none) { color: var(--mu); }
:is(.empty, .problem) { padding: 4px 12px; } .none { padding: 8px 0; }
.panel .problem { padding: 4px 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
:is(button, select, input, textarea) { font: inherit; color: inherit; }
:is(button, summary) { cursor: pointer; }
:is(button, .link) { border: 0; background: none; padding: 0; }
:is(.button, .field, .switch) { border: 1px solid var(--edge); border-radius: 5px; background: var(--bg); }
:is(.button, .field, .switch button) { padding: 2px 9px; }
.button:hover { background: var(--sf); }
.button[disabled] { color: var(--mu); cursor: default; }
.link { color: var(--accent); text-align: start; text-decoration: underline; text-underline-offset: 2px; }
input:is([type=range], [type=checkbox]) { accent-color: var(--accent); margin: 0; min-width: 0; }

.head { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; padding: 8px 12px 4px; }
.head > .muted { min-width: 0; }
.pace { padding: 0 12px 6px; overflow-wrap: anywhere; }
.pace .progress { --c: var(--accent); display: inline-flex; width: min(180px, 40%); margin: 0; }
.acts { display: flex; flex-wrap: wrap; gap: 6px; margin-left: auto; align-items: center; }
.menu { position: relative; } .menu summary { list-style: none; }
.menu div { position: absolute; right: 0; z-index: 3; display: grid; gap: 4px; padding: 6px; white-space: nowrap; background: var(--bg); border: 1px solid var(--edge); border-radius: 5px; }
.badge { display: inline-flex; align-items: center; gap: 5px; padding: 1px 9px 1px 7px; border-radius: 99px; white-space: nowrap; font-size: 11.5px; font-weight: 600;
  border: 1px solid color-mix(in srgb, var(--c) 45%, var(--bg)); background: color-mix(in srgb, var(--c) 12%, var(--bg)); }
.badge i { font-size: 10px; }
@media (prefers-reduced-motion: no-preference) { .live i { animation: pulse 1.6s ease-in-out infinite; } }
@keyframes pulse { 50% { opacity: .25; } }
.tabs { display: flex; flex-wrap: wrap; gap: 2px; padding: 0 8px; border-bottom: 1px solid var(--hl); }
.tabs button { border-bottom: 2px solid transparent; padding: 6px 8px 5px; color: var(--mu); display: inline-flex; gap: 5px; align-items: baseline; }
.tabs button[aria-selected=true] { color: var(--fg); border-bottom-color: var(--accent); font-weight: 600; }
.panel { padding: 10px 12px; min-height: 120px; }
.bar { display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; margin-bottom: 8px; }
.bar label { display: inline-flex; gap: 5px; align-items: center; max-width: 100%; }
.bar select { min-width: 0; max-width: 100%; }
.bar input[type=range] { width: 90px; }
.bar output { min-width: 4ch; color: var(--mu); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) {
  .aml-run { --bg: Canvas; --fg: CanvasText; --mu: CanvasText; --hl: GrayText; --sf: Canvas; --accent: Highlight; --best: Highlight; }
}
`;
