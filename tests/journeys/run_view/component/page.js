// A page of nothing but the view: `window.answer` (the test) knows the answers, `window.view.push` says what changed.
import { mount, Refusal } from './run.js';

/** ArrayBuffers in the place of what JSON says of them. */
function unpacked(value) {
  if (Array.isArray(value)) {
    return value.map(unpacked);
  }
  if (value === null || typeof value !== 'object' || value instanceof ArrayBuffer) {
    return value;
  }
  if ('$base64' in value) {
    return Uint8Array.from(atob(value.$base64), one => one.charCodeAt(0)).buffer;
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unpacked(one)]));
}

let number = 0; // of the view that is shown: who asks for an earlier one is not answered
let waiting; // by run: who waits for a change
let changed; // by run: changes that nobody has asked for yet

function changes({ run, cursor }, signal) {
  window.view.cursors.push(cursor);
  const next = changed.get(run)?.shift();
  if (next) {
    return Promise.resolve(next);
  }
  return new Promise((resolve, reject) => {
    waiting.set(run, resolve);
    signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
  });
}

/** The test's answer to a question; none, ever, for a view that is gone. */
async function answer(view, question, args) {
  return view === number ? JSON.parse(await window.answer(view, question, args)) : new Promise(() => {});
}

async function ask(view, question, args, signal) {
  if (question === 'changes') {
    return changes(args, signal);
  }
  const said = await window.view.answer(view, question, args);
  if (said.refusal !== undefined) {
    throw new Refusal(said.refusal, said.is_gone);
  }
  return unpacked(said.answer);
}

window.view = {
  close() {},
  /** Show the run, and nothing of what was shown before. */
  open(view, run, { beside = [], notes = [], files = false, cell, page = null } = {}) {
    const fileUrl = (...names) => (files ? `/file?${view}/${names.map(encodeURIComponent).join('/')}` : null);
    const noted = name => (...args) => window.view.called.push([name, ...args]);
    const options = Object.fromEntries(notes.map(name => [name, noted(name)]));
    if (options.onRestore) {
      const note = options.onRestore;
      options.onRestore = () => text => (note(text), 'It is in the notebook.');
    }
    const source = { ask: (...asked) => ask(view, ...asked), fileUrl, pageUrl: () => page };
    window.view.close();
    number = view;
    [waiting, changed] = [new Map(), new Map()];
    Object.assign(window.view, { called: [], cursors: [], answer }); // cursors: of every question what changed
    document.getElementById('place').replaceWith(Object.assign(document.createElement('main'), { id: 'place' }));
    window.view.close = mount(document.getElementById('place'), source, { run, beside, ...options, ...(cell ? { currentCell: () => cell } : {}) });
  },
  push(run, change) {
    const one = unpacked(change);
    const resolve = waiting.get(run);
    waiting.delete(run);
    if (resolve) {
      resolve(one);
    } else {
      changed.set(run, [...(changed.get(run) ?? []), one]);
    }
  }
};
