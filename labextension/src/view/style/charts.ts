/** Style of the charts and of the pictures. */
export const CHARTS = `
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 310px), 1fr)); gap: 10px; margin: 8px 0; }
.card { min-width: 0; border: 1px solid var(--hl); border-radius: 7px; padding: 7px 9px 6px; background: var(--bg); position: relative; }
.wide { grid-column: 1 / -1; }
.card figcaption { display: flex; gap: 0 8px; justify-content: space-between; align-items: baseline; font-weight: 600; }
.card figcaption bdi { min-width: 0; max-height: 3em; overflow: hidden; overflow-wrap: anywhere; }
.card figcaption b { white-space: nowrap; }
.tools { display: flex; flex-wrap: wrap; gap: 2px 4px; margin: 2px -4px; }
.tool { border: 1px solid transparent; border-radius: 4px; padding: 0 4px; font-size: 11.5px; color: var(--mu); }
.tool:not([disabled]):hover, .tool[aria-pressed=true], .reset { background: var(--sf); color: var(--fg); }
.tool[disabled] { opacity: .55; cursor: default; }
.tool[aria-pressed=true], .reset { border-color: var(--hl); }
.switch { display: inline-flex; overflow: hidden; }
.switch button[aria-pressed=true] { background: var(--hl); font-weight: 600; }
.chart { position: relative; }
:is(.stat, .said) { display: flex; flex-wrap: wrap; gap: 0 10px; font-size: 11.5px; color: var(--mu); min-height: 18px; }
.said:empty { display: none; }
:is(.said, .stat, .legend) b { color: var(--fg); }
.key { display: inline-block; width: 14px; border-top: 3px solid; vertical-align: middle; margin-right: 4px; }
.aml-run { --s0: color-mix(in srgb, #0072b2 76%, var(--fg)); --s1: color-mix(in srgb, #d55e00 80%, var(--fg)); --s2: color-mix(in srgb, #009e73 72%, var(--fg));
  --s3: color-mix(in srgb, #cc79a7 76%, var(--fg)); --s4: color-mix(in srgb, #e69f00 74%, var(--fg)); --s5: color-mix(in srgb, #56b4e9 74%, var(--fg));
  --s6: color-mix(in srgb, #8a5a9e 80%, var(--fg)); --s7: color-mix(in srgb, var(--fg) 70%, var(--bg)); }
.inks { position: absolute; visibility: hidden; forced-color-adjust: none; }
.inks b { transition: color 1ms; }
.canvas { position: relative; overflow: hidden; cursor: crosshair; touch-action: pan-y; user-select: none; }
.canvas canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.canvas i { position: absolute; pointer-events: none; }
.chosen { background: color-mix(in srgb, var(--accent) 22%, transparent); }
.cursor { border-left: 1px dashed var(--mu); }
.ring { width: 9px; height: 9px; margin: -4.5px; border: 2px solid; border-radius: 50%; background: var(--bg); }
.bars { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 310px), 1fr)); gap: 2px 20px; margin-bottom: 10px; max-height: 280px; overflow: auto; }
.bars li { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) 9ch; gap: 8px; align-items: center; }
.bars b { text-align: end; font-weight: 400; }
.bars > li > i { height: 10px; border-radius: 2px; background: var(--sf); overflow: hidden; }
.bars i i { display: block; height: 100%; min-width: 1px; background: var(--s0); }
.bars .below i { background: repeating-linear-gradient(135deg, var(--s1) 0 3px, transparent 3px 6px); }
.point { display: grid; grid-template-columns: 1fr 2fr 2fr; gap: 8px; padding: 0 6px; font-size: 11.5px; line-height: 18px; text-align: end; white-space: nowrap; }
.frame > .point { position: relative; z-index: 1; background: var(--bg); }
.opened { margin-top: 10px; max-width: 640px; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 230px), 1fr)); gap: 10px; margin-top: 8px; }
.gallery figcaption { flex-wrap: wrap; justify-content: flex-start; font-weight: 400; margin-top: 4px; }
:is(.gallery figcaption, .large) bdi { min-width: 0; font-weight: 600; }
:is(.shot, .pic) { display: flex; align-items: center; justify-content: center; width: 100%; height: 100%; overflow-wrap: anywhere; color: var(--mu); }
.shot { height: 190px; border-radius: 4px; background: var(--sf); cursor: zoom-in; overflow: hidden; }
.pic img { max-width: 100%; max-height: 100%; object-fit: contain; background: #fff; } /* figures are made for white paper */
.preview .pic { justify-content: start; } .preview img { max-height: 480px; }
.steps { display: flex; gap: 8px; align-items: center; }
.steps input { flex: 1; }
.large { border: 1px solid var(--hl); border-radius: 8px; background: var(--bg); color: var(--fg); padding: 10px 12px; width: min(94vw, 1400px); max-height: 94vh; }
.large::backdrop { background: rgb(0 0 0 / .6); }
.large .bar { justify-content: space-between; }
.large .shot { height: min(76vh, 1000px); cursor: default; overflow: auto; }
@media (forced-colors: active) {
  .aml-run { --s0: LinkText; --s1: CanvasText; --s2: LinkText; --s3: CanvasText; --s4: LinkText; --s5: CanvasText; --s6: LinkText; --s7: CanvasText; }
  .bars > li > i { border: 1px solid CanvasText; }
  .bars i i { background: Highlight !important; forced-color-adjust: none; }
  :is(.switch button, .tool)[aria-pressed=true] { background: SelectedItem; color: SelectedItemText; forced-color-adjust: none; }
  .chosen { background: Highlight; opacity: .4; forced-color-adjust: none; }
}
`;
