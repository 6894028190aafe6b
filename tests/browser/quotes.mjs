// Quotes: nobody may be quoted, the mother is asked, her words are written down, used, and gone after she takes her yes back.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complain, focused, go, look, nothingKept, open, run, scene, signByTouch, tabTo, takeBack } from './kit.mjs';

const words = 'We come every Tuesday.\nThe “red slide” is the best part of our week.';
const where = 'https://county.example/what-families-say/with-a-very-long-address-that-has-to-be-wrapped-somewhere';

async function toQuotes(page) {
  await go(page, `#/family/${scene.family}/quotes`);
  await page.getByRole('heading', { level: 1, name: 'Quotes' }).waitFor();
}

/** The quotes of a family, or everybody's, as the window is told of them. */
const told = (page, family) => page.evaluate(async (of) => {
  const answer = await fetch('/call/quotes', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ family: of }) });
  return answer.text();
}, family);

/** The mother says yes to two places and no to the others, with her first name; no for the children. */
async function ask(page) {
  await page.getByRole('button', { name: 'Quotes', exact: true }).tap();
  await page.getByRole('button', { name: 'Write down a quote' }).tap();
  await page.getByText('Nobody in this family may be quoted').waitFor();
  await page.getByRole('button', { name: 'Ask the family for consent' }).tap();
  const quotes = page.getByRole('checkbox', { name: 'Quotes in publicity' });
  await quotes.waitFor();
  if (!(await quotes.isChecked()) || (await page.getByRole('checkbox', { name: 'Pictures in publicity' }).isChecked())) complain('from the quotes something else is asked');
  for (const child of ['Łukasz', 'Maja']) await page.getByRole('checkbox', { name: child }).uncheck();
  await page.getByRole('button', { name: 'Hand over to' }).tap();
  await page.getByRole('heading', { name: 'It is your choice' }).waitFor();
  await page.getByRole('button', { name: 'Start' }).tap();
  await page.getByRole('heading', { name: 'May we use your words?' }).waitFor();
  const [yes, no] = ['Yes', 'No'].map((name) => page.getByRole('radio', { name, exact: true }));
  for (let place = 0; place < (await yes.count()); place += 1) await (place < 2 ? yes : no).nth(place).check();
  await page.getByRole('radio', { name: 'The first name only' }).check();
  await look(page, '84-asked-for-a-quote');
  await page.getByRole('button', { name: 'Continue' }).tap();
  await page.getByRole('radio', { name: 'No, I read it myself' }).check();
  await page.getByRole('button', { name: 'Continue' }).tap();
  await page.getByRole('button', { name: 'These are my answers' }).tap();
  await page.getByRole('heading', { name: 'Sign your name' }).waitFor();
  await signByTouch(page);
  await page.getByRole('button', { name: 'Sign and finish' }).tap();
  await page.getByRole('button', { name: 'Finish' }).tap();
  await takeBack(page);
}

