/** A run in a tab of its own, beside the notebook that was submitted. */
import { Widget } from '@lumino/widgets';
import { ServerSource } from '../carriers/server';
import type { Workspace } from '../protocol';
import { mount } from '../view/mount';
import type { Surroundings } from './surroundings';

export class RunPanel extends Widget {
  private readonly unmount: () => void;

  constructor(around: Surroundings, workspace: Workspace, run: string) {
    super();
    this.addClass('jp-AMLRun');
    this.addClass('jp-AMLRunPanel');
    this.title.label = run;
    this.title.caption = `The run ${run}`;
    this.title.closable = true;
    const source = new ServerSource(around.fetch, around.base, workspace, '');
    this.unmount = mount(this.node, source, { run, onEnd: around.ended });
  }

  override dispose(): void {
    this.unmount();
    super.dispose();
  }
}
