// The parent's pages on a tablet, by real touch.
import { complain, go, handOver, look, nothingKept, open, refuse, run, scene, signByTouch, takeBack } from './kit.mjs';

/** What was just signed has its receipt: in two sizes, on paper, as a file, and it is known again. */
async function receipts(page) {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Receipt', exact: true }).first().click();
  await dialog.locator('img').first().waitFor();
  await look(page, '44-receipt');
  const usual = await dialog.locator('img').count();
  await dialog.getByRole('radio', { name: /^Large print/ }).check();
  await page.waitForFunction((count) => document.querySelectorAll('dialog img').length > count, usual);
  await look(page, '44-receipt-large');
  // What is printed is the pages and nothing else, one to a sheet.
  const sheets = (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
  const shown = await dialog.locator('img').count();
  if (sheets !== shown) complain(`a receipt of ${shown} pages is printed on ${sheets} sheets`);
  await dialog.getByRole('button', { name: 'Save as PDF' }).click();
  await dialog.getByText(/^Saved in .+ as “Porch receipt [0-9A-Z]{4}-[0-9A-Z]{4}\.pdf”/).waitFor();
  const said = await dialog.locator('.unseen p').allInnerTexts();
  const of = (label) => said.find((text) => text.startsWith(`${label}: `))?.slice(label.length + 2) ?? '';
  const [number, code] = [of('Number'), said.filter((text) => text.startsWith('Code: ')).at(0)?.slice(6) ?? ''];
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  await page.getByRole('button', { name: 'Check a receipt' }).click();
  await dialog.getByLabel('Number').fill(number);
  await dialog.getByLabel('Code').fill(code);
  await dialog.getByRole('button', { name: 'Check', exact: true }).click();
  await dialog.getByText('Our records hold this decision.').waitFor();
  await dialog.getByText(/^For .+: Pictures in publicity/).waitFor();
  await look(page, '44-genuine');
  await dialog.getByLabel('Code').fill(code.replace(/.$/, (last) => (last === '0' ? '1' : '0')));
  await dialog.getByRole('button', { name: 'Check', exact: true }).click();
  await dialog.getByText('it says something else').waitFor();
  await dialog.getByLabel('Code').fill('12');
  await dialog.getByRole('button', { name: 'Check', exact: true }).click();
  await dialog.getByRole('heading', { name: 'There is something to put right' }).waitFor();
  await look(page, '44-no-receipt');
  // A file under the right number that says something else, beside one of a number that nobody knows.
  const file = (text) => ({ name: 'receipt.jsonld', mimeType: 'application/ld+json', buffer: Buffer.from(text) });
  const told = (id) => ({ '@type': 'dpv:ConsentReceipt', '@id': `urn:uuid:${id}` });
  const input = dialog.locator('input[type=file]');
  await input.setInputFiles(file(JSON.stringify([told(number), told(number.replace(/^.{8}/, '0badcafe'))])));
  await dialog.getByText('it says something else').waitFor();
  await dialog.getByText('This computer holds no decision with this number.').waitFor();
  await look(page, '44-file');
  await input.setInputFiles(file('no receipt at all'));
  await dialog.getByText('This is no receipt of ours.').first().waitFor();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
}

await run(async () => {
  const page = await open({ touch: true });
  await go(page, `#/handover/${scene.family}`);
  await page.getByRole('radio', { name: 'Mother' }).first().waitFor();
  await page.getByRole('button', { name: 'Hand over to' }).tap();
  await page.getByRole('heading', { name: 'There is something to put right' }).waitFor();
  await look(page, '30-who-decides');
  await handOver(page, scene.family);

  // A loaded page stays in the parent's hands.
  await page.reload();
  await page.getByRole('heading', { name: 'It is your choice' }).waitFor();
  if (await page.getByRole('banner', { name: 'Porch' }).count()) complain('the desk can be reached from the parent’s pages');
  await look(page, '31-start');
  await page.getByRole('button', { name: 'How we use your information' }).tap();
  await look(page, '32-notice');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().tap();
  await page.getByRole('button', { name: 'Start' }).tap();

  let number = 0;
  for (;;) {
    const title = await page.getByRole('heading', { level: 1 }).innerText();
    if (title.startsWith('Did somebody help')) break;
    number += 1;
    if (number === 1) {
      await page.getByRole('button', { name: 'Continue' }).tap();
      await page.getByRole('link', { name: 'Please answer yes or no to each one' }).waitFor();
      await look(page, '33-question-unanswered');
    }
    if (title.includes('of you?')) await page.getByRole('button', { name: 'No to everything' }).first().tap();
    else if (await page.getByRole('button', { name: 'Yes, this is right' }).count()) await look(page, '34-copied');
    else for (const yes of await page.getByRole('radio', { name: 'Yes' }).all()) await yes.check();
    if (number === 2) await look(page, '35-question');
    const size = await page.getByRole('button', { name: /^(Continue|Yes, this is right)$/ }).boundingBox();
    if (size.height < 48) complain(`a button of ${size.height} px for a finger`);
    const same = page.getByRole('button', { name: 'Same for my other children' });
    if (number === 2 && (await same.count())) await same.tap();
    else await page.getByRole('button', { name: /^(Continue|Yes, this is right)$/ }).tap();
    await page.waitForFunction((before) => document.querySelector('h1')?.innerText !== before, title);
  }
  await look(page, '36-help');
  // Whom a relative or a child helped does not sign before staff have found somebody.
  await page.getByRole('radio', { name: 'Yes, somebody else' }).check();
  await page.getByRole('button', { name: 'Continue' }).tap();
  await page.getByRole('heading', { name: 'Please give the tablet back' }).waitFor();
  await look(page, '36-reader');
  await page.getByRole('button', { name: 'Back', exact: true }).tap();
  await page.getByRole('radio', { name: 'No, I read it myself' }).check();
  await page.getByRole('button', { name: 'Continue' }).tap();
  await page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await look(page, '37-check');
  await page.getByRole('button', { name: 'These are my answers' }).tap();
  await page.getByRole('heading', { name: 'Sign your name' }).waitFor();
  await page.getByRole('button', { name: 'Sign and finish' }).tap();
  await page.getByRole('link', { name: 'Sign in the box, or type your name' }).waitFor();
  await look(page, '38-sign');
  await signByTouch(page);
  await page.getByRole('button', { name: 'Sign and finish' }).tap();
  await page.getByText('Your answers are kept.').waitFor();
  await look(page, '39-thanks');
  await page.getByRole('button', { name: 'Finish' }).tap();
  await page.getByRole('heading', { name: 'Please hand the tablet back' }).waitFor();
  await look(page, '40-back');

  // A login that wrong passwords have blocked leaves a way to another, which stands before these pages again.
  await refuse(page, 'end_hand_over', 'login_blocked');
  await page.getByRole('button', { name: 'I am a member of staff' }).tap();
  await page.getByRole('button', { name: 'Back', exact: true }).tap();
  await page.getByRole('button', { name: 'I am a member of staff' }).tap();
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Open Porch' }).tap();
  await page.getByText('This login is blocked').waitFor();
  await look(page, '40-blocked');
  await page.getByRole('button', { name: 'Another member of staff' }).tap();
  await page.getByRole('button', { name: 'Casey reception' }).tap();
  await page.getByLabel('Password', { exact: true }).fill(scene.password);
  await page.getByRole('button', { name: 'Log in' }).tap();
  await page.getByRole('heading', { name: 'It is your choice' }).waitFor();
  await page.unroute('**/call/end_hand_over');
  await page.getByRole('button', { name: 'Stop' }).tap();
  await takeBack(page);
  await look(page, '41-permissions');
  await receipts(page);
  await page.getByRole('button', { name: /^History/ }).last().click();
  await look(page, '42-history');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await page.getByRole('button', { name: /^Withdraw/ }).first().click();
  await look(page, '43-withdraw');
  await nothingKept(page);
});
