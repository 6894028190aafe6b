import type { PhotoView } from '../../api';

type Stands = Pick<PhotoView, 'state' | 'form' | 'quote'>;

/** How a picture or a quote stands. Of a quote whose words are not here nothing can be shown, as of a picture on its way. */
export const stateOf = ({ state, form, quote }: Stands): PhotoView['state'] => (state === 'here' && form === 'words' && !quote ? 'on_its_way' : state);

/** Whether it can be shown, and used. */
export const isHere = (photo: Stands): boolean => stateOf(photo) === 'here';
