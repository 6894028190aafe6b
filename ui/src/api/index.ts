import type { Api, Event } from './generated';
import { openStream, send } from './transport';

export type * from './generated';
export { readRefusal, Refusal, type Problem } from './refusal';

/** Runs one command of the core. Rejects only with a `Refusal`. */
export async function call<Name extends keyof Api>(
  name: Name,
  request: Api[Name]['request'],
): Promise<Api[Name]['view']> {
  return (await send(name, request)) as Api[Name]['view'];
}

type Kind = Event['kind'];
type EventOf<K extends Kind> = Extract<Event, { kind: K }>;

const listeners = new Set<(event: Event) => void>();
let opened = false;

function receive(event: unknown): void {
  if (typeof event !== 'object' || event === null || !('kind' in event)) return;
  for (const listener of [...listeners]) listener(event as Event);
}

/** Listens for one kind of event; the answer stops it. The stream is opened once, by the first listener. */
export function on<K extends Kind>(kind: K, handler: (event: EventOf<K>) => void): () => void {
  const listener = (event: Event): void => {
    if (event.kind === kind) handler(event as EventOf<K>);
  };
  listeners.add(listener);
  if (!opened) openStream(receive);
  opened = true;
  return () => void listeners.delete(listener);
}