await run(async () => {
  const page = await open();
  const dialog = page.getByRole('dialog');

  // Nobody was quoted yet, and nobody may be.
  await page.keyboard.press('Alt+q');
  await page.getByText('To write one down, find the family first').waitFor();
  if (await page.getByRole('button', { name: 'Write down a quote' }).count()) complain('a quote can be written down of nobody');
  await look(page, '82-no-quotes');
  await go(page, `#/family/${scene.family}`);
  await page.getByRole('button', { name: 'Quotes', exact: true }).press('Enter');
  await page.getByText('No quotes yet').waitFor();
  await focused(page, page.locator('h1'), 'on the quotes of a family');
  await look(page, '82-no-quotes-of-a-family');
  const write = page.getByRole('button', { name: 'Write down a quote' });
  await tabTo(page, write, 'writing a quote down');
  await page.keyboard.press('Enter');
  await page.getByText('Nobody in this family may be quoted').waitFor();
  if (await page.getByRole('radio', { name: /^Testa/ }).isEnabled()) complain('somebody may be quoted who was never asked');
  await page.getByText('Nobody has said yes to quotes').first().waitFor();
  await look(page, '83-nobody-may-be-quoted');
  await page.keyboard.press('Escape');
  await write.waitFor();
  await focused(page, page.locator('h1'), 'after Esc');

  // The mother is asked, with the tablet in her hand.
  const tablet = await open({ touch: true });
  await go(tablet, `#/family/${scene.family}`);
  await ask(tablet);
  await tablet.context().close();

  // What she says is written down.
  await page.reload();
  await page.getByRole('heading', { name: 'Who is here' }).waitFor();
  await toQuotes(page);
  await tabTo(page, write, 'writing a quote down');
  await page.keyboard.press('Enter');
  const mother = page.getByRole('radio', { name: /^Testa/ });
  await mother.waitFor();
  if (!(await mother.isEnabled())) complain('the mother said yes, and may not be quoted');
  if (await page.getByRole('radio', { name: /^Maja/ }).isEnabled()) complain('a child may be quoted for whom nobody was asked');
  if (await page.getByRole('radio', { checked: true }).count()) complain('an answer is given before anybody gave it');
  const save = page.getByRole('button', { name: 'Keep this quote' });
  await tabTo(page, save, 'keeping the quote');
  await page.keyboard.press('Enter');
  for (const problem of ['Choose who said it', 'Write down what they said', 'Answer yes or no']) await page.getByRole('link', { name: problem }).waitFor();
  await look(page, '85-quote-errors');
  await page.getByRole('link', { name: 'Choose who said it' }).press('Enter');
  await page.keyboard.press('Space');
  if (!(await mother.isChecked())) complain('the summary does not lead to who said it');
  const text = page.getByLabel('What did they say?');
  await tabTo(page, text, 'the words');
  await text.fill('ż'.repeat(1_990));
  await page.getByText('Room for 10 more letters').waitFor();
  await text.fill('ż'.repeat(2_004));
  await page.getByText('4 letters too many').waitFor();
  await save.press('Enter');
  await page.getByRole('link', { name: '4 letters too many' }).waitFor();
  await look(page, '85-quote-too-long');
  await text.fill('');
  await text.focus();
  for (const line of words.split('\n')) {
    await page.keyboard.type(line);
    if (!words.endsWith(line)) await page.keyboard.press('Enter');
  }
  const language = page.getByLabel('From which language did you translate it?');
  await tabTo(page, language, 'the language');
  await page.keyboard.type('Polish');

  // Words that tell too much are not kept, nor even sent.
  let sent = 0;
  page.on('request', (request) => { sent += Number(request.url().endsWith('/call/add_quote')); });
  const special = page.getByRole('radiogroup', { name: /religion or belief/ });
  await tabTo(page, special.getByRole('radio', { name: 'No' }), 'whether the words tell too much');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.getByText('Porch cannot keep these words').waitFor();
  await save.press('Enter');
  const refused = page.getByRole('link', { name: /^Porch cannot keep words that tell this/ });
  await refused.waitFor();
  await focused(page, page.getByRole('alert').filter({ has: refused }), 'after it was refused');
  await look(page, '86-tells-too-much');
  if (sent > 0) complain('words that tell too much were sent');
  await refused.press('Enter');
  await focused(page, special, 'from the summary');

  // Neither Esc nor the lock loses what was written.
  await page.keyboard.press('Escape');
  await page.getByText('Throw away what you wrote?').waitFor();
  await focused(page, page.getByRole('button', { name: 'Go on writing' }), 'before it is thrown away');
  await look(page, '86-throw-away');
  await page.keyboard.press('Enter');
  if ((await text.inputValue()) !== words) complain('Esc lost what was written');
  await focused(page, text, 'on going on');
  await page.keyboard.press('Control+l');
  await page.getByRole('heading', { name: 'Locked' }).waitFor();
  if (await text.isVisible()) complain('the words show through the lock');
  await page.getByLabel('Password', { exact: true }).fill(scene.password);
  await page.getByRole('button', { name: 'Unlock' }).press('Enter');
  await text.waitFor();
  if ((await text.inputValue()) !== words) complain('the lock lost what was written');
  await nothingKept(page);
  await special.getByRole('radio', { name: 'No' }).press('Space');
  if (await page.getByText('Porch cannot keep these words').count()) complain('it still says that the words cannot be kept');
  await look(page, '87-quote');
  await save.press('Enter');
  await page.getByText('Quote kept.').waitFor();
  await page.getByText('1 quote', { exact: true }).waitFor();
  await focused(page, page.locator('h1'), 'after the quote was kept');
  await page.getByText('The “red slide” is the best part').waitFor();
  await page.getByText('Translated from Polish').waitFor();
  await page.getByText(/^May be used for: Walls and screens in centres · The council’s website$/).waitFor();
  await look(page, '88-quotes');

  // A second one, so that two are used together.
  await write.press('Enter');
  await mother.press('Space');
  await text.fill('Everybody knows our names here.');
  await special.getByRole('radio', { name: 'No' }).press('Space');
  await save.press('Enter');
  await page.getByText('2 quotes', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Choose quotes' }).press('Enter');
  const use = page.getByRole('button', { name: /^Use .*chosen/ });
  if (await use.isEnabled()) complain('nothing is chosen, and it could be used');
  for (const each of [/red slide/, /Everybody knows/]) await page.getByRole('checkbox', { name: each }).press('Space');
  await look(page, '88-chosen');
  await use.press('Enter');
  await dialog.getByRole('radiogroup', { name: 'What name stands under them?' }).waitFor();
  await dialog.getByRole('radio', { name: 'First name only' }).waitFor();
  if (await dialog.getByRole('radio', { name: /^Full name|^Testa/ }).count()) complain('a name is offered that nobody permits');
  await look(page, '89-two-quotes');
  await dialog.getByRole('button', { name: 'Cancel' }).press('Enter');
  await page.getByRole('checkbox', { name: /Everybody knows/ }).press('Space');

  // One of them on the website, with her first name.
  await use.press('Enter');
  const record = dialog.getByRole('button', { name: 'Record it' });
  await record.press('Enter');
  await dialog.getByRole('link', { name: 'Choose what name stands there' }).waitFor();
  await look(page, '89-publish-errors');
  await dialog.getByRole('radio', { name: 'The council’s website' }).press('Space');
  await dialog.getByRole('radio', { name: /^Testa\b/ }).press('Space');
  await dialog.getByLabel('Where exactly?').fill(where);
  if (!(await dialog.getByRole('checkbox', { name: /^Save the quotes as text files/ }).isChecked())) complain('no files are saved for a website');
  await look(page, '89-publish');
  await record.press('Enter');
  await page.getByText(/^Recorded: 1 quote for “The council’s website”\. Saved in .*: Porch/).waitFor();
  const [folder = ''] = readdirSync(scene.papers).filter((name) => name.startsWith('Porch pictures and quotes'));
  const saved = folder === '' ? [] : readdirSync(join(scene.papers, folder)).sort();
  if (saved.join() !== 'Read me first.html,quote-1.txt') complain(`saved was: ${saved.join()}`);
  else if (readFileSync(join(scene.papers, folder, 'quote-1.txt'), 'utf8') !== `${words}\n— Testa\n(Translated)\n`) complain('the file says something else than was said');

  // From the quote itself it is seen where it is used.
  await page.getByRole('button', { name: /^Open.*We come every Tuesday/ }).press('Enter');
  await dialog.getByText(where).first().waitFor();
  if (await dialog.getByRole('button', { name: 'Make a new one without somebody' }).count()) complain('a quote can be made without somebody');
  await look(page, '90-where-it-is-used');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+u');
  await page.getByRole('tab', { name: 'In use' }).press('Enter');
  await page.getByText('Name under it').waitFor();
  await look(page, '90-in-use');
  await page.emulateMedia({ media: 'print' });
  if (await page.getByText('red slide').first().isVisible()) complain('a quote is printed with the list');
  await page.emulateMedia({ media: 'screen' });

  // She takes her yes back: what goes, and from where, is said beforehand.
  await go(page, `#/family/${scene.family}`);
  await page.getByRole('button', { name: /^Withdraw.*Quotes in publicity, Testa/ }).press('Enter');
  await dialog.getByRole('radio', { name: 'They are here with me' }).press('Space');
  await dialog.getByRole('radio', { name: /^Testa/ }).press('Space');
  await dialog.getByRole('radio', { name: 'Everything they said yes to' }).press('Space');
  await dialog.getByText('2 quotes on this device go:').waitFor();
  await dialog.getByText('red slide').waitFor();
  await dialog.getByText(where, { exact: false }).waitFor();
  await dialog.getByText(/^Quotes of Testa .* are in use\. They have to come down by \w+day \d/).waitFor();
  await look(page, '91-withdraw-quotes');
  await dialog.getByRole('button', { name: 'Withdraw and remove quotes' }).press('Enter');
  await dialog.getByText('2 quotes were removed from this device').waitFor();
  await look(page, '91-withdrawn');
  await dialog.getByRole('button', { name: 'Done' }).press('Enter');

  // Her words are gone.
  await toQuotes(page);
  await page.getByText('Removed', { exact: true }).first().waitFor();
  if (await page.getByText(/red slide|Everybody knows/).count()) complain('the words are on the screen after they were withdrawn');
  for (const family of [scene.family, null]) {
    const answer = await told(page, family);
    if (!answer.includes('"removed"')) complain(`what became of the quotes is not told: ${answer.slice(0, 200)}`);
    if (/red slide|Everybody knows/.test(answer)) complain('the words are told after they were withdrawn');
  }
  if (await page.getByRole('button', { name: 'Choose quotes' }).count()) complain('what was removed can be chosen');
  await look(page, '92-removed');
  // Which of the two was used can no longer be told by its words.
  const removed = page.getByRole('button', { name: /^Open/ });
  const dialogs = await page.locator('dialog').count();
  const due = [];
  for (const place of [0, 1]) {
    await removed.nth(place).press('Enter');
    await dialog.getByText(/^(Take it down by|It has not been used)/).waitFor();
    if (await dialog.getByText(/^Take it down by/).count()) due.push(place);
    await page.keyboard.press('Escape');
    // Closed, and let go of by the page.
    await page.waitForFunction((before) => document.querySelectorAll('dialog').length === before, dialogs);
  }
  if (due.length !== 1) complain(`of two quotes one was used, and to be taken down are ${due.length}`);
  await removed.nth(due[0] ?? 0).press('Enter');
  await dialog.getByText('This quote was removed').waitFor();
  await dialog.getByText(/^Take it down by/).waitFor();
  if (await dialog.getByRole('button', { name: 'Use this quote…' }).count()) complain('what was removed can be used');
  await look(page, '92-removed-open');
  await page.keyboard.press('Escape');
  await write.press('Enter');
  await page.getByText('The yes was taken back').waitFor();
  await page.keyboard.press('Escape');

  // And it comes down where it was used.
  await page.keyboard.press('Alt+t');
  await page.getByText('1 picture or quote has to be taken down').waitFor();
  await page.getByRole('button', { name: 'See what and where' }).press('Enter');
  await page.getByText(/^Take it down by \w+day \d/).waitFor();
  await look(page, '93-quote-to-take-down');
  await page.getByRole('button', { name: /^It is gone…/ }).press('Enter');
  await dialog.getByRole('radio', { name: 'It is not there any more' }).press('Space');
  await dialog.getByLabel('What shows that?').fill('Rita looked at the page.');
  await look(page, '93-quote-gone');
  await record.press('Enter');
  await page.getByText('Nothing has to come down').waitFor();
  await page.getByRole('tab', { name: 'Ended' }).press('Enter');
  await page.getByText('Rita looked at the page.').waitFor();
  await look(page, '94-quote-ended');
  await nothingKept(page);
});
