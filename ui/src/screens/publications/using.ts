import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import CalendarX from '@lucide/svelte/icons/calendar-x-2';
import ClockAlert from '@lucide/svelte/icons/clock-alert';
import Eye from '@lucide/svelte/icons/eye';
import type { Attribution, Form, PhotoView, Problem, PublicationView, Refusal, TakedownsView } from '../../api';
import { dayName, type Said } from '../../parts';
import { problemWords, sayRefusal } from '../../shell/problems';
import { say, t } from '../../words';
import { readChannel } from '../consent/permissions';

// Where pictures and quotes are used: what they may be used for, and how each use stands.

/** As many as the core takes at once. */
export const mostTogether = 200;

/** A child's own record is shown to nobody else, so nothing is published there. */
const notPublished = 'own_record';

/** What each of these pictures or quotes may be used for. */
export function commonChannels(photos: readonly Pick<PhotoView, 'channels'>[]): string[] {
  const [first, ...others] = photos;
  return (first?.channels ?? []).filter((channel) => channel !== notPublished && others.every(({ channels }) => channels.includes(channel)));
}

/** The names that may stand under each of these quotes, the fullest first. */
export function commonNames(quotes: readonly Pick<PhotoView, 'quote'>[]): Attribution[] {
  const [first, ...others] = quotes.map(({ quote }) => (quote?.names ?? []).map(({ attribution }) => attribution));
  return (first ?? []).filter((name) => others.every((names) => names.includes(name)));
}

/** A name as it stands under a quote, or in general where that is not known. */
export function sayName(attribution: Attribution, quote: Pick<PhotoView, 'quote'> | null): string {
  return quote?.quote?.names.find((each) => each.attribution === attribution)?.name ?? say('attribution', attribution);
}

/** Whether a use is one of a picture or of words; null where nothing tells. */
export function formIn({ photo, attribution }: Pick<PublicationView, 'photo' | 'attribution'>): Form | null {
  return photo?.form ?? (attribution === null ? null : 'words');
}

/** What is asked for as the place, which differs with what it is used for. */
export function placeHint(channel: string | null): string {
  const names = t('publish-place-names');
  return channel === null ? names : `${say('publish-hint', readChannel(channel).kind)} ${names}`;
}

/** By what a use is called where somebody reads it out: the end of its id, as on the sheet that goes with the files. */
export const reference = (publication: string): string => publication.slice(24);

/** Whether whoever puts them there is likely to need the files. A centre's own wall gets prints. */
export const needsFiles = (channel: string | null): boolean => channel !== 'centre_display';

export interface Standing {
  tone: 'stop' | 'caution' | 'plain' | 'good';
  /** The day is over by which it had to come down. */
  overdue: boolean;
  icon: typeof Eye;
  text: string;
}

/** How a use stands; louder the nearer the day is by which it has to come down. */
export function standing({ due, takedown, live_from }: Pick<PublicationView, 'due' | 'takedown' | 'live_from'>, today: string): Standing {
  if (takedown) return { tone: 'plain', overdue: false, icon: CalendarX, text: t('uses-ended') };
  if (!due) {
    return live_from > today
      ? { tone: 'plain', overdue: false, icon: CalendarClock, text: t('uses-from-then') }
      : { tone: 'good', overdue: false, icon: Eye, text: t('uses-live') };
  }
  const date = dayName(due.by);
  if (due.overdue) return { tone: 'stop', overdue: true, icon: ClockAlert, text: t('uses-overdue', { date }) };
  const text = due.by === today ? t('uses-due-today') : t('uses-due', { date });
  return { tone: 'caution', overdue: false, icon: ClockAlert, text };
}

/** Whether its files may be saved once more. */
export function mayBeSaved({ due, takedown, photo, channel }: PublicationView): boolean {
  return !due && !takedown && photo?.state === 'here' && photo.channels.includes(channel);
}

/** Why files were not saved. There is nothing to print instead. */
export const sayNotSaved = (refusal: Refusal): string => (refusal.code === 'cannot_save' ? t('publish-cannot-save') : sayRefusal(refusal));

/** When what has to come down has to: the sentence below the number. */
export function sayTakedowns({ due, overdue, by }: TakedownsView): string {
  if (overdue > 0) return t('takedowns-late', { count: overdue, date: dayName(by) });
  return t('takedowns-by', { count: due, date: dayName(by) });
}

/** What the core refused, in the words that this form has for it: by `field.code`. */
export function inOwnWords(problems: readonly Problem[], own: Readonly<Record<string, string>>): Said[] {
  return problems.map(({ field, code }) => ({ field, text: own[`${field}.${code}`] ?? problemWords(code) }));
}
