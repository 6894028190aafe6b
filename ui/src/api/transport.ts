import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { readRefusal, Refusal } from './refusal';

declare global {
  interface Window {
    __TAURI_INTERNALS__?: unknown;
  }
}

const inShell = (): boolean => typeof window !== 'undefined' && window.__TAURI_INTERNALS__ !== undefined;

/** Sends one command to the core: through the shell, or through the loopback bridge that tests use. */
export async function send(name: string, request: unknown): Promise<unknown> {
  return inShell() ? sendToShell(name, request) : sendToBridge(name, request);
}

async function sendToShell(name: string, request: unknown): Promise<unknown> {
  try {
    return await invoke('call', { name, request });
  } catch (reason) {
    throw readRefusal(reason);
  }
}

async function sendToBridge(name: string, request: unknown): Promise<unknown> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`/call/${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request ?? null),
    });
    const text = await response.text();
    body = text === '' ? null : JSON.parse(text);
  } catch {
    throw new Refusal('unreachable');
  }
  if (!response.ok) throw readRefusal(body);
  return body;
}

/** Opens the one stream of events. The answer closes it. */
export function openStream(receive: (event: unknown) => void): () => void {
  if (inShell()) {
    const closing = listen('porch', (event) => receive(event.payload)).catch(() => () => {});
    return () => void closing.then((close) => close());
  }
  const source = new EventSource('/events');
  source.onmessage = (message: MessageEvent<string>) => {
    try {
      receive(JSON.parse(message.data));
    } catch {
      // A line that is not an event is a keep-alive.
    }
  };
  return () => source.close();
}
