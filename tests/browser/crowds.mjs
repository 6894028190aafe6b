// Pictures of events: kept with a declaration, used, removed because somebody asks, and to be taken down where they are used.
import { complain, focused, go, look, nothingKept, open, refuse, run, scene, tabTo } from './kit.mjs';

const fair = 'The summer fair in Mill Park';
const where = 'https://county.example/news/summer-fair-with-a-very-long-address-that-has-to-be-wrapped-somewhere';
const file = (name) => ({ name, mimeType: 'image/jpeg', buffer: Buffer.from(scene.picture, 'base64') });

/** Every dialog is closed, and the page has let go of it. */
const closed = (page, idle) => page.waitForFunction((count) => document.querySelectorAll('dialog').length === count, idle);

/** So many pictures are drawn in the gallery. */
const drawn = (page, count) => page.waitForFunction((wanted) => document.querySelectorAll('main ul img').length === wanted, count);

await run(async () => {
  const page = await open();
  const idle = await page.locator('dialog').count();
  const dialog = page.getByRole('dialog');
  const top = dialog.last();

  // Nothing is there yet.
  await page.keyboard.press('Alt+e');
  await page.getByText('No pictures of events yet').waitFor();
  await focused(page, page.locator('h1'), 'on the pictures of events');
  if (await page.getByRole('button', { name: 'Choose pictures' }).count()) complain('there is nothing to choose, and it is offered');
  await look(page, '95-crowds-empty');

  // With nothing filled in it is not kept, and a centre is no public place.
  const add = page.getByRole('button', { name: 'Add a picture of an event' });
  await tabTo(page, add, 'adding a picture');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Use the camera' }).waitFor();
  await focused(page, page.locator('h1'), 'before a picture is added');
  await look(page, '95-crowds-add');
  const input = page.locator('input[type=file]');
  await input.setInputFiles(file('a.jpg'));
  const preview = page.getByRole('img', { name: 'The picture to be kept' });
  await preview.waitFor();
  const place = page.getByLabel('Which event, and where?');
  const declared = page.getByRole('checkbox', { name: /^The place is public, and nobody stands out/ });
  const keep = page.getByRole('button', { name: 'Keep this picture' });
  if (await declared.isChecked()) complain('it is declared before anybody declared it');
  let sent = 0;
  page.on('request', (request) => { sent += Number(request.url().endsWith('/call/add_crowd_photo')); });
  await tabTo(page, keep, 'keeping the picture');
  await page.keyboard.press('Enter');
  for (const problem of ['Say which event it was, and where', /^Tick that the place is public and nobody stands out/]) await page.getByRole('link', { name: problem }).waitFor();
  await focused(page, page.getByRole('alert').filter({ has: page.getByRole('link') }), 'after it was not kept');
  await look(page, '96-crowds-form-errors');
  if (sent > 0) complain('a picture was sent that was not declared');
  await page.getByRole('link', { name: 'Say which event it was, and where' }).press('Enter');
  await focused(page, place, 'from the summary');
  await page.keyboard.type('The garden of Larkfield children’s centre');
  await tabTo(page, declared, 'the declaration');
  await page.keyboard.press('Space');
  await tabTo(page, keep, 'keeping the picture');
  await page.keyboard.press('Enter');
  const centre = page.getByRole('link', { name: /^That is one of our centres/ });
  await centre.waitFor();
  await look(page, '96-crowds-a-centre');
  await centre.press('Enter');
  await focused(page, place, 'from the summary');
  await place.fill(fair);
  await page.getByLabel('What it shows').fill('The band, and the crowd around it');
  await look(page, '96-crowds-form');

  // Esc does not throw it away, and the browser keeps nothing of it.
  await page.keyboard.press('Escape');
  await page.getByText('Throw away this picture?').waitFor();
  await focused(page, page.getByRole('button', { name: 'Go on', exact: true }), 'before it is thrown away');
  await look(page, '96-crowds-throw-away');
  await page.keyboard.press('Enter');
  await page.getByText('Throw away this picture?').waitFor({ state: 'detached' });
  await focused(page, place, 'on going on');
  if ((await place.inputValue()) !== fair || !(await preview.isVisible())) complain('Esc lost the picture, or what was typed');
  await nothingKept(page);
  if (/fair|park/i.test(page.url())) complain('the address tells what was typed');
  await keep.press('Enter');
  await page.getByText('1 picture', { exact: true }).waitFor();
  await focused(page, page.locator('h1'), 'after the picture was kept');

  // Two more at once: each is declared by itself.
  await add.press('Enter');
  await page.getByRole('button', { name: 'Use the camera' }).waitFor();
  await input.setInputFiles([file('b.jpg'), file('c.jpg')]);
  await page.getByText('Picture 1 of 2').waitFor();
  await place.fill('The lantern walk along the canal, from the library to the market square and back');
  await declared.press('Space');
  await keep.press('Enter');
  await page.getByText('Picture 2 of 2').waitFor();
  await preview.waitFor();
  if (await declared.isChecked()) complain('what was declared of one picture is declared of the next');
  if (!/^The lantern walk/.test(await place.inputValue())) complain('the place has to be typed again for each picture');
  await declared.press('Space');
  await keep.press('Enter');
  await page.getByText('3 pictures', { exact: true }).waitFor();
  await drawn(page, 3);
  await page.getByText('A crowd: nobody is named').first().waitFor();
  await look(page, '97-crowds');

  // Two of them are used on the website.
  await page.getByRole('button', { name: 'Choose pictures' }).press('Enter');
  for (const name of [/summer fair/, /lantern walk/]) await page.getByRole('checkbox', { name }).first().press('Space');
  await page.getByRole('button', { name: 'Use 2 chosen pictures…' }).press('Enter');
  await dialog.getByRole('radio', { name: 'The council’s website' }).press('Space');
  if (await dialog.getByText(/said yes/).count()) complain('of a crowd it says that somebody said yes');
  await dialog.getByLabel('Where exactly?').fill(where);
  await look(page, '97-crowds-use');
  await dialog.getByRole('button', { name: 'Record it' }).press('Enter');
  await page.getByText(/^Recorded: 2 pictures for “The council’s website”\./).waitFor();
  await closed(page, idle);

  // Somebody asks for one of them to go. By the keyboard alone.
  const card = page.getByRole('button', { name: /^See the picture of a crowd: The summer fair/ });
  await tabTo(page, card, 'the picture');
  await page.keyboard.press('Enter');
  await dialog.getByText(where).first().waitFor();
  await dialog.getByText('A crowd: nobody is named').waitFor();
  await look(page, '97-crowd-open');
  const remove = dialog.getByRole('button', { name: 'Remove for good…' });
  await tabTo(page, remove, 'removing it');
  await page.keyboard.press('Enter');
  await top.getByText('It is used in 1 place').waitFor();
  if (await top.getByRole('radio', { checked: true }).count()) complain('why it goes is answered before anybody answered it');
  if (await top.getByText(/said yes or no/).count()) complain('of a crowd it says that somebody said yes or no');
  const forGood = top.getByRole('button', { name: 'Remove for good', exact: true });
  await tabTo(page, forGood, 'removing it for good');
  await page.keyboard.press('Enter');
  await top.getByRole('link', { name: 'Say why it goes' }).waitFor();
  await look(page, '98-remove-errors');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await focused(page, top.getByRole('radio', { name: 'Somebody asked for it' }), 'from the summary');
  await page.keyboard.press('Space');
  await look(page, '98-remove');
  await tabTo(page, forGood, 'removing it for good');
  await page.keyboard.press('Enter');
  await dialog.getByText('This picture was removed for good.').waitFor();
  await closed(page, idle + 1);
  await focused(page, dialog.locator('[role=status]').filter({ hasText: 'Removed.' }), 'after it was removed');
  await dialog.getByText(/^Take it down by/).waitFor();
  if (await remove.count()) complain('what was removed can be removed');
  await look(page, '98-removed');
  await page.keyboard.press('Escape');
  await closed(page, idle);
  await card.getByText('Removed', { exact: true }).waitFor();
  await drawn(page, 2);
  await look(page, '98-crowds-removed');

  // Where it was used it has to come down.
  await page.keyboard.press('Alt+u');
  await page.getByRole('tab', { name: 'To take down (1)' }).waitFor();
  await page.getByText(`${fair}, taken`).waitFor();
  await page.getByText(/A crowd: nobody is named/).waitFor();
  await page.getByText(/^Take it down by/).waitFor();
  await look(page, '99-crowd-to-take-down');

  // A picture of somebody goes in the same way, whoever said yes to it.
  await go(page, `#/family/${scene.family}/photos`);
  await page.getByText('1 picture', { exact: true }).waitFor();
  await drawn(page, 1);
  await page.getByRole('button', { name: /^See the picture of Maja/ }).press('Enter');
  await dialog.getByText('It has not been used anywhere.').waitFor();
  await remove.press('Enter');
  await top.getByText(/^What people said yes or no to stays as it is\./).waitFor();
  await top.getByRole('radio', { name: 'It should not have been kept' }).press('Space');
  await refuse(page, 'remove_photo', 'picture_removed');
  await forGood.press('Enter');
  await top.getByRole('link', { name: /^It was removed already/ }).waitFor();
  await look(page, '99-remove-somebody');
  await page.unroute('**/call/remove_photo');
  await forGood.press('Enter');
  await dialog.getByText('This picture was removed for good.').waitFor();
  await closed(page, idle + 1);
  await look(page, '99-somebody-removed');
  await page.keyboard.press('Escape');
  await closed(page, idle);
  await page.getByText('Removed', { exact: true }).waitFor();
  await drawn(page, 0);
  await nothingKept(page);

  // On a tablet a tap does it.
  const tablet = await open({ touch: true });
  const shown = tablet.getByRole('dialog');
  await go(tablet, '#/crowds');
  await drawn(tablet, 2);
  const targets = tablet.getByRole('button', { name: /^See the picture of a crowd: The lantern walk/ });
  await targets.first().tap();
  await shown.getByText('The lantern walk').first().waitFor();
  for (const button of await shown.getByRole('button').all()) {
    const box = await button.boundingBox();
    if (box && box.height < 36) complain(`a target of ${Math.round(box.height)} px: ${await button.innerText()}`);
  }
  await shown.getByRole('button', { name: 'Remove for good…' }).tap();
  await shown.last().getByRole('radio', { name: 'Somebody asked for it' }).tap();
  await shown.last().getByRole('button', { name: 'Remove for good', exact: true }).tap();
  await shown.getByText('This picture was removed for good.').waitFor();
  await closed(tablet, idle + 1);
  await shown.getByRole('button', { name: 'Close' }).first().tap();
  await closed(tablet, idle);
  await drawn(tablet, 1);
  await tablet.getByRole('button', { name: 'Add a picture of an event' }).tap();
  await tablet.getByRole('button', { name: 'Use the camera' }).tap();
  await tablet.getByRole('button', { name: 'Take the picture' }).tap();
  await tablet.getByRole('img', { name: 'The picture to be kept' }).waitFor();
  await tablet.getByText(/^The place is public, and nobody stands out/).tap();
  if (!(await tablet.getByRole('checkbox', { name: /^The place is public/ }).isChecked())) complain('a tap does not declare it');
  await tablet.getByRole('button', { name: 'Take another one' }).tap();
  await tablet.getByRole('button', { name: 'Take the picture' }).tap();
  await tablet.getByRole('img', { name: 'The picture to be kept' }).waitFor();
  if (await tablet.getByRole('checkbox', { name: /^The place is public/ }).isChecked()) complain('what was declared of one picture is declared of the next');
});
