/** The command that makes a job of the notebook in front: saves it, asks in a dialog, opens the run beside it. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type ICommandPalette, MainAreaWidget, Notification } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { Submitted } from './notebook_jobs';
import { RunPanel } from './run_panel';
import type { Surroundings } from './surroundings';

const SUBMIT = 'jupyter-aml:submit-notebook';

export function addSubmit(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  palette: ICommandPalette | null,
  around: Surroundings
): void {
  app.commands.addCommand(SUBMIT, {
    label: 'Submit as Azure ML Job…',
    caption: 'Submit this notebook as an Azure ML job',
    isEnabled: () => notebooks.currentWidget !== null,
    execute: async () => {
      const context = notebooks.currentWidget?.context;
      if (!context) {
        return;
      }
      if (context.model.dirty) {
        await context.save();
      }
      const { ask } = await import('./submit_dialog');
      const job = await ask(around.fetch, app.serviceManager.contents.localPath(context.path));
      if (job) {
        show(app, around, job);
      }
    }
  });
  palette?.addItem({ command: SUBMIT, category: 'Notebook Operations' });
}

/** Open the run beside the notebook, and say that it is submitted; a click brings its view back. */
function show(app: JupyterFrontEnd, around: Surroundings, job: Submitted): void {
  const open = (): boolean => {
    const panel = new MainAreaWidget({ content: new RunPanel(around, job.workspace, job.name) });
    app.shell.add(panel, 'main', { mode: 'split-right' });
    if (!panel.isAttached) {
      panel.dispose(); // Notebook 7 has room for one document
      return false;
    }
    app.shell.activateById(panel.id);
    return true;
  };
  const bring = (): void => {
    if (!open()) {
      window.open(around.page(job.workspace, job.name));
    }
  };
  open();
  Notification.info([`Submitted ${job.name}.`, ...job.remarks].join(' '), {
    autoClose: 15000,
    actions: [{ label: 'Open run', callback: bring }]
  });
}
