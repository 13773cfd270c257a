/** The run of an output, as a MIME renderer. What the notebook keeps is a name; everything else comes from the server. */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import { ServerSource } from '../carriers/server';
import type { Workspace } from '../protocol';
import { mount } from '../view/mount';
import type { Surroundings } from './surroundings';

/**
 * What an output says; `beside`: the runs that are compared with it; `is_frame`: it belongs to the static view beside
 * it, and is nothing by itself.
 */
interface Kept {
  run: string;
  beside?: string[];
  workspace: Workspace;
  view: string;
  is_frame: boolean;
}

export class RunRenderer extends Widget implements IRenderMime.IRenderer {
  private shown = '';
  private unmount: (() => void) | null = null;

  constructor(
    private readonly mimeType: string,
    private readonly around: Surroundings
  ) {
    super();
    this.addClass('jp-AMLRun');
  }

  /** Show the run. The kernel repaints the output now and then: a view that shows this run already goes on. */
  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const kept = model.data[this.mimeType] as unknown as Kept;
    if (kept.is_frame) {
      this.node.style.display = 'none';
      return Promise.resolve();
    }
    const key = JSON.stringify([kept.run, kept.beside, kept.workspace]);
    if (key !== this.shown) {
      this.close_view();
      this.shown = key;
      const source = new ServerSource(this.around.fetch, this.around.base, kept.workspace, kept.view);
      this.unmount = mount(this.node, source, {
        run: kept.run,
        beside: kept.beside ?? [],
        onEnd: this.around.ended,
        ...(this.around.canRestore ? { onRestore: this.around.restore, currentCell: this.around.currentCell } : {})
      });
    }
    return Promise.resolve();
  }

  override dispose(): void {
    this.close_view();
    super.dispose();
  }

  private close_view(): void {
    this.unmount?.();
    this.unmount = null;
    this.shown = '';
  }
}
