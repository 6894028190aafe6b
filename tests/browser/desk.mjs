// Every screen that staff see, from the first run to the lock.
import { look, nothingKept, open, run, scene } from './kit.mjs';

const reception = 'Sam Whitlock';

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
  await page.getByLabel('Your name').fill('Ruth Abara');
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
  await register(page, 'Ngozi Okonkwo', 'Ada', true);
  await look(page, '15-family');
  await page.keyboard.press('Alt+t');
  await page.getByRole('button', { name: /^Sign out Ngozi|^Sign out Ada/ }).waitFor();
  await look(page, '16-desk-one');
  for (const [parent, child] of [['Paweł Kowalczyk-Worthington', 'Antek'], ['Şebnem Örnek', 'Can'], ['Inés Ejemplo', 'Raúl']]) {
    await register(page, parent, child, true);
  }
  await page.keyboard.press('Alt+t');
  await page.getByText('4 adults').first().waitFor();
  await look(page, '17-desk-many');

  await page.keyboard.press('Alt+t');
  await page.getByLabel('Find a family').fill('okonkwo');
  await page.getByRole('option', { name: /Okonkwo/ }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Edit Ada/ }).click();
  await look(page, '18-edit');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add someone' }).click();
  await look(page, '19-add');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Somebody Porch knows already' }).click();
  await look(page, '20-add-known');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Write a concern' }).click();
  await look(page, '21-concern');
  await page.getByLabel('What you saw or heard').fill('He had not eaten.');
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
  await page.getByRole('button', { name: 'Ruth Abara' }).click();
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
