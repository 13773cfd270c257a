/** Style of tables, of blocks of properties, and of runs side by side. */
export const TABLES = `
.piece { margin: 4px 0 14px; min-width: 0; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 0 28px; }
.columns > * { min-width: 0; }
:is(.pairs, .glance) { display: grid; gap: 2px; }
.pairs > div { display: grid; grid-template-columns: 118px minmax(0, 1fr); gap: 8px; }
.pairs dt { color: var(--mu); }
.pairs dd { white-space: pre-line; }
.chips { display: flex; flex-wrap: wrap; gap: 4px 6px; }
.chips li { border: 1px solid var(--hl); border-radius: 5px; padding: 0 7px; background: var(--sf); max-width: 100%; }
.glance li { display: grid; grid-template-columns: minmax(0, 1fr) auto 9ch; gap: 10px; border-bottom: 1px solid var(--hl); }
.glance b { text-align: end; }
.pre { background: var(--sf); border: 1px solid var(--hl); border-radius: 5px; padding: 6px 9px; overflow: auto; max-height: 420px; white-space: pre; }
.note { border: 1px solid color-mix(in srgb, var(--c) 60%, var(--bg)); border-inline-start-width: 4px; border-radius: 5px; padding: 5px 10px; margin: 0 0 10px; }
.note pre { overflow: auto; max-height: 260px; white-space: pre-wrap; }
:is(.kept, .cell) { width: min(100%, 480px); font: 12px/1.5 var(--mono); background: var(--bg); }
.cell { width: 100%; min-height: 90px; resize: vertical; }
.box { overflow: auto; max-width: 100%; }
.table { border-collapse: separate; border-spacing: 0; }
.table :is(th, td) { text-align: start; padding: 3px 8px; border-bottom: 1px solid var(--hl); vertical-align: top; font-weight: 400; }
.table thead :is(th, td) { position: sticky; top: 0; z-index: 2; background: var(--bg); font-weight: 600; color: var(--mu); }
.plain { width: 100%; }
.plain :is(td, th) { overflow-wrap: break-word; max-width: 340px; }
.plain :is(td, th):not(:last-child) { max-width: 220px; }
.plain td:last-child { overflow-wrap: anywhere; max-width: none; }
.box:has(> .cells) { max-height: 420px; border: 1px solid var(--hl); border-radius: 6px; }
.cells { font-size: 12px; }
.cells :is(th, td) { max-width: 48ch; white-space: pre; }
.cells tbody th { color: var(--mu); text-align: end; }
.virtual { table-layout: fixed; min-width: 100%; }
.virtual :is(th, td) { height: 28px; padding-block: 0; vertical-align: middle; }
.virtual thead th { padding: 0; }
.virtual thead button { width: 100%; height: 27px; padding: 0 8px; font-weight: 600; display: flex; gap: 4px; align-items: center; }
.virtual thead button i { width: 1em; }
.virtual thead :is(button:hover, [aria-sort]:not([aria-sort=none])) { color: var(--fg); }
.table .num { text-align: end; }
.num button { justify-content: flex-end; }
.virtual tbody tr:hover :is(th, td) { background: var(--sf); }
.virtual .space td { border: 0; padding: 0; }
.virtual .top :is(th, td) { background: color-mix(in srgb, #009e73 10%, var(--bg)); }
.star { font-weight: 600; }
.cut { max-width: 100%; vertical-align: middle; }
.more { margin: 4px 0 10px; }
.more > summary { width: fit-content; max-width: 100%; }
.compare.compare { padding: 8px 12px; }
.panel .compare { border: 0; padding: 0; margin: 0; }
.bar h3 { font-size: 14px; margin-inline-end: auto; }
.sides { min-width: 100%; margin-bottom: 14px; }
.sides :is(th, td) { max-width: 260px; }
.sides tbody td:not(.muted) { font: 12px/19.5px var(--mono); }
.sides thead th { min-width: 150px; vertical-align: bottom; color: var(--fg); }
.sides tbody th { min-width: 120px; position: sticky; inset-inline-start: 0; background: var(--bg); z-index: 1; }
:is(.sides small, .who) { display: block; }
.sides .section th { font-weight: 600; border-bottom-width: 2px; padding-top: 10px; max-width: none; }
.section span { position: sticky; inset-inline-start: 8px; display: inline-flex; gap: 8px; align-items: baseline; }
.unlike td { background: color-mix(in srgb, #e69f00 12%, var(--bg)); }
.unlike th i { font-weight: 700; margin-inline-end: 5px; }
`;
