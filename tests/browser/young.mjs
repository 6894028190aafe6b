// Nele is fourteen and decides for herself, once a member of staff has judged that she understands; and an order with a last day.
import { complain, focused, go, logIn, look, nothingKept, open, refuse, run, scene, signByTouch, tabTo, takeBack } from './kit.mjs';

const why = 'She told me in her own words where the picture would hang, and that she can take it back.';
const nele = { name: /^Nele Beispiel, for themself/ };

async function toSetUp(page, family) {
  await go(page, `#/handover/${family}`);
  await page.getByRole('heading', { name: 'Ask for consent' }).waitFor();
}

/** The history of one of a family, in its dialog. */
async function history(page, family, name) {
  await go(page, `#/family/${family}`);
  await page.getByRole('heading', { name: 'Permissions' }).waitFor();
  await page.getByRole('button', { name: new RegExp(`^History.*${name}`) }).click();
  await page.getByRole('dialog').getByRole('list', { name: 'History' }).waitFor();
}

/** From the question to the signature, all by touch. */
async function answer(page) {
  await page.getByRole('button', { name: 'Start' }).tap();
  // Only their parent was shown the notice so far.
  await page.getByText('There is something that we want you to know first.').waitFor();
  await page.getByRole('button', { name: 'Continue' }).tap();
  await page.getByRole('heading', { level: 1, name: 'May we use pictures of you?' }).waitFor();
  for (const yes of await page.getByRole('radio', { name: 'Yes' }).all()) await yes.check();
  await page.getByRole('radio', { name: 'No' }).last().check();
  await look(page, '101-young-question');
  if (await page.getByRole('button', { name: 'Same for my other children' }).count()) complain('a young person is asked about other children');
  await page.getByRole('button', { name: 'Continue' }).tap();
  await page.getByRole('radio', { name: 'No, I read it myself' }).check();
  await page.getByRole('button', { name: 'Continue' }).tap();
  await page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await look(page, '101-young-check');
  await page.getByRole('button', { name: 'These are my answers' }).tap();
  await page.getByRole('heading', { name: 'Sign your name' }).waitFor();
  if (await page.getByText('I may decide for').count()) complain('a young person signs for somebody else');
  await look(page, '101-young-sign');
  await signByTouch(page);
  await page.getByRole('button', { name: 'Sign and finish' }).tap();
  await page.getByText('Your answers are kept.').waitFor();
  await page.getByRole('button', { name: 'Finish' }).tap();
  await page.getByRole('heading', { name: 'Please hand the tablet back' }).waitFor();
  await takeBack(page);
}

