// The parent's pages on a tablet, by real touch.
import { complain, handOver, look, nothingKept, open, run, scene, signByTouch, takeBack } from './kit.mjs';

await run(async () => {
  const page = await open({ touch: true });
  await page.getByRole('heading', { name: 'Who is here' }).waitFor();
  await page.evaluate((family) => { window.location.hash = `#/handover/${family}`; }, scene.family);
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
      await page.getByRole('heading', { name: 'There is something to put right' }).waitFor();
      await look(page, '33-question-unanswered');
    }
    if (title.includes('of you?')) await page.getByRole('button', { name: 'No to everything' }).tap();
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
  await page.getByRole('radio', { name: 'No, I read it myself' }).check();
  await page.getByRole('button', { name: 'Continue' }).tap();
  await page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await look(page, '37-check');
  await page.getByRole('button', { name: 'These are my answers' }).tap();
  await page.getByRole('heading', { name: 'Sign your name' }).waitFor();
  await page.getByRole('button', { name: 'Sign and finish' }).tap();
  await page.getByRole('heading', { name: 'There is something to put right' }).waitFor();
  await look(page, '38-sign');
  await signByTouch(page);
  await page.getByRole('button', { name: 'Sign and finish' }).tap();
  await page.getByText('Your answers are kept.').waitFor();
  await look(page, '39-thanks');
  await page.getByRole('button', { name: 'Finish' }).tap();
  await page.getByRole('heading', { name: 'Please hand the tablet back' }).waitFor();
  await look(page, '40-back');
  await takeBack(page);
  await look(page, '41-permissions');
  await page.getByRole('button', { name: /^History/ }).last().click();
  await look(page, '42-history');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await page.getByRole('button', { name: /^Withdraw/ }).first().click();
  await look(page, '43-withdraw');
  await nothingKept(page);
});
