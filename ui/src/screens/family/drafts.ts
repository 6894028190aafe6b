/**
 * What is typed about a record that is there already, with what was seen of it when the form opened: an
 * edit is what differs from that, so a draft that comes back later must not be held against what somebody
 * else has written since.
 */
export interface Typed<Form> {
  form: Form;
  versions: string;
}

/** A draft read back, where it has this shape. One of an older version, without what was seen, is let go. */
export function readTyped<Form extends object>(value: unknown, empty: Form): Typed<Form> | null {
  if (typeof value !== 'object' || value === null) return null;
  const { form, versions } = value as Partial<Typed<Partial<Form>>>;
  if (typeof form !== 'object' || form === null || typeof versions !== 'string') return null;
  return { form: { ...empty, ...form }, versions };
}
