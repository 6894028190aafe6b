import { t } from '../../words';
import type { Help } from './answers';

export function sayHelp(help: Help): string {
  if (help === 'interpreter') return t('parent-help-interpreter');
  return help === 'read_aloud' ? t('parent-help-read-aloud') : t('parent-help-none');
}
