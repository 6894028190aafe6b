import { t } from '../../words';
import type { HelpAnswer } from './answers';

export function sayHelp(help: HelpAnswer): string {
  if (help === 'somebody_else') return t('parent-help-somebody-else');
  if (help === 'interpreter') return t('parent-help-interpreter');
  return help === 'read_aloud' ? t('parent-help-read-aloud') : t('parent-help-none');
}
