/** What a view can do in JupyterLab: ask the server, tell a person that a run ended, put a cell into the notebook. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { type INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { ServerConnection } from '@jupyterlab/services';
import { type Fetch, ServerSource } from '../carriers/server';
import type { Workspace } from '../protocol';

export class Surroundings {
  private readonly settings: ServerConnection.ISettings;
  private readonly told = new Set<string>();

  constructor(
    app: JupyterFrontEnd,
    private readonly notebooks: INotebookTracker | null
  ) {
    this.settings = app.serviceManager.serverSettings;
  }

  get base(): string {
    return this.settings.baseUrl;
  }

  get canRestore(): boolean {
    return this.notebooks !== null;
  }

  readonly fetch: Fetch = (path, init = {}) =>
    ServerConnection.makeRequest(URLExt.join(this.settings.baseUrl, path), init, this.settings);

  /** The address of a run's own page. */
  page(workspace: Workspace, run: string): string {
    return new ServerSource(this.fetch, this.base, workspace, '').pageUrl(run);
  }

  /** Say once that a run ended: a toast here, and the browser's own where it was allowed and nobody looks. */
  readonly ended = (run: string, status: string): void => {
    if (this.told.has(run)) {
      return;
    }
    this.told.add(run);
    const said = `${run}: ${status}`;
    const tell = status === 'Completed' ? Notification.success : Notification.warning;
    tell(said, { autoClose: 8000 });
    if (document.hidden && 'Notification' in window && window.Notification.permission === 'granted') {
      new window.Notification('Azure ML (local)', { body: said, tag: run });
    }
  };

  /** The text of the cell that is active in the notebook in front. */
  readonly currentCell = (): string => this.notebooks?.activeCell?.model.sharedModel.getSource() ?? '';

  /** What puts a text into the notebook that is in front now, in a new cell below the active one, and says so. */
  readonly restore = (): ((text: string) => string) => {
    const notebook = this.notebooks?.currentWidget?.content;
    if (!notebook) {
      throw new Error('Open a notebook first: the cell goes below its active one.');
    }
    return text => {
      if (notebook.isDisposed) {
        throw new Error('The notebook was closed meanwhile.');
      }
      NotebookActions.insertBelow(notebook);
      notebook.activeCell?.model.sharedModel.setSource(text.trimEnd());
      return 'It is in the notebook.';
    };
  };
}