await run(async () => {
  const page = await open({ touch: true });
  const dialog = page.getByRole('dialog');
  const handOver = page.getByRole('button', { name: 'Hand over to' });
  let recorded = 0;
  page.on('request', (request) => { recorded += Number(request.url().endsWith('/call/record_authority')); });

  // Nobody is chosen for them: there are two who may decide.
  await toSetUp(page, scene.young);
  const choice = page.getByRole('radio', nele);
  await choice.waitFor();
  await page.getByText(/^14 years old\. A member of staff judges first/).waitFor();
  if (await page.getByRole('radio', { name: /Tilda/ }).count()) complain('a small child is offered as somebody who decides');
  if (await page.getByRole('radio', { checked: true }).count()) complain('somebody is chosen who was not');
  await tabTo(page, page.getByRole('radio').first(), 'who decides');
  await page.keyboard.press('ArrowDown');
  if (!(await choice.isChecked())) complain('the young person cannot be chosen with the keys');
  const reason = page.getByLabel('How do you know that they understand?');
  await reason.waitFor();
  if (await page.getByText('About whom?').count()) complain('a young person is asked about others');
  if (await page.getByText(/gives .* the right to decide/).count()) complain('a young person is asked for a ground');
  if (await page.getByRole('checkbox', { name: /^(News|Research)/ }).count()) complain('what is for grown-ups is asked of a young person');
  await look(page, '100-young-set-up');

  // Without a judgement nothing is written.
  await tabTo(page, handOver, 'handing over');
  await page.keyboard.press('Enter');
  const missing = page.getByRole('link', { name: 'Say how you know that they understand' });
  await missing.waitFor();
  await focused(page, page.getByRole('alert').filter({ has: missing }), 'after it was not handed over');
  await missing.press('Enter');
  await focused(page, reason, 'from the summary');
  await look(page, '100-young-errors');
  await page.keyboard.insertText('a'.repeat(501));
  await tabTo(page, handOver, 'handing over');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Say it in at most 500 characters' }).waitFor();
  if (recorded > 0) complain('something was recorded that was not judged');

  // What the core refuses stands where it was asked, and nothing is lost.
  await reason.fill(why);
  await refuse(page, 'record_authority', 'not_allowed');
  await handOver.click();
  await page.getByRole('link', { name: 'Ask somebody who may judge whether Nele Beispiel understands' }).waitFor();
  await page.unroute('**/call/record_authority');
  if ((await reason.inputValue()) !== why) complain('a refusal lost the reason');
  // Another choice and back again does not lose it either.
  await page.getByRole('radio', { name: /^Testa/ }).check();
  await page.getByText('About whom?').waitFor();
  await choice.check();
  if ((await reason.inputValue()) !== why) complain('another choice lost the reason');
  await handOver.tap();

  await page.getByRole('heading', { name: 'It is your choice' }).waitFor();
  await page.getByText('These questions are for Nele Beispiel.').waitFor();
  await look(page, '101-young-start');
  await answer(page);
  await page.getByText('Nele Beispiel has just decided').waitFor();
  await page.getByRole('button', { name: 'Receipt', exact: true }).first().click();
  await dialog.locator('img').first().waitFor();
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  // On record it is not judged again.
  const before = recorded;
  await toSetUp(page, scene.young);
  await choice.check();
  await page.getByText(/^Understands: recorded/).waitFor();
  if (await reason.count()) complain('what is on record is asked again');
  await handOver.click();
  await page.getByRole('heading', { name: 'It is your choice' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).tap();
  await takeBack(page);
  if (recorded !== before) complain('what is on record was recorded again');

  // An outreach worker may write why, and is not told it afterwards.
  await history(page, scene.young, 'Nele');
  await dialog.getByText('Nele Beispiel may decide for themself: recorded').waitFor();
  await dialog.getByText('Judged to understand', { exact: true }).waitFor();
  if (await dialog.getByText(why).count()) complain('an outreach worker is told why');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Withdraw.*Nele/ }).click();
  await dialog.getByRole('radio', { name: /^Nele/ }).waitFor();
  await page.keyboard.press('Escape');

  // Once it is judged, reception may hand over, too.
  await logIn(page, 'Casey reception');
  await toSetUp(page, scene.young);
  await choice.check();
  await handOver.waitFor();

  // A manager is told why, and finds that it was judged wrongly.
  await logIn(page, 'Casey manager');
  await history(page, scene.young, 'Nele');
  await dialog.getByText(`Judged to understand: ${why}`).waitFor();
  await look(page, '102-young-history');
  await dialog.getByRole('button', { name: /^No longer decides/ }).click();
  const top = dialog.last();
  await top.getByText('Nele Beispiel was recorded as deciding for themself.').waitFor();
  await top.getByRole('radio', { name: /^That has ended/ }).check();
  await top.getByRole('radio', { name: 'Somebody told me' }).check();
  await look(page, '102-young-end');
  await top.getByRole('button', { name: 'Record it' }).click();
  await top.getByText('Recorded: Nele Beispiel no longer decides for themself.').waitFor();
  await top.getByRole('button', { name: 'Done' }).click();
  await dialog.getByText('Nele Beispiel may no longer decide: recorded').waitFor();
  await page.keyboard.press('Escape');

  // At the desk it cannot be judged, and it is said who may.
  await logIn(page, 'Casey reception');
  await toSetUp(page, scene.young);
  await choice.check();
  await page.getByText('Your login may not judge this').waitFor();
  if (await handOver.count()) complain('reception hands over to somebody of whom nobody judged that they understand');
  await look(page, '103-young-reception');
  await page.getByRole('radio', { name: /^Testa/ }).check();
  await handOver.waitFor();

  // An order with a last day.
  await logIn(page, 'Casey manager');
  await toSetUp(page, scene.other);
  await page.getByRole('radio', { name: /^Mother/ }).check();
  await page.getByRole('radio', { name: 'I have seen the paper' }).check();
  const until = page.getByLabel('Until which day?');
  if (await until.count()) complain('being the mother has a last day');
  await page.getByRole('radio', { name: /^Agreement/ }).check();
  await until.waitFor();
  await page.getByRole('radio', { name: /^Court order/ }).check();
  const sent = recorded;
  for (const [typed, problem] of [['soon', /enter the last day, such as/], ['3/4/2020', /this day is over/]]) {
    await until.fill(typed);
    await handOver.click();
    await page.getByRole('link', { name: problem }).press('Enter');
    await focused(page, until, `from the summary, after “${typed}”`);
  }
  await look(page, '104-order-until');
  if (recorded !== sent) complain('an order was recorded whose last day is over');
  const year = Number(scene.now.slice(0, 4)) + 12;
  await until.fill(`3 apr ${String(year).slice(2)}`);
  await page.getByText(new RegExp(`day 3 April ${year}$`)).waitFor();
  await handOver.click();
  await page.getByRole('heading', { name: 'It is your choice' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).tap();
  await takeBack(page);
  await history(page, scene.other, 'Inés');
  await dialog.getByText('Under a court order').waitFor();
  await dialog.getByText(`Last day: 3 Apr ${year}`).waitFor();
  await look(page, '104-order-history');
  await nothingKept(page);
});
