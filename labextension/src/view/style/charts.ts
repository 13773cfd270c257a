/** Style of the charts and of the pictures. */
export const CHARTS = `
.aml-grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 310px), 1fr)); gap: 10px; margin: 8px 0; }
.aml-card { min-width: 0; border: 1px solid var(--hl); border-radius: 7px; padding: 7px 9px 6px; background: var(--bg); position: relative; }
.aml-wide { grid-column: 1 / -1; }
.aml-card figcaption { display: flex; gap: 8px; justify-content: space-between; align-items: baseline; font-weight: 600; }
.aml-card figcaption bdi { min-width: 0; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow-wrap: anywhere; }
.aml-card figcaption b { font-variant-numeric: tabular-nums; white-space: nowrap; }
.aml-tools { display: flex; flex-wrap: wrap; gap: 2px 4px; margin: 2px -4px 2px; }
.aml-tool { border: 1px solid transparent; border-radius: 4px; background: none; padding: 0 4px; font-size: 11.5px; color: var(--mu); cursor: pointer; }
.aml-tool:hover:not([disabled]) { background: var(--sf); color: var(--fg); }
.aml-tool[disabled] { opacity: .55; cursor: default; }
.aml-tool[aria-pressed=true], .aml-reset { border-color: var(--hl); background: var(--sf); color: var(--fg); }
.aml-switch { display: inline-flex; border: 1px solid color-mix(in srgb, var(--fg) 30%, var(--bg)); border-radius: 5px; overflow: hidden; }
.aml-switch button { border: 0; background: none; padding: 2px 9px; cursor: pointer; }
.aml-switch button[aria-pressed=true] { background: var(--hl); font-weight: 600; }
.aml-bar input:is([type=range], [type=checkbox]) { accent-color: var(--accent); margin: 0; }
.aml-bar input[type=range] { width: 90px; }
.aml-bar output { min-width: 4ch; font-variant-numeric: tabular-nums; color: var(--mu); }
.aml-chart { position: relative; }
.aml-stat, .aml-said { display: flex; flex-wrap: wrap; gap: 0 10px; font-size: 11.5px; color: var(--mu); min-height: 18px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.aml-said:empty { display: none; }
.aml-said b, .aml-stat b { color: var(--fg); }
.aml-lost { color: color-mix(in srgb, #d55e00 58%, var(--fg)); }
.aml-key { display: inline-block; width: 14px; border-top: 3px solid; vertical-align: middle; margin-right: 4px; }
.aml-run { --s0: color-mix(in srgb, #0072b2 76%, var(--fg)); --s1: color-mix(in srgb, #d55e00 80%, var(--fg)); --s2: color-mix(in srgb, #009e73 72%, var(--fg));
  --s3: color-mix(in srgb, #cc79a7 76%, var(--fg)); --s4: color-mix(in srgb, #e69f00 74%, var(--fg)); --s5: color-mix(in srgb, #56b4e9 74%, var(--fg));
  --s6: color-mix(in srgb, #8a5a9e 80%, var(--fg)); --s7: color-mix(in srgb, var(--fg) 70%, var(--bg)); }
.aml-inks { position: absolute; visibility: hidden; forced-color-adjust: none; }
.aml-inks b { transition: color 1ms; }
.aml-ink-text { color: var(--mu); } .aml-ink-rule { color: var(--hl); }
.aml-ink-s0 { color: var(--s0); } .aml-ink-s1 { color: var(--s1); } .aml-ink-s2 { color: var(--s2); } .aml-ink-s3 { color: var(--s3); }
.aml-ink-s4 { color: var(--s4); } .aml-ink-s5 { color: var(--s5); } .aml-ink-s6 { color: var(--s6); } .aml-ink-s7 { color: var(--s7); }
.aml-canvas { position: relative; overflow: hidden; cursor: crosshair; touch-action: pan-y; user-select: none; }
.aml-canvas canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
:is(.aml-chosen, .aml-cursor, .aml-ring) { position: absolute; pointer-events: none; }
.aml-chosen { background: color-mix(in srgb, var(--accent) 22%, transparent); }
.aml-cursor { border-left: 1px dashed var(--mu); }
.aml-ring { width: 9px; height: 9px; margin: -4.5px; border: 2px solid; border-radius: 50%; background: var(--bg); }
.aml-values { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 310px), 1fr)); gap: 2px 20px; margin-bottom: 10px; }
.aml-values li { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) 10ch; gap: 8px; align-items: center; }
.aml-values bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.aml-values b { text-align: right; font-variant-numeric: tabular-nums; }
.aml-values > li > i { height: 9px; border-radius: 2px; background: var(--sf); overflow: hidden; }
.aml-values i i { display: block; height: 100%; background: var(--s0); }
.aml-values .aml-below i { background: repeating-linear-gradient(135deg, var(--s1) 0 3px, transparent 3px 6px); }
.aml-points { overflow: auto; border: 1px solid var(--hl); border-radius: 4px; }
.aml-points table { position: sticky; top: 0; width: 100%; border-collapse: collapse; font-size: 11.5px; font-variant-numeric: tabular-nums; }
.aml-points :is(th, td) { height: 22px; padding: 0 5px; text-align: right; white-space: nowrap; }
.aml-points th { background: var(--sf); font-weight: 600; }
.aml-opened { margin-top: 10px; max-width: 640px; }
.aml-gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 230px), 1fr)); gap: 10px; margin-top: 8px; }
.aml-gallery figcaption { display: flex; justify-content: flex-start; flex-wrap: wrap; gap: 0 8px; align-items: baseline; overflow-wrap: anywhere; margin-top: 4px; }
.aml-gallery figcaption bdi { min-width: 0; font-weight: 600; }
.aml-shot { display: flex; align-items: center; justify-content: center; width: 100%; height: 190px; padding: 0; border: 0; border-radius: 4px; background: var(--sf); cursor: zoom-in; overflow: hidden; color: var(--mu); }
.aml-pic { display: flex; align-items: center; justify-content: center; width: 100%; height: 100%; overflow-wrap: anywhere; }
.aml-shot img { max-width: 100%; max-height: 100%; object-fit: contain; background: #fff; } /* figures are made for white paper */
.aml-steps { display: flex; gap: 8px; align-items: center; font-variant-numeric: tabular-nums; }
.aml-steps input { flex: 1; min-width: 0; accent-color: var(--accent); margin: 0; }
.aml-large { border: 1px solid var(--hl); border-radius: 8px; background: var(--bg); color: var(--fg); padding: 10px 12px; width: min(94vw, 1400px); max-height: 94vh; }
.aml-large::backdrop { background: rgb(0 0 0 / .6); }
.aml-large .aml-bar { justify-content: space-between; }
.aml-large .aml-bar bdi { overflow-wrap: anywhere; font-weight: 600; min-width: 0; }
.aml-large .aml-shot { height: min(76vh, 1000px); cursor: default; overflow: auto; }
@media (forced-colors: active) {
  .aml-ink-text { color: CanvasText; } .aml-ink-rule { color: GrayText; }
  .aml-run { --s0: LinkText; --s1: CanvasText; --s2: LinkText; --s3: CanvasText; --s4: LinkText; --s5: CanvasText; --s6: LinkText; --s7: CanvasText; }
  .aml-values > li > i { border: 1px solid CanvasText; }
  .aml-values i i { background: Highlight !important; forced-color-adjust: none; }
  :is(.aml-switch button, .aml-tool)[aria-pressed=true] { background: SelectedItem; color: SelectedItemText; forced-color-adjust: none; }
  .aml-chosen { background: Highlight; opacity: .4; forced-color-adjust: none; }
}
`;
