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
  --mono: var(--jp-code-font-family, var(--vscode-editor-font-family, ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace));
  --accent: color-mix(in srgb, #0072b2 72%, var(--fg));
  box-sizing: border-box; max-width: 1280px; margin: 4px 0 8px; padding: 0 0 4px;
  border: 1px solid var(--hl); border-radius: 8px; background: var(--bg); color: var(--fg);
  font: 13px/1.5 var(--jp-ui-font-family, var(--vscode-font-family, system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif));
}
@media (prefers-color-scheme: dark) { .aml-run { --b: #14171c; --f: #e8eaed; } }
.aml-run *, .aml-run *::before { box-sizing: border-box; }
.aml-empty { padding: 8px 12px; color: var(--mu); }
:is(h3, h4, h5, p, ul, dl, dd, figure, pre) { margin: 0; padding: 0; }
:is(code, pre) { font-family: var(--mono); font-size: 12px; line-height: 1.5; }
code { overflow-wrap: anywhere; }
small { font-size: 11px; color: var(--mu); font-weight: 400; }
.aml-muted { color: var(--mu); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
button, select, input { font: inherit; color: inherit; }
.aml-button, .aml-field { border: 1px solid color-mix(in srgb, var(--fg) 30%, var(--bg)); border-radius: 5px; background: var(--bg); padding: 2px 9px; }
.aml-button { cursor: pointer; }
.aml-button:hover { background: var(--sf); }
.aml-button[disabled] { color: var(--mu); cursor: default; }
.aml-link { border: 0; background: none; padding: 0; cursor: pointer; color: var(--accent); text-decoration: underline; text-underline-offset: 2px; }
.aml-head { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; padding: 8px 12px 4px; }
.aml-head h3 { font-size: 15px; font-weight: 600; overflow-wrap: anywhere; }
.aml-acts { display: flex; flex-wrap: wrap; gap: 6px; margin-left: auto; align-items: center; }
.aml-problem { padding: 4px 12px; color: color-mix(in srgb, #d55e00 58%, var(--fg)); overflow-wrap: anywhere; }
.aml-badge { --c: #777; display: inline-flex; align-items: center; gap: 5px; padding: 1px 9px 1px 7px; border-radius: 99px; white-space: nowrap;
  border: 1px solid color-mix(in srgb, var(--c) 45%, var(--bg)); background: color-mix(in srgb, var(--c) 12%, var(--bg));
  color: color-mix(in srgb, var(--c) 58%, var(--fg)); font-size: 11.5px; font-weight: 600; }
.aml-badge i { font-style: normal; font-size: 10px; }
.aml-ok { --c: #009e73; } .aml-bad { --c: #d55e00; } .aml-live { --c: #0072b2; } .aml-stopped { --c: #8a5a9e; }
@media (prefers-reduced-motion: no-preference) { .aml-live i { animation: aml-pulse 1.6s ease-in-out infinite; } }
@keyframes aml-pulse { 50% { opacity: .25; } }
.aml-tabs { display: flex; flex-wrap: wrap; gap: 2px; padding: 0 8px; border-bottom: 1px solid var(--hl); }
.aml-tabs button { border: 0; border-bottom: 2px solid transparent; background: none; padding: 6px 8px 5px; cursor: pointer; color: var(--mu); display: inline-flex; gap: 5px; align-items: baseline; }
.aml-tabs button[aria-selected=true] { color: var(--fg); border-bottom-color: var(--accent); font-weight: 600; }
.aml-panel { padding: 10px 12px; min-height: 120px; }
.aml-none { color: var(--mu); padding: 8px 0; }
.aml-bar { display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; margin-bottom: 8px; }
.aml-bar label { display: inline-flex; gap: 5px; align-items: center; }
.aml-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) { .aml-tabs button[aria-selected=true] { border-bottom-color: Highlight; } }
`;
