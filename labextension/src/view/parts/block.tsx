/** A titled piece of a panel; nothing where it has nothing to show. */
import type { ComponentChildren } from 'preact';

export function Block({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="piece" aria-label={title}>
      <h4>{title}</h4>
      {children}
    </section>
  );
}

/** Names and what they stand for; those that stand for nothing are left out. */
export function Pairs({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="pairs">
      {rows
        .filter(([, value]) => value !== '' && value !== null && value !== undefined && value !== false)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** A bar of all things by how they stand; the same is said in words beside it. */
export function Progress({ parts, most }: { parts: readonly (readonly [string, number])[]; most: number }) {
  return (
    <div class="progress" aria-hidden="true">
      {parts.map(([look, count]) => (
        <i key={look} class={look} style={{ width: `${(100 * count) / Math.max(1, most)}%` }} />
      ))}
    </div>
  );
}
