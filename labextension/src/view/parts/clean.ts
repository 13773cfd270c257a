/** Text from anywhere, made harmless to read: what turns or hides text is shown as what it is. Pure. */

// Control codes, direction overrides, half characters: what no page can carry, or what would lie about its order.
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

/** At most so many characters of it, the rest an ellipsis. */
export function clean(text: string, most = 400): string {
  const short = text.length > most ? `${text.slice(0, most)}…` : text;
  return short.replace(UNSEEN, '\ufffd');
}

/** A name in so many letters: a long one loses its middle, as what tells names apart is at their ends. */
export function cut(name: string, room: number): string {
  if (name.length <= room) {
    return name;
  }
  const tail = Math.max(1, Math.floor(((room - 1) * 3) / 5));
  return `${name.slice(0, Math.max(0, room - 1 - tail))}…${name.slice(-tail)}`;
}
