import type { PhotoView } from '../../api';

/** Whether a picture or a quote can be shown, and used. */
export const isHere = ({ state }: Pick<PhotoView, 'state'>): boolean => state === 'here';
