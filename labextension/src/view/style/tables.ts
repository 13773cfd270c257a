/** Style of tables, of blocks of properties, and of runs side by side. */
export const TABLES = `
.aml-piece { margin: 4px 0 14px; min-width: 0; }
.aml-piece h4 { font-size: 12px; font-weight: 600; color: var(--mu); margin: 0 0 4px; overflow-wrap: anywhere; }
.aml-columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 0 28px; }
.aml-columns > * { min-width: 0; }
.aml-pairs { display: grid; gap: 2px; }
.aml-pairs > div { display: grid; grid-template-columns: 118px minmax(0, 1fr); gap: 8px; }
.aml-pairs dt { color: var(--mu); overflow-wrap: anywhere; }
.aml-pairs dd { overflow-wrap: anywhere; white-space: pre-line; }
.aml-head > .aml-muted { min-width: 0; overflow-wrap: anywhere; }
.aml-link { text-align: start; overflow-wrap: anywhere; }
.aml-chips { display: flex; flex-wrap: wrap; gap: 4px 6px; list-style: none; }
.aml-chips li { border: 1px solid var(--hl); border-radius: 5px; padding: 0 7px; background: var(--sf); overflow-wrap: anywhere; max-width: 100%; }
.aml-chips b { font-weight: 600; }
.aml-glance { list-style: none; display: grid; gap: 2px; }
.aml-glance li { display: grid; grid-template-columns: minmax(0, 1fr) auto 9ch; gap: 10px; border-bottom: 1px solid var(--hl); }
.aml-glance span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.aml-glance b { text-align: end; font-variant-numeric: tabular-nums; }
.aml-pre { background: var(--sf); border: 1px solid var(--hl); border-radius: 5px; padding: 6px 9px; overflow: auto; max-height: 420px; white-space: pre; }
.aml-note { border: 1px solid color-mix(in srgb, #b58900 55%, var(--bg)); border-inline-start-width: 4px; border-radius: 5px; padding: 5px 10px; margin: 0 0 10px; overflow-wrap: anywhere; }
.aml-wrong { border-color: color-mix(in srgb, #d55e00 65%, var(--bg)); }
.aml-wrong pre { overflow: auto; max-height: 260px; white-space: pre-wrap; }
.aml-kept { width: min(100%, 480px); font-family: var(--mono); font-size: 12px; background: var(--bg); color: var(--fg); }
.aml-box { overflow: auto; max-width: 100%; }
.aml-table { border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; }
.aml-table :is(th, td) { text-align: start; padding: 3px 8px; border-bottom: 1px solid var(--hl); vertical-align: top; font-weight: 400; }
.aml-table thead :is(th, td) { position: sticky; top: 0; z-index: 2; background: var(--bg); font-weight: 600; color: var(--mu); }
.aml-plain { width: 100%; }
.aml-plain :is(td, th) { overflow-wrap: break-word; max-width: 340px; }
.aml-plain :is(td, th):not(:last-child) { max-width: 220px; }
.aml-plain td:last-child { overflow-wrap: anywhere; max-width: none; }
.aml-virtual { table-layout: fixed; min-width: 100%; }
.aml-virtual :is(th, td) { height: 28px; padding-block: 0; vertical-align: middle; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.aml-virtual thead th { padding: 0; }
.aml-virtual thead button { width: 100%; height: 27px; border: 0; background: none; padding: 0 8px; cursor: pointer; font-weight: 600; color: inherit; display: flex; gap: 4px; align-items: center; }
.aml-virtual thead button span { overflow: hidden; text-overflow: ellipsis; }
.aml-virtual thead button i { font-style: normal; width: 1em; }
.aml-virtual thead button:hover, .aml-virtual thead [aria-sort]:not([aria-sort=none]) { color: var(--fg); }
.aml-num { text-align: end !important; }
.aml-num button { justify-content: flex-end; }
.aml-num button.aml-link { display: inline; }
.aml-virtual tbody tr:hover :is(th, td) { background: var(--sf); }
.aml-virtual .aml-space :is(td) { border: 0; padding: 0; }
.aml-virtual .aml-top :is(th, td) { background: color-mix(in srgb, #009e73 10%, var(--bg)); }
.aml-star { color: color-mix(in srgb, #009e73 58%, var(--fg)); font-weight: 600; }
.aml-cut { max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: middle; }
.aml-fate, .aml-legend i, .aml-step { --c: #777; } .aml-reused { --c: #00838f; } .aml-wait { --c: #777; }
.aml-fate { color: color-mix(in srgb, var(--c) 58%, var(--fg)); }
.aml-fate i { font-style: normal; }
.aml-fate.aml-ok, .aml-legend .aml-ok { --c: #009e73; } .aml-fate.aml-bad, .aml-legend .aml-bad { --c: #d55e00; }
.aml-fate.aml-live, .aml-legend .aml-live { --c: #0072b2; } .aml-fate.aml-stopped, .aml-legend .aml-stopped { --c: #8a5a9e; }
.aml-fate.aml-reused { --c: #00838f; }
.aml-more { margin: 4px 0 10px; }
.aml-more > summary { cursor: pointer; width: fit-content; max-width: 100%; overflow-wrap: anywhere; }
.aml-compare.aml-compare { padding: 8px 12px; }
.aml-panel .aml-compare { border: 0; padding: 0; margin: 0; }
.aml-bar h3 { font-size: 14px; font-weight: 600; margin-inline-end: auto; }
.aml-sides { min-width: 100%; margin-bottom: 14px; }
.aml-sides thead th { min-width: 150px; max-width: 260px; vertical-align: bottom; color: var(--fg); }
.aml-sides tbody th { min-width: 120px; max-width: 240px; overflow-wrap: anywhere; position: sticky; inset-inline-start: 0; background: var(--bg); z-index: 1; }
.aml-sides td { overflow-wrap: anywhere; max-width: 260px; }
.aml-sides small { display: block; }
.aml-who { display: block; overflow-wrap: anywhere; }
.aml-section th { font-weight: 600 !important; border-bottom-width: 2px !important; padding-top: 10px !important; max-width: none !important; }
.aml-section small { display: inline; }
.aml-section span { position: sticky; inset-inline-start: 8px; display: inline-flex; gap: 8px; align-items: baseline; }
.aml-unlike td { background: color-mix(in srgb, #e69f00 12%, var(--bg)); }
.aml-unlike th i { font-style: normal; font-weight: 700; margin-inline-end: 5px; }
`;
