/** A run by its name; a click shows it. */
import { clean } from './clean';
import { Button } from './fields';

interface Props {
  name: string;
  /** What stands there instead of the name. */
  said?: string;
  label?: string;
  /** The tabIndex, in a table. */
  tab?: number;
  open(run: string): void;
}

export function RunLink({ name, said = name, label, tab, open }: Props) {
  return (
    <Button class="link cut" tabIndex={tab} title={clean(name)} aria-label={label} onClick={() => open(name)}>
      {clean(said)}
    </Button>
  );
}
