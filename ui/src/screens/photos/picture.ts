// Pictures as bytes and text. Nothing here writes anywhere: until a picture is stored it is in memory only.
import type { Area } from '../../api';

/** Larger files are refused before they are read: a camera's largest are about a third of this. */
export const largestFile = 40 * 1024 * 1024;
const readable = new Set(['image/jpeg', 'image/png']);

export type FileTrouble = 'not_a_picture' | 'picture_too_large';

/** What is wrong with a file, as far as can be told without opening it. */
export function fileTrouble(file: { type: string; size: number }): FileTrouble | null {
  if (!readable.has(file.type) || file.size === 0) return 'not_a_picture';
  return file.size > largestFile ? 'picture_too_large' : null;
}

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(parts.join(''));
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

/** When a file's picture was taken, as far as the file says; never after now. */
export function takenAt(lastModified: number, now: number): string {
  const known = Number.isFinite(lastModified) && lastModified > 0 && lastModified <= now;
  return new Date(known ? lastModified : now).toISOString();
}

/** The size a picture is drawn at so that its longer side is at most `most`. */
export function fitted(width: number, height: number, most: number): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export type CameraTrouble = 'refused' | 'none' | 'busy' | 'other';

/** Why a camera did not open, from the error that the web view gives. */
export function cameraTrouble(error: unknown): CameraTrouble {
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError' || name === 'TypeError') return 'none';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'other';
}

/** A picture that is not stored yet: its bytes as they will be sent, what to draw of it, and what of it is never to be stored. */
export interface Held {
  bytes: string;
  image: ImageBitmap | HTMLCanvasElement;
  takenAt: string;
  cover: Area[];
  keep: Area | null;
}

/**
 * What is sent of a picture: the file as it is, or, when parts of it are covered or cut away, what was on the screen.
 * The core could take another orientation from the file than the web view did, and cover another part.
 */
export function sent(held: Held): string {
  if (held.cover.length === 0 && held.keep === null) return held.bytes;
  const canvas = document.createElement('canvas');
  canvas.width = held.image.width;
  canvas.height = held.image.height;
  canvas.getContext('2d')?.drawImage(held.image, 0, 0);
  return canvas.toDataURL('image/jpeg', 0.95).split(',')[1] ?? '';
}
