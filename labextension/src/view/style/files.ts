/** Style of the files: their tree, what is in them, how they differ. */
export const FILES = `
.aml-block { margin-top: 16px; }
.aml-block h4 { font-size: 12px; font-weight: 600; color: var(--mu); margin-bottom: 6px; }
.aml-browser { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; }
.aml-browser > :first-child { flex: 1 1 220px; max-width: 340px; min-width: 0; }
.aml-browser > :last-child { flex: 3 1 340px; min-width: 0; }
@media (max-width: 620px) { .aml-browser > :first-child { max-width: none; } }
.aml-tree input { width: 100%; margin-bottom: 4px; }
.aml-tree ul { list-style: none; max-height: 420px; overflow: auto; border: 1px solid var(--hl); border-radius: 6px; padding: 3px; }
.aml-tree li { display: flex; gap: 5px; align-items: baseline; padding: 1px 6px 1px 4px; border-radius: 4px; cursor: pointer; font-size: 12.5px; }
.aml-tree li:hover { background: var(--sf); }
.aml-tree li[aria-selected=true] { background: color-mix(in srgb, var(--accent) 16%, var(--bg)); box-shadow: inset 2px 0 var(--accent); }
.aml-tree i { flex: none; width: 12px; font-style: normal; color: var(--mu); }
.aml-tree bdi { overflow: hidden; text-overflow: ellipsis; white-space: pre; }
.aml-tree small { margin-left: auto; padding-left: 8px; white-space: nowrap; font-variant-numeric: tabular-nums; }
.aml-tree :is(li[aria-selected=true], li:hover) small { color: var(--fg); }
@media (forced-colors: active) { .aml-tree li[aria-selected=true] { outline: 2px solid Highlight; outline-offset: -2px; } }
.aml-preview h5 { font-size: 12.5px; font-weight: 600; overflow-wrap: anywhere; }
.aml-preview .aml-problem { padding: 6px 0; }
.aml-picture { display: block; max-width: 100%; max-height: 480px; object-fit: contain; background: #fff; border-radius: 4px; }
.aml-scroll { overflow: auto; max-height: 420px; border: 1px solid var(--hl); border-radius: 6px; }
.aml-cells { border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums; }
.aml-cells :is(th, td) { padding: 2px 10px; text-align: left; white-space: pre; max-width: 48ch; overflow: hidden; text-overflow: ellipsis; border-bottom: 1px solid var(--hl); font-weight: 400; }
.aml-cells thead th { position: sticky; top: 0; background: var(--bg); font-weight: 600; }
.aml-cells tbody th { color: var(--mu); text-align: right; }
.aml-json { padding: 6px 10px; font: 12px/1.5 var(--mono); }
.aml-json details > :not(summary) { margin-left: 16px; }
.aml-json b { font-weight: 600; } .aml-json summary { cursor: pointer; }
.aml-notebook { padding: 6px 10px; } .aml-notebook > div { margin-bottom: 8px; }
.aml-notebook pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.aml-notebook :is(.aml-code, .aml-raw) pre { border-left: 2px solid var(--accent); padding-left: 8px; }
.aml-notebook .aml-code .aml-output { border-left-color: var(--hl); color: var(--mu); }
.aml-folders { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 16px; }
.aml-folders dt { color: var(--mu); }
.aml-mark { font-size: 11px; font-weight: 600; margin-left: auto; color: color-mix(in srgb, var(--c, #777) 58%, var(--fg)); }
.aml-mark + small { margin-left: 0; }
.aml-added { --c: #009e73; } .aml-removed { --c: #d55e00; } .aml-changed { --c: #0072b2; }
.aml-line.aml-added { background: color-mix(in srgb, #009e73 16%, var(--bg)); } .aml-line.aml-removed { background: color-mix(in srgb, #d55e00 15%, var(--bg)); }
.aml-diff .aml-line code { padding-left: 8px; }
.aml-line.aml-gap { background: var(--hl); }
.aml-cell { width: 100%; min-height: 90px; font: 12px/1.5 var(--mono); resize: vertical; }
.aml-differs { margin-top: 12px; overflow: auto; }
.aml-differs table { border-collapse: collapse; font-size: 12.5px; width: 100%; }
.aml-differs caption { text-align: left; font-weight: 600; color: var(--mu); font-size: 12px; padding: 2px 0; }
.aml-differs :is(th, td) { text-align: left; vertical-align: top; padding: 2px 12px 2px 0; border-bottom: 1px solid var(--hl); font-weight: 400; overflow-wrap: anywhere; }
.aml-differs thead th { color: var(--mu); font-size: 11.5px; }
`;
