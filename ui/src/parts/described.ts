export const hintId = (id: string): string => `${id}-hint`;
export const errorId = (id: string): string => `${id}-error`;
export const echoId = (id: string): string => `${id}-echo`;

type Text = string | null | undefined;

/** The ids of what is said about a field: hint, error and echo, those that there are; undefined where there is none. */
export function described(id: string, hint: Text, error: Text, echo?: Text): string | undefined {
  const ids = [hint ? hintId(id) : null, error ? errorId(id) : null, echo ? echoId(id) : null].filter((each) => each !== null);
  return ids.length > 0 ? ids.join(' ') : undefined;
}
