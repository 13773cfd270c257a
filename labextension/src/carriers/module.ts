/** The view as a module: `default.render` for anywidget, `open` for a page of its own. */
import type { Workspace } from '../protocol';
import { mount } from '../view/mount';
import { CommSource, type Model } from './comm';
import { type First, ServerSource } from './server';
import { Refusal } from './source';

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const source = new CommSource(model);
  const unmount = mount(el, source, { run: String(model.get('run')) });
  return () => {
    unmount();
    source.dispose();
  };
}

interface Page {
  base: string;
  runs: string[];
  workspace: Workspace;
  first: First;
}

/** Show the runs in a page served by the server extension: one as itself, several side by side. */
export function open(el: HTMLElement, { base, runs, workspace, first }: Page): () => void {
  const fetched = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(base + path, { ...init, headers: { 'Content-Type': 'application/json', 'X-XSRFToken': cookie('_xsrf') } });
  const source = new ServerSource(fetched, base, workspace, '', first);
  return mount(el, source, { run: runs[0] ?? '', beside: runs.slice(1) });
}

function cookie(name: string): string {
  const found = document.cookie.split('; ').find(one => one.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? '';
}

export { mount, Refusal };
export default { render };
