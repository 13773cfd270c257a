/** JupyterLab's and Notebook 7's plugin: runs are shown by the view, notebooks become jobs, through the server. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { MIME } from '../protocol';
import { RunRenderer } from './renderer';
import { addSubmit } from './submit';
import { Surroundings } from './surroundings';

/** Ranked before the widget manager's −10: a view that needs no kernel is better than one that does. */
const RANK = -20;

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-aml:runs',
  description: 'Shows Azure ML runs in notebooks, and makes jobs of notebooks.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    registry: IRenderMimeRegistry,
    notebooks: INotebookTracker | null,
    palette: ICommandPalette | null
  ) => {
    const around = new Surroundings(app, notebooks);
    registry.addFactory(
      { safe: true, mimeTypes: [MIME], createRenderer: options => new RunRenderer(options.mimeType, around) },
      RANK
    );
    if (notebooks) {
      addSubmit(app, notebooks, palette, around);
    }
  }
};

export default plugin;
