/** Puts a view of a run into an element, in a shadow root of its own: no style of the page reaches in, none leaks out. */
import { render } from 'preact';
import type { Source } from '../carriers/source';
import { CompareView } from './compare';
import { RunView } from './run';
import { keepFocus } from './parts/keep_focus';
import { STYLE } from './style';

export interface Options {
  run: string;
  /** Other runs to be shown beside it. */
  beside?: readonly string[];
  /** Called once when a run that was followed from before its end has ended. */
  onEnd?: (run: string, status: string) => void;
  /** Where a view of another run opens: in this place, unless the front end knows a better one. */
  onOpen?: (run: string) => void;
  /** Asked where a cell is to go, the moment somebody wants it back; what puts its text there, and what to say then. */
  onRestore?: () => (text: string) => string;
  /** The text of the notebook's current cell, where the front end knows it. */
  currentCell?: () => string;
}

/** Show a run; returns what ends it. */
export function mount(element: HTMLElement, source: Source, options: Options): () => void {
  const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
  element.dataset['lmSuppressShortcuts'] = 'true'; // a notebook's one-letter commands must not fire in our fields
  const style = document.createElement('style');
  style.textContent = STYLE;
  const place = document.createElement('div');
  root.replaceChildren(style, place);
  const runs = [options.run, ...(options.beside ?? [])];
  const view =
    runs.length > 1 ? <CompareView source={source} runs={runs} /> : <RunView source={source} options={options} />;
  const release = keepFocus(root, place);
  render(view, place);
  return () => {
    release();
    render(null, place);
    root.replaceChildren();
  };
}
