// Withdrawals that are only reported, what a manager judges about consent, and a safeguarding lead's stops.
import { complain, focused, go, logIn, look, nothingKept, open, refuse, run, scene } from './kit.mjs';

async function toFamily(page, family) {
  await go(page, `#/family/${family}`);
  await page.getByRole('heading', { name: 'Permissions' }).waitFor();
}

/** What is said of the one picture of a family. */
async function picture(page, family, said) {
  await go(page, `#/family/${family}/photos`);
  await page.getByRole('button', { name: /^See the picture/ }).filter(said === 'Here' ? { has: page.locator('canvas, img') } : { hasText: said }).waitFor();
}

/** Nobody but a safeguarding lead is shown that there are stops. */
async function noTrace(page, who) {
  const said = await page.locator('body').innerText();
  if (/\bstop/i.test(said)) complain(`${who} is shown a trace of stops`);
}

await run(async () => {
  const page = await open();
  const dialog = page.getByRole('dialog');
  const top = dialog.last();

  // At the desk: somebody calls, and it cannot be checked who.
  if (await page.getByText(/reported withdrawal/).count()) complain('reception is told of reported withdrawals');
  await page.keyboard.press('Alt+w');
  await toFamily(page, scene.other);
  await noTrace(page, 'reception');
  await page.getByRole('button', { name: /^Withdraw.*Inés/ }).click();
  await dialog.getByRole('button', { name: 'Withdraw and remove pictures' }).click();
  await dialog.getByText('There is something to put right').waitFor();
  if (await dialog.getByRole('radio', { name: 'Somebody else, or not known' }).count()) complain('a withdrawal by nobody is offered where it is not a report');
  await dialog.getByRole('radio', { name: 'I could not check who it is' }).check();
  if (!(await dialog.getByRole('radio', { name: 'Somebody else, or not known' }).isChecked())) complain('a report cannot be left without a name');
  await dialog.getByRole('radio', { name: /^Testa/ }).check();
  await dialog.getByText('1 picture on this device is hidden:').waitFor();
  await dialog.getByRole('button', { name: 'Hide pictures and tell a manager' }).scrollIntoViewIfNeeded();
  await look(page, '60-report');
  if (/for good|remove pictures/i.test(await dialog.innerText())) complain('a report says that pictures go for ever');
  await refuse(page, 'withdraw_consent', 'busy');
  await dialog.getByRole('button', { name: 'Hide pictures and tell a manager' }).click();
  await dialog.getByText('Porch is busy').waitFor();
  await page.unroute('**/call/withdraw_consent');
  if (!(await dialog.getByRole('radio', { name: /^Testa/ }).isChecked())) complain('a refusal forgot who asked');
  await dialog.getByRole('button', { name: 'Hide pictures and tell a manager' }).click();
  await page.getByRole('heading', { name: 'A manager will decide' }).waitFor();
  await dialog.getByText(/^A manager decides by \w+day \d/).waitFor();
  await look(page, '60-reported');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: /^History.*Inés/ }).click();
  await dialog.getByText('Waits for a manager').waitFor();
  if (await dialog.getByRole('button', { name: /^(Recorded by mistake|No longer decides)/ }).count()) complain('reception may judge');
  await page.keyboard.press('Escape');
  await picture(page, scene.other, 'On hold');
  await go(page, '#/reported');
  await page.getByText('Your login may not do this').waitFor();

  // The manager is told at the desk, and decides.
  await logIn(page, 'Casey manager');
  await page.getByText('3 reported withdrawals wait for a decision').waitFor();
  await page.getByText(/^1 is overdue, since/).waitFor();
  await look(page, '61-desk-overdue');
  await page.keyboard.press('?');
  await dialog.getByText('Reported withdrawals').waitFor();
  await look(page, '61-keys');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Your login/ }).click();
  await look(page, '61-login-menu', '[popover]:popover-open');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+w');
  const heading = page.getByRole('heading', { level: 1, name: 'Reported withdrawals' });
  await page.getByText(/^Overdue since/).waitFor();
  await look(page, '61-reported');
  const names = await page.locator('main h2').allInnerTexts();
  if (!names[0].startsWith('Łukasz')) complain(`the earliest report is not the first: ${names.join()}`);

  await page.getByRole('button', { name: /^It does not count.*Łukasz/ }).press('Enter');
  await dialog.getByRole('button', { name: 'It does not count' }).click();
  await dialog.getByRole('link', { name: 'Say why' }).click();
  await look(page, '62-dismiss');
  await page.keyboard.type('It was a wrong number.');
  await page.keyboard.press('Escape');
  const why = dialog.getByLabel('How do you know?');
  await refuse(page, 'rule_on_withdrawal', 'ruled_already');
  await dialog.getByRole('button', { name: 'It does not count' }).click();
  await dialog.getByText('This is settled already').waitFor();
  await page.unroute('**/call/rule_on_withdrawal');
  if ((await why.inputValue()) !== 'It was a wrong number.') complain('a refusal, or Esc, lost the reason');
  await dialog.getByRole('button', { name: 'It does not count' }).click();
  await dialog.getByText('Recorded: it does not count').waitFor();
  await focused(page, dialog.locator('[tabindex="-1"]'), 'after a ruling');
  await dialog.getByRole('button', { name: 'Done' }).press('Enter');
  await page.getByText(/^Overdue since/).waitFor({ state: 'detached' });
  await focused(page, heading, 'after the dialog of a ruling');
  await picture(page, scene.family, 'Here');

  await page.keyboard.press('Alt+w');
  await page.getByRole('button', { name: /^It counts.*Inés/ }).click();
  await why.fill('Her mother came in with her passport.');
  await look(page, '62-uphold');
  await dialog.getByRole('button', { name: 'It counts' }).click();
  await dialog.getByText('1 picture was removed from this device').waitFor();
  await look(page, '62-upheld');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await picture(page, scene.other, 'Removed');
  await page.keyboard.press('Alt+t');
  await page.getByText('1 reported withdrawal waits for a decision').waitFor();
  await look(page, '63-desk-waiting');
  await page.getByRole('button', { name: 'Decide now' }).click();
  await page.getByRole('button', { name: /^Open the family/ }).click();
  await page.getByRole('heading', { level: 1, name: /Featherstonehaugh/ }).waitFor();
  await noTrace(page, 'a manager');

  // What was recorded by mistake, and who no longer decides.
  await page.getByRole('button', { name: /^History.*Maximiliana/ }).click();
  await dialog.getByRole('button', { name: /^Recorded by mistake/ }).click();
  await top.getByRole('button', { name: 'Record the mistake' }).click();
  await top.getByRole('link', { name: 'Say why' }).waitFor();
  await top.getByLabel('What shows that it was a mistake?').fill('The paper names her cousin.\nI have it here.');
  await look(page, '64-mistake');
  await top.getByRole('button', { name: 'Record the mistake' }).click();
  await top.getByText('Recorded: this decision counts no longer.').waitFor();
  await top.getByRole('button', { name: 'Done' }).click();
  await dialog.getByText('Neither its yes nor its no counts.').waitFor();
  await dialog.getByText('The paper names her cousin.').waitFor();
  await focused(page, dialog.locator('ol'), 'after a mistake was recorded');
  for (const [choice, said] of [['That is in dispute', 'in dispute'], [null, 'no longer decides']]) {
    await dialog.getByRole('button', { name: /^No longer decides/ }).click();
    if (choice) {
      await top.getByRole('button', { name: 'Record it' }).click();
      await top.getByRole('link', { name: 'Say what has happened' }).waitFor();
      await top.getByRole('radio', { name: choice }).check();
    }
    await top.getByRole('radio', { name: 'I have seen a document' }).check();
    await look(page, choice ? '65-dispute' : '65-end');
    await top.getByRole('button', { name: 'Record it' }).click();
    await top.getByText(new RegExp(`^Recorded: .*${said}`)).waitFor();
    await top.getByRole('button', { name: 'Done' }).click();
  }
  await dialog.getByRole('button', { name: /^No longer decides/ }).waitFor({ state: 'detached' });
  await focused(page, dialog.locator('ol'), 'after an authority ended');
  await look(page, '66-history');
  await page.keyboard.press('Escape');
  await page.getByText('Nobody has been asked yet').waitFor();

  // A safeguarding lead stops what nobody withdrew.
  await logIn(page, 'Sami Example');
  await toFamily(page, scene.family);
  await look(page, '67-family');
  await page.getByRole('button', { name: /^Stops.*Łukasz/ }).click();
  await dialog.getByText('Nothing is stopped.').waitFor();
  await dialog.getByRole('button', { name: 'Stop a use…' }).click();
  await top.getByRole('button', { name: 'Stop it' }).click();
  await top.getByRole('link', { name: 'Tick what is to stop' }).click();
  await page.keyboard.press('Space');
  await top.getByRole('checkbox', { name: 'Quotes in publicity' }).check();
  const sealed = top.getByLabel('Why?');
  await sealed.fill('He must not be found.');
  await look(page, '68-stop');
  await refuse(page, 'stop_use', 'busy');
  await top.getByRole('button', { name: 'Stop it and remove pictures and quotes' }).click();
  await top.getByText('Porch is busy').waitFor();
  await page.unroute('**/call/stop_use');
  if ((await sealed.inputValue()) !== 'He must not be found.') complain('a refusal lost the reason for a stop');
  await top.getByRole('button', { name: 'Stop it and remove pictures and quotes' }).click();
  await top.getByText('1 picture or quote was removed from this device').waitFor();
  await look(page, '68-stopped');
  await top.getByRole('button', { name: 'Done' }).click();
  await dialog.getByText('He must not be found.').waitFor();
  await focused(page, dialog.getByRole('region', { name: 'Stopped now' }), 'after a stop');
  await dialog.getByRole('button', { name: /^End this stop.*Quotes/ }).click();
  await top.getByLabel('Why does it end?').fill('They moved.');
  await look(page, '69-end-a-stop');
  await top.getByRole('button', { name: 'End the stop' }).click();
  await top.getByText('Pictures and quotes that were removed do not come back.').waitFor();
  await top.getByRole('button', { name: 'Done' }).click();
  await dialog.getByText('They moved.').waitFor();
  await look(page, '69-stops');

  // After a PIN the reasons are out of sight until the password is typed; the dialog stayed open behind the lock.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Your login/ }).click();
  await page.getByRole('button', { name: 'PIN for this shift' }).click();
  await dialog.getByLabel('Password', { exact: true }).fill(scene.password);
  await dialog.getByLabel('PIN', { exact: true }).fill('4917');
  await dialog.getByLabel('The same PIN again').fill('4917');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The PIN holds until you log out').waitFor();
  await page.getByRole('button', { name: /^Stops.*Łukasz/ }).click();
  await dialog.getByText('They moved.').waitFor();
  await page.keyboard.press('Control+l');
  await page.getByLabel('PIN', { exact: true }).fill('4917');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await dialog.getByText('You came back with the PIN').waitFor();
  if (await dialog.getByText('They moved.').count()) complain('a PIN opens the reasons of a stop');
  await look(page, '69-stops-sealed');
  await dialog.getByLabel('Password', { exact: true }).fill(scene.password);
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByText('They moved.').waitFor();
  await page.keyboard.press('Escape');

  // The last report is settled, and nothing waits.
  await page.keyboard.press('Alt+w');
  await page.getByRole('button', { name: /^It counts/ }).click();
  await why.fill('The letter is hers.');
  await dialog.getByRole('button', { name: 'It counts' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Nothing waits for a decision').waitFor();
  await look(page, '69-nothing-waits');

  // To the desk a stop is a no like any other.
  await logIn(page, 'Casey reception');
  await toFamily(page, scene.family);
  await noTrace(page, 'reception');
  await page.getByRole('button', { name: /^History.*Łukasz/ }).click();
  await dialog.getByText('does not count').first().waitFor();
  await noTrace(page, 'reception, in the history,');
  await page.keyboard.press('Escape');
  await picture(page, scene.family, 'Removed');
  await noTrace(page, 'reception, at the pictures,');
  await nothingKept(page);
});
