import { say, t } from '../../words';
import { readChannel } from './permissions';

/** A channel in plain words. Partners and social media are told by their own names. */
export function sayChannel(channel: string): string {
  const { kind, name } = readChannel(channel);
  if (name === null) return say('channel', kind);
  return kind === 'partner' ? t('channel-partner', { name }) : t('channel-social-media', { name });
}

/** Several places in a row. Their names hold commas and "and", so neither parts them. */
export const sayPlaces = (channels: readonly string[], say: (channel: string) => string = sayChannel): string =>
  channels.map(say).join(' · ');
