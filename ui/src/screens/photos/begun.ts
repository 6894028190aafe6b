// A new picture that begins from a stored one, so that somebody need not be in it.
import { call, type PhotoView } from '../../api';
import { fromBase64, type Held } from './picture';

export interface Begun {
  held: Held;
  caption: string;
  session: string | null;
  /** Who is in the stored one. */
  people: PhotoView['people'];
}

/** Reads a stored picture into memory, to be altered and kept as another one. */
export async function begunFrom(photo: PhotoView): Promise<Begun> {
  const { media_type, picture } = await call('photo_picture', { photo: photo.photo, size: 'full' });
  const image = await createImageBitmap(new Blob([fromBase64(picture)], { type: media_type }));
  return { held: { bytes: picture, image, takenAt: photo.taken_at, cover: [], keep: null }, caption: photo.caption ?? '', session: photo.session, people: photo.people };
}
