// A parent who reads Urdu, after the county approved it and a newer notice: from right to left, by touch.
import { complain, go, look, nothingKept, open, run, scene, signByTouch, takeBack } from './kit.mjs';

await run(async () => {
  const page = await open({ touch: true });

  // Who has still to be shown the newer notice stands on the family's page, with a button to show it.
  await go(page, `#/family/${scene.family}`);
  await page.getByText('Still to be shown the notice, or a newer one: Testa Próbna').waitFor();
  await look(page, '60-notice-due');
  await page.getByRole('button', { name: 'Show the notice' }).tap();
  await page.getByLabel('Language of the notice').selectOption('ur');
  await page.getByRole('dialog').getByText('ہم کون ہیں').waitFor();
  await look(page, '61-notice-rtl');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().tap();

  // Staff see in which languages it can be asked, and where there are only drafts.
  await go(page, `#/handover/${scene.family}`);
  await page.getByText('Can be asked in: English and اردو').waitFor();
  await page.getByText(/^Only drafts so far, .*Polski/).waitFor();
  await look(page, '62-languages');
  await page.getByRole('radio', { name: 'Mother' }).first().check();
  await page.getByRole('radio', { name: 'I have seen the paper' }).first().check();
  await page.getByRole('button', { name: 'The same for the other children' }).tap();
  await page.getByRole('button', { name: 'Hand over to' }).tap();

  // The language comes first; a draft is not among them.
  await page.getByRole('heading', { name: 'Which language do you want?' }).waitFor();
  if (await page.getByRole('radio', { name: 'Polski' }).count()) complain('a draft is offered');
  await look(page, '63-language');
  await page.getByRole('radio', { name: 'اردو' }).check();
  await page.getByRole('button', { name: 'آگے' }).tap();
  await page.getByRole('heading', { name: 'فیصلہ آپ کا ہے' }).waitFor();
  if ((await page.locator('.parent').getAttribute('dir')) !== 'rtl') complain('Urdu is not written from right to left');
  await look(page, '64-start-rtl');
  await page.getByRole('button', { name: 'شروع کریں' }).tap();

  // The notice that is due, before the first question.
  await page.getByText('پہلے ہم آپ کو کچھ بتانا چاہتے ہیں۔').waitFor();
  await look(page, '65-notice-rtl');
  await page.getByRole('button', { name: 'آگے' }).tap();
  for (let number = 1; await page.getByText(/^سوال/).count(); number += 1) {
    const title = await page.getByRole('heading', { level: 1 }).innerText();
    if (number === 1) await look(page, '66-question-rtl');
    await page.getByRole('button', { name: 'سب پر نہ' }).first().tap();
    await page.getByRole('button', { name: 'آگے' }).tap();
    await page.waitForFunction((before) => document.querySelector('h1')?.innerText !== before, title);
  }
  await page.getByRole('radio', { name: 'نہیں، خود پڑھا' }).check();
  await page.getByRole('button', { name: 'آگے' }).tap();
  await look(page, '67-check-rtl');
  await page.getByRole('button', { name: 'یہ میرے جواب ہیں' }).tap();
  await look(page, '68-sign-rtl');
  await signByTouch(page, 'دستخط ہو گئے۔');
  await page.getByRole('button', { name: 'دستخط کریں اور ختم کریں' }).tap();
  await page.getByText('آپ کے جواب رکھ لیے گئے ہیں۔').waitFor();
  await look(page, '69-thanks-rtl');
  await page.getByRole('button', { name: 'ختم کریں' }).tap();
  await page.getByRole('heading', { name: 'مہربانی کر کے ٹیبلٹ واپس دیں' }).waitFor();
  await takeBack(page);

  // Told and asked in Urdu, and nothing is due any more.
  await go(page, `#/family/${scene.family}`);
  await page.getByRole('button', { name: /^Read it: Version 2 in English shown to Testa/ }).waitFor();
  await page.getByRole('button', { name: /^Read it: Version 2 in اردو shown to Testa/ }).tap();
  await page.getByRole('dialog').getByText('ہم کون ہیں').waitFor();
  await look(page, '70-shown-rtl');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().tap();
  if (await page.getByText('Still to be shown the notice').count()) complain('the notice is due although it was shown');
  await nothingKept(page);
});
