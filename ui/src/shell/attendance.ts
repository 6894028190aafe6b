import { call, readRefusal } from '../api';
import { listed, toasts } from '../parts';
import { t } from '../words';
import { sayRefusal } from './problems';

/** Who is meant: a person signing in, an attendance signing out. */
export interface Someone {
  id: string;
  name: string;
}

async function takeBack(undo: string, changed: () => void): Promise<void> {
  try {
    await call('undo', { undo });
    toasts.show(t('undone'));
    changed();
  } catch (reason) {
    toasts.show(sayRefusal(readRefusal(reason)), { tone: 'caution' });
  }
}

/** Signs people in and offers the way back. Answers whether it was done. */
export async function signIn(session: string, family: string, people: readonly Someone[], changed: () => void): Promise<boolean> {
  try {
    const view = await call('sign_in', { session, family, people: people.map(({ id }) => id) });
    toasts.show(t('signed-in', { names: listed(people.map(({ name }) => name)) }), {
      undo: { label: t('signed-in-undo'), run: () => void takeBack(view.undo, changed) },
    });
    return true;
  } catch (reason) {
    toasts.show(sayRefusal(readRefusal(reason)), { tone: 'caution' });
    return false;
  }
}

const toastRefusal = (words: string): void => void toasts.show(words, { tone: 'caution' });

/** Signs people out and offers the way back. Answers whether it was done; `refused` tells why not, in a dialog its own way. */
export async function signOut(
  people: readonly Someone[], collectedBy: string | null, changed: () => void, refused: (words: string) => void = toastRefusal,
): Promise<boolean> {
  try {
    const view = await call('sign_out', { attendances: people.map(({ id }) => id), collected_by: collectedBy });
    toasts.show(t('signed-out', { names: listed(people.map(({ name }) => name)) }), {
      undo: { label: t('signed-out-undo'), run: () => void takeBack(view.undo, changed) },
    });
    return true;
  } catch (reason) {
    refused(sayRefusal(readRefusal(reason)));
    return false;
  }
}
