/** A status: its colour, a mark for those who see none, and its word. */
const LOOKS: Record<string, readonly [string, string]> = {
  Completed: ['ok', '✓'],
  Failed: ['bad', '✕'],
  Canceled: ['stopped', '■'],
  CancelRequested: ['stopped', '■'],
  NotResponding: ['bad', '?'],
  Running: ['live', '●'],
  Finalizing: ['live', '●']
};

export function Badge({ status }: { status: string }) {
  const [look, mark] = LOOKS[status] ?? ['', '○'];
  return (
    <span class={`badge ${look}`}>
      <i aria-hidden="true">{mark}</i>
      {status}
    </span>
  );
}

/** A word beside its mark, both in the colour that the style sheet's word stands for. */
export function Sign({ sign: [look, mark], word }: { sign: readonly [string, string]; word: string }) {
  return (
    <span class={`fate ${look}`}>
      <i aria-hidden="true">{mark}</i> {word}
    </span>
  );
}
