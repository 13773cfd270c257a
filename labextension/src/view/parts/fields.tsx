/** What bars are made of: buttons, boxes to tick, choices, and the words that tell what came of them. */
import type { ComponentChildren, ComponentProps } from 'preact';
import { useState } from 'preact/hooks';
import { count } from '../figures';

/** A button; `class="link"`: one that looks like a link. */
export function Button(given: ComponentProps<'button'>) {
  return <button type="button" class="button" {...given} />;
}

interface TickProps extends Omit<ComponentProps<'input'>, 'name' | 'is'> {
  name: string;
  is: boolean;
  set(is: boolean): void;
}

export function Tick({ name, is, set, ...more }: TickProps) {
  return (
    <label>
      <input type="checkbox" checked={is} onChange={event => set(event.currentTarget.checked)} {...more} />
      {name}
    </label>
  );
}

/** What can be chosen, and the words for it. */
export type Options<T extends string> = readonly (readonly [T, string])[];

interface ChoiceProps<T extends string> {
  name: string;
  /** The name is for those who do not see what stands there. */
  isNamed?: boolean;
  value: T;
  options: Options<T>;
  choose(value: T): void;
}

export function Choice<T extends string>({ name, isNamed = true, value, options, choose }: ChoiceProps<T>) {
  const change = (field: HTMLSelectElement): void => {
    choose(field.value as T);
    field.value = value; // until it is chosen in earnest
  };
  return (
    <label>
      {isNamed ? name : <Unseen>{name}</Unseen>}
      <select class="field" value={value} onChange={event => change(event.currentTarget)}>
        {options.map(([one, caption]) => (
          <option key={one} value={one}>
            {caption}
          </option>
        ))}
      </select>
    </label>
  );
}

/** For those who listen only. */
export function Unseen({ children }: { children: ComponentChildren }) {
  return <span class="hidden">{children}</span>;
}

/** What came of something that was asked for. */
export function Told({ children, look = 'muted' }: { children: ComponentChildren; look?: string }) {
  return (
    <span role="status" class={look}>
      {children}
    </span>
  );
}

/** How many of `total` are shown at first, and the button that shows more: the next ones, or all. */
export function useMore(total: number, first: number, isAll = true) {
  const [shown, show] = useState(first);
  const rest = total - shown;
  const said = isAll ? `Show all ${count(total)}` : `Show ${Math.min(first, rest)} more of ${count(rest)}`;
  return [shown, rest > 0 && <Button onClick={() => show(isAll ? Infinity : shown + first)}>{said}</Button>] as const;
}
