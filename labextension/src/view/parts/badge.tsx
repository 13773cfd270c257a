/** A status: its colour, a mark for those who see none, and its word. */
const LOOKS: Record<string, readonly [string, string]> = {
  Completed: ['aml-ok', '✓'],
  Failed: ['aml-bad', '✕'],
  Canceled: ['aml-stopped', '■'],
  CancelRequested: ['aml-stopped', '■'],
  NotResponding: ['aml-bad', '?'],
  Running: ['aml-live', '●'],
  Finalizing: ['aml-live', '●']
};

export function Badge({ status }: { status: string }) {
  const [look, mark] = LOOKS[status] ?? ['', '○'];
  return (
    <span class={`aml-badge ${look}`}>
      <i aria-hidden="true">{mark}</i>
      {status}
    </span>
  );
}
