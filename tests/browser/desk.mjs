// Every screen that staff see, from the first run to the lock.
import { complain, look, nothingKept, open, refuse, run, scene } from './kit.mjs';

const reception = 'Sam Example';

async function register(page, parent, child, sign = false) {
  const [given, family] = parent.split(' ');
  await page.keyboard.press('Alt+n');
  const adult = page.getByRole('group', { name: 'Parent or carer' });
  await adult.getByLabel('First name').fill(given);
  await adult.getByLabel('Family name').fill(family);
  await adult.getByLabel('Phone').fill('07700 900 417');
  const young = page.getByRole('group', { name: 'Child', exact: true });
  await young.getByLabel('First name').fill(child);
  await young.getByLabel('Birth date').fill('3 apr 24');
  if (sign) await page.getByLabel('Sign in at once').selectOption({ index: 1 });
  await page.getByLabel('The privacy notice was shown').check();
  await page.getByRole('button', { name: /^Register/ }).click();
  await page.getByRole('heading', { level: 1, name: family }).waitFor();
}

async function menu(page, item) {
  await page.getByRole('button', { name: /^Your login/ }).click();
  await page.getByRole('button', { name: item }).click();
}

await run(async () => {
  const page = await open();
  await page.getByRole('heading', { name: 'Set up this computer' }).waitFor();
  await look(page, '01-set-up');
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('heading', { name: 'There is something to put right' }).waitFor();
  await look(page, '02-set-up-errors');
  await page.getByLabel('County server').fill(scene.server);
  await page.getByLabel('County certificate').fill(scene.certificate);
  await page.getByLabel('Code for this computer').fill(scene.code);
  await page.getByLabel('Name of this computer').fill('Front desk');
  await page.getByLabel('Your name').fill('Ruth Sample');
  await page.getByLabel('New password').fill(scene.password);
  await page.getByLabel('The same password again').fill(scene.password);
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('heading', { name: 'Who is here' }).waitFor();

  await menu(page, 'Logins');
  await page.getByRole('heading', { level: 1, name: 'Logins' }).waitFor();
  await page.getByRole('button', { name: 'Make a login' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(reception);
  await look(page, '03-make-a-login');
  await dialog.getByRole('button', { name: 'Make the code' }).click();
  await page.getByRole('heading', { name: `Code for ${reception}` }).waitFor();
  const code = await dialog.locator('.code').innerText();
  await look(page, '04-code');
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await look(page, '05-logins');
  await menu(page, 'Log out');

  await page.getByRole('heading', { name: 'Who is at the desk?' }).waitFor();
  await look(page, '06-who');
  await page.getByRole('button', { name: reception }).click();
  await page.getByRole('heading', { name: /^Welcome/ }).waitFor();
  await look(page, '07-invited');
  await page.getByLabel('Code').fill(code);
  await page.getByLabel('New password').fill(scene.password);
  await page.getByLabel('The same password again').fill(scene.password);
  await page.getByRole('button', { name: 'Start' }).click();

  await page.getByText('Nobody is signed in').waitFor();
  await look(page, '08-desk-empty');
  await page.getByRole('button', { name: /^This device/ }).click();
  await look(page, '09-sync', '[popover]:popover-open');
  await page.getByRole('button', { name: 'Send now' }).click();
  await page.locator('[popover] button:not([aria-disabled])', { hasText: 'Send now' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Your login/ }).click();
  await look(page, '10-login-menu', '[popover]:popover-open');
  await page.keyboard.press('Escape');
  await page.getByLabel('Find a family').fill('a');
  await page.getByText(/families found|family found/).waitFor();
  await look(page, '11-search');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keys' }).waitFor();
  await look(page, '12-keys');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Alt+n');
  await page.getByRole('heading', { name: 'Register a newcomer' }).waitFor();
  await page.getByRole('group', { name: 'Child', exact: true }).getByLabel('Birth date').fill('31/2/24');
  await page.getByRole('button', { name: /^Register/ }).click();
  await page.getByRole('heading', { name: 'There is something to put right' }).waitFor();
  await look(page, '13-register-errors');
  await page.getByRole('button', { name: 'Show the notice' }).click();
  await look(page, '14-notice');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+t');
  await page.getByRole('heading', { name: 'Who is here' }).waitFor();
  // What was typed before is shown to nobody until somebody goes on with it; to start afresh can be undone.
  await page.keyboard.press('Alt+n');
  await page.getByText('A newcomer is half registered').waitFor();
  await look(page, '14-half-registered');
  await page.getByRole('button', { name: 'Go on' }).click();
  const typed = page.getByRole('group', { name: 'Child', exact: true }).getByLabel('Birth date');
  await page.getByText('What was typed before is back').waitFor();
  if ((await typed.inputValue()) !== '31/2/24') complain('what was typed before did not come back');
  await page.getByRole('button', { name: 'Start afresh' }).click();
  await page.getByText('Started afresh').waitFor();
  if ((await typed.inputValue()) !== '') complain('starting afresh left something behind');
  await page.getByRole('button', { name: 'Undo starting afresh' }).click();
  await page.getByText('What was typed before is back').waitFor();
  if ((await typed.inputValue()) !== '31/2/24') complain('starting afresh could not be undone');
  await page.getByRole('button', { name: 'Start afresh' }).click();
  await page.getByText('What was typed before is back').waitFor({ state: 'detached' });
  await register(page, 'Ngozi Okonkwo', 'Ada', true);
  await page.getByRole('button', { name: 'Sign out 2 people' }).waitFor();
  await page.getByRole('checkbox', { name: 'Ngozi Okonkwo' }).uncheck();
  await page.getByRole('button', { name: 'Sign out 1 person' }).waitFor();
  if (await page.getByText('07700 900').count()) complain('a phone number shows though nobody holds its button');
  const reach = page.getByRole('button', { name: /^Hold to see phone/ }).first();
  await reach.focus();
  await page.keyboard.down('Space');
  await page.getByText('07700 900').waitFor();
  await page.keyboard.up('Space');
  await page.getByText('07700 900').waitFor({ state: 'detached' });
  await look(page, '15-family');
  await page.keyboard.press('Alt+t');
  await page.getByRole('button', { name: /^Sign out Ngozi|^Sign out Ada/ }).waitFor();
  await look(page, '16-desk-one');
  for (const [parent, child] of [['Paweł Przykładowy-Worthington', 'Antek'], ['Şebnem Örnek', 'Can'], ['Inés Ejemplo', 'Raúl']]) {
    await register(page, parent, child, true);
  }
  await page.keyboard.press('Alt+t');
  await page.getByText('4 adults').first().waitFor();
  await look(page, '17-desk-many');
  await page.getByRole('button', { name: /^Only some of .*Ada/ }).click();
  await page.getByRole('dialog').getByRole('checkbox', { name: /^Ada/ }).check();
  await page.getByRole('button', { name: 'Sign out 1 person' }).waitFor();
  await look(page, '17-only-some');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

  // Enter faster than the answer opens the first of the answer, not the row that was chosen in the one before.
  const search = page.getByLabel('Find a family');
  await search.fill('okonk');
  await page.getByRole('option', { name: /Okonkwo/ }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.route('**/call/search', async (route) => {
    await new Promise((later) => { setTimeout(later, 400); });
    await route.continue().catch(() => {});
  });
  await page.keyboard.type('wo');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /Okonkwo|Register a newcomer/ }).waitFor();
  if (await page.getByRole('heading', { level: 1, name: 'Register a newcomer' }).count()) complain('Enter acted on an answer to fewer letters');
  await page.unroute('**/call/search');

  // A refusal is said aloud, and leads nobody to register somebody twice.
  await refuse(page, 'search', 'busy');
  await search.fill('okonkwo');
  await page.getByRole('status').filter({ hasText: 'Porch is busy' }).waitFor();
  await page.keyboard.press('Enter');
  await page.unroute('**/call/search');
  if (await page.getByRole('heading', { level: 1, name: 'Register a newcomer' }).count()) complain('a refused search opened the newcomer’s page');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Alt+t');
  await page.getByLabel('Find a family').fill('okonkwo');
  await page.getByRole('option', { name: /Okonkwo/ }).first().waitFor();
  // A hidden family is opened for a reason. Nobody here is hidden, so the question is put in the core's mouth.
  await page.route('**/call/family', async (route) => {
    if (route.request().postDataJSON().reason === 'safeguarding') return route.continue();
    const refusal = { code: 'reason_needed', field: 'reason', problems: [], retry_after_s: null };
    return route.fulfill({ status: 422, contentType: 'application/json', body: JSON.stringify(refusal) });
  });
  await page.keyboard.press('Enter');
  const why = page.getByRole('dialog', { name: 'This family is hidden' });
  await why.getByRole('button', { name: 'Open the family' }).click();
  await why.getByText('Choose what you open it for').waitFor();
  await look(page, '18-reason');
  await why.getByRole('radio', { name: 'Somebody’s safety' }).check();
  await why.getByRole('button', { name: 'Open the family' }).click();
  await why.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Edit Ada/ }).waitFor();
  await page.unroute('**/call/family');
  await page.getByRole('button', { name: /^Edit Ada/ }).click();
  await page.getByRole('dialog').getByText('3 April 2024').waitFor();
  await look(page, '18-edit');

  // The lock stands before an open dialog, and behind it nothing typed is lost.
  const knownAs = page.getByRole('dialog').getByLabel('Known as');
  await knownAs.fill('Adaeze');
  await page.keyboard.press('Control+l');
  await page.getByRole('heading', { name: 'Locked' }).waitFor();
  if (await knownAs.isVisible()) complain('the dialog shows through the lock');
  await page.keyboard.press('Escape');
  await look(page, '18-edit-locked');
  await page.getByLabel('Password', { exact: true }).fill(scene.password);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await knownAs.waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'known_as');
  if ((await knownAs.inputValue()) !== 'Adaeze') complain('what was typed is gone after the lock');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Add someone' }).click();
  await look(page, '19-add');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add somebody already known' }).click();
  await look(page, '20-add-known');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Write a concern' }).click();
  await look(page, '21-concern');
  await page.getByLabel('What you saw or heard').fill('He had not eaten.');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Throw away what you wrote?').waitFor();
  await look(page, '21-concern-throw-away');
  await page.getByRole('button', { name: 'Go on writing' }).click();
  if ((await page.getByLabel('What you saw or heard').inputValue()) !== 'He had not eaten.') complain('cancelling threw the concern away');
  await page.getByRole('button', { name: 'Seal and send' }).click();
  await page.getByRole('heading', { name: 'Sealed' }).waitFor();
  await look(page, '22-sealed');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();

  await page.keyboard.press('Control+l');
  await page.getByRole('heading', { name: 'Locked' }).waitFor();
  await look(page, '23-locked');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByText('That password is not right').waitFor();
  await look(page, '24-wrong-password');
  await page.getByRole('button', { name: /^Somebody else/ }).click();
  await page.getByRole('button', { name: 'Ruth Sample' }).click();
  await look(page, '25-password');
  await page.getByLabel('Password', { exact: true }).fill(scene.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Who is here' }).waitFor();
  await menu(page, 'Concerns');
  await page.getByText('He had not eaten.').waitFor();
  await look(page, '26-concerns');
  await menu(page, 'Record of use');
  await page.getByText('The chain is whole').waitFor();
  await look(page, '27-record-of-use');
  await menu(page, 'Change your password');
  await look(page, '28-change-password');
  await page.keyboard.press('Escape');
  await nothingKept(page);
});
