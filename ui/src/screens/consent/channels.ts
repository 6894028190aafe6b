import { say, t } from '../../words';
import { readChannel } from './permissions';

/** A channel in plain words. Partners and social media are told by their own names. */
export function sayChannel(channel: string): string {
  const { kind, name } = readChannel(channel);
  if (name === null) return say('channel', kind);
  return kind === 'partner' ? t('channel-partner', { name }) : t('channel-social-media', { name });
}
