import type { PhotoView } from '../../api';
import { listed } from '../../parts';

/** Whether a picture or a quote can be shown, and used. */
export const isHere = ({ state }: Pick<PhotoView, 'state'>): boolean => state === 'here';

/** Whether it is a picture of a crowd in a public place, in which nobody is named. */
export const isCrowd = ({ public_place }: Pick<PhotoView, 'public_place'>): boolean => public_place !== null;

/** By what a picture or a quote is known: who is in it or said it. Of a crowd, which event it was, and where. */
export const sayOf = ({ people, public_place }: Pick<PhotoView, 'people' | 'public_place'>): string => public_place ?? listed(people.map(({ name }) => name));
