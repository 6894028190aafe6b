// Pictures that are used: chosen, recorded, saved, to be taken down after a withdrawal, and gone.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { complain, focused, go, look, nothingKept, open, refuse, run, scene, tabTo } from './kit.mjs';

const where = 'https://county.example/news/spring-fair-with-a-very-long-address-that-has-to-be-wrapped-somewhere';

async function toPictures(page) {
  await go(page, `#/family/${scene.family}/photos`);
  await page.getByText('3 pictures', { exact: true }).waitFor();
}

await run(async () => {
  const page = await open();
  const dialog = page.getByRole('dialog');
  const top = dialog.last();
  if (await page.getByText(/taken down/).count()) complain('the desk says that something has to come down, and nothing has');

  // Nothing is used yet.
  await page.keyboard.press('Alt+u');
  await page.getByText('Nothing has to come down').waitFor();
  await look(page, '70-nothing-due');
  await page.getByRole('tab', { name: 'To take down' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('Nothing is in use').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByText('Nothing has ended yet').waitFor();
  await focused(page, page.getByRole('tab', { name: 'Ended' }), 'after the arrow keys');

  // Three pictures have nothing in common.
  await toPictures(page);
  await page.waitForFunction(() => document.querySelectorAll('main ul img').length === 3);
  await page.getByRole('button', { name: 'Choose pictures' }).press('Enter');
  if (await page.getByRole('button', { name: /^Use the chosen/ }).isEnabled()) complain('nothing is chosen, and it could be used');
  for (const child of [/^Ola/, /^Jan/, /^Zosia/]) await page.getByRole('checkbox', { name: child }).press('Space');
  await page.getByRole('button', { name: 'Use 3 chosen pictures…' }).click();
  await page.getByText('nothing that everybody in these pictures has said yes to').waitFor();
  await look(page, '71-nothing-in-common');
  await page.getByRole('button', { name: 'Choose fewer' }).click();
  await page.getByRole('checkbox', { name: /^Zosia/ }).uncheck();
  await look(page, '71-chosen');

  // Two of them on the website.
  await page.getByRole('button', { name: 'Use 2 chosen pictures…' }).click();
  await dialog.getByRole('button', { name: 'Record it' }).click();
  await dialog.getByRole('link', { name: 'Choose what it is for' }).waitFor();
  const files = dialog.getByRole('checkbox', { name: /^Save the picture files/ });
  await dialog.getByRole('radio', { name: 'Walls and screens in centres' }).check();
  await dialog.getByText('Which wall or screen.').waitFor();
  if (await files.isChecked()) complain('files are saved for a wall');
  await dialog.getByRole('radio', { name: 'The council’s website' }).check();
  await dialog.getByText('The address of the page.').waitFor();
  if (!(await files.isChecked())) complain('no files are saved for a website');
  await dialog.getByRole('button', { name: 'Record it' }).click();
  await dialog.getByRole('link', { name: 'Say where exactly' }).waitFor();
  await look(page, '72-publish-errors');
  await dialog.getByRole('link', { name: 'Say where exactly' }).press('Enter');
  await page.keyboard.type(where);
  const from = dialog.getByLabel('From which day on?');
  const today = await from.inputValue();
  await from.fill('31 feb');
  await dialog.getByRole('button', { name: 'Record it' }).click();
  await dialog.getByRole('link', { name: /^Enter a date/ }).waitFor();
  await from.fill('3/4/24');
  await dialog.getByText('Wednesday 3 April 2024').waitFor();
  await dialog.getByRole('button', { name: 'Record it' }).click();
  await dialog.getByRole('link', { name: 'This is before the picture was taken' }).waitFor();
  await page.keyboard.press('Escape');
  await from.fill(today);
  await look(page, '72-publish');
  await refuse(page, 'save_published', 'cannot_save');
  await dialog.getByRole('button', { name: 'Record it' }).click();
  await dialog.getByText('It is recorded, but the files were not saved').waitFor();
  await focused(page, dialog.locator('[tabindex="-1"]'), 'after the files were not saved');
  await look(page, '73-not-saved');
  await page.unroute('**/call/save_published');
  await dialog.getByRole('button', { name: 'Try to save again' }).click();
  await page.getByText(/^Recorded: 2 pictures for “The council’s website”\. Saved in .*: Porch pictures/).waitFor();
  await look(page, '73-recorded');
  const [folder = ''] = readdirSync(scene.papers).filter((name) => name.startsWith('Porch pictures'));
  const saved = folder === '' ? [] : readdirSync(join(scene.papers, folder)).sort();
  if (saved.join() !== 'Read me first.html,picture-1.jpg,picture-2.jpg') complain(`saved was: ${saved.join()}`);
  if (await page.getByRole('checkbox').count()) complain('after they were used pictures are still being chosen');

  // One more on the wall, from the picture itself.
  await page.getByRole('button', { name: /^See the picture of Ola/ }).click();
  await dialog.getByText(where).first().waitFor();
  await dialog.getByRole('button', { name: 'Use this picture…' }).click();
  await top.getByRole('radio', { name: 'Walls and screens in centres' }).check();
  await top.getByLabel('Where exactly?').fill('The wall by the front door');
  await top.getByRole('button', { name: 'Record it' }).press('Enter');
  await dialog.getByText('Recorded: 1 picture for “Walls and screens in centres”.').waitFor();
  await dialog.getByText('The wall by the front door').first().waitFor();
  await look(page, '74-where-it-is-used');
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  await page.keyboard.press('Alt+u');
  await page.getByRole('tab', { name: 'In use' }).click();
  await page.getByRole('button', { name: /^It is gone…/ }).nth(2).waitFor();
  await look(page, '75-in-use');
  await page.emulateMedia({ media: 'print' });
  await page.screenshot({ path: join(scene.shots, '75-in-use-on-paper.png'), fullPage: true });
  if (await page.locator('main img').first().isVisible()) complain('a picture is printed with the list');
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: /^Save the files again/ }).first().click();
  await page.getByText(/^Saved in .*: Porch pictures/).waitFor();
  await page.getByRole('button', { name: /^It is gone….*front door/ }).click();
  await dialog.getByText('It may stay.').waitFor();
  await look(page, '76-its-time-is-over');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  // For one of the children the website is taken back.
  await go(page, `#/family/${scene.family}`);
  await page.getByRole('button', { name: /^Withdraw.*Ola/ }).first().click();
  await dialog.getByRole('radio', { name: 'They are here with me' }).check();
  await dialog.getByRole('radio', { name: /^Testa/ }).check();
  await dialog.getByRole('radio', { name: 'Only some places' }).check();
  await dialog.getByRole('checkbox', { name: 'The council’s website' }).check();
  await dialog.getByRole('button', { name: 'Withdraw and remove pictures' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.keyboard.press('Alt+t');
  await page.getByText('1 picture or quote has to be taken down').waitFor();
  await page.getByText(/^It has to be gone by \w+day \d/).waitFor();
  await look(page, '77-desk');
  await page.getByRole('button', { name: 'See what and where' }).press('Enter');
  await page.getByRole('tab', { name: 'To take down (1)' }).waitFor();
  await page.getByText(/^Take it down by \w+day \d/).waitFor();
  await look(page, '77-to-take-down');
  await go(page, `#/family/${scene.family}/photos`);
  await page.getByRole('button', { name: /^See the picture of Ola/ }).click();
  await dialog.getByText(/^Take it down by/).waitFor();
  await look(page, '77-picture');
  // From the picture itself: Esc closes only what is on top.
  await dialog.getByRole('button', { name: /^It is gone….*front door/ }).press('Enter');
  await top.getByText('It may stay.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('It may stay.').waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: /^It is gone….*front door/ }).press('Enter');
  await top.getByRole('radio', { name: /^It cannot be called back/ }).check();
  await top.getByLabel('What shows that?').fill('The wall was painted over.');
  await top.getByRole('button', { name: 'Record it' }).press('Enter');
  await dialog.getByText('The wall was painted over.').waitFor();
  await focused(page, dialog.locator('ul[tabindex="-1"]'), 'after it was recorded at the picture');
  await look(page, '77-picture-gone');
  await page.keyboard.press('Escape');

  // It is gone, by the keyboard alone.
  await page.keyboard.press('Alt+u');
  await page.getByText(/^Take it down by/).waitFor();
  await tabTo(page, page.getByRole('button', { name: /^It is gone…/ }), 'what is gone');
  await page.keyboard.press('Enter');
  await tabTo(page, dialog.getByRole('button', { name: 'Record it' }), 'recording it');
  await page.keyboard.press('Enter');
  await dialog.getByRole('link', { name: 'Say how it ended' }).waitFor();
  await look(page, '78-gone-errors');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Space');
  const proof = dialog.getByLabel('What shows that?');
  await tabTo(page, proof, 'what shows that');
  await page.keyboard.type('Rita looked at the page.\nIt is not there.');
  await page.keyboard.press('Escape');
  if ((await proof.inputValue()) !== 'Rita looked at the page.\nIt is not there.') complain('Esc lost what shows that');
  await look(page, '78-gone');
  await refuse(page, 'record_takedown', 'changed_meanwhile');
  await tabTo(page, dialog.getByRole('button', { name: 'Record it' }), 'recording it');
  await page.keyboard.press('Enter');
  await dialog.getByRole('link', { name: /^Somebody has recorded this already/ }).waitFor();
  await page.unroute('**/call/record_takedown');
  await tabTo(page, dialog.getByRole('button', { name: 'Record it' }), 'recording it');
  await page.keyboard.press('Enter');
  await page.getByText('Recorded. It is under “Ended” now.').waitFor();
  await page.getByText('Nothing has to come down').waitFor();
  await focused(page, page.locator('h1'), 'after it was recorded');
  await page.getByRole('tab', { name: 'Ended' }).click();
  await page.getByText('It is not there any more').waitFor();
  await page.getByText('It is not there.').waitFor();
  await look(page, '79-ended');
  // Somebody asks for one that is not here.
  await page.getByRole('button', { name: 'Somebody asks for a picture or quote to come down…' }).press('Enter');
  await dialog.getByRole('button', { name: 'Put it on the list' }).click();
  await dialog.getByRole('link', { name: 'Choose where it is' }).waitFor();
  await look(page, '80-asked-for-errors');
  await dialog.getByRole('radio', { name: /Facebook/ }).check();
  await dialog.getByLabel('Where exactly, and which picture or quote?').fill('facebook.example/playgroup, the second picture of 3 May');
  await look(page, '80-asked-for');
  await dialog.getByRole('button', { name: 'Put it on the list' }).click();
  await page.getByText(/^It is on the list\. The reference for whoever asked: [0-9a-f]{12}$/).waitFor();
  await page.getByText('Not one of the pictures or quotes here').waitFor();
  await look(page, '81-asked-for-to-take-down');
  await page.getByRole('button', { name: /^It is gone….*playgroup/ }).click();
  await dialog.getByRole('radio', { name: /^It cannot be called back/ }).check();
  await dialog.getByLabel('What shows that?').fill('They were written to.');
  await dialog.getByRole('button', { name: 'Record it' }).click();
  await page.getByText('Nothing has to come down').waitFor();

  await page.keyboard.press('Alt+t');
  await page.getByRole('heading', { name: 'Who is here' }).waitFor();
  if (await page.getByText(/taken down/).count()) complain('the desk still says that something has to come down');
  await nothingKept(page);

  // On a tablet a tap on the picture chooses it.
  const tablet = await open({ touch: true });
  await toPictures(tablet);
  await tablet.getByRole('button', { name: 'Choose pictures' }).tap();
  await tablet.locator('main li', { hasText: 'Jan' }).locator('img').tap();
  await tablet.getByRole('button', { name: 'Use 1 chosen picture…' }).tap();
  await tablet.getByRole('dialog').getByLabel('Where exactly?').tap();
});
