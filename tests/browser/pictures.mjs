// Pictures: refused before consent, from the camera, from a file, gone after a withdrawal.
import { complain, go, handOver, look, nothingKept, open, run, scene, signByTouch, takeBack } from './kit.mjs';

const child = /^Inés/;

async function toPictures(page) {
  await go(page, `#/family/${scene.other}/photos`);
  await page.getByRole('heading', { level: 1, name: 'Pictures' }).waitFor();
}

async function choosePeople(page) {
  await page.getByRole('button', { name: 'Add a picture' }).click();
  await page.getByRole('checkbox', { name: child }).check();
}

async function consent(page) {
  await handOver(page, scene.other);
  await page.getByRole('button', { name: 'Start' }).click();
  for (;;) {
    const title = await page.getByRole('heading', { level: 1 }).innerText();
    if (title.startsWith('Did somebody help')) break;
    for (const yes of await page.getByRole('radio', { name: 'Yes' }).all()) await yes.check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForFunction((before) => document.querySelector('h1')?.innerText !== before, title);
  }
  await page.getByRole('radio', { name: 'No, I read it myself' }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'These are my answers' }).click();
  await signByTouch(page);
  await page.getByRole('button', { name: 'Sign and finish' }).click();
  await page.getByRole('button', { name: 'Finish' }).click();
  await takeBack(page);
}

await run(async () => {
  const page = await open();
  await page.getByRole('link', { name: /^No photos/ }).first().click();
  await page.getByRole('heading', { level: 1, name: /^No photos: / }).waitFor();
  await page.getByRole('heading', { name: 'Here now' }).waitFor();
  await look(page, '49-no-photos');
  const list = await page.locator('main').innerText();
  if (/refused|withdrawn|said/i.test(list)) complain('the list of who may not be photographed gives a reason');
  await page.getByRole('button', { name: 'Back to the desk' }).click();
  await toPictures(page);
  await page.getByText('No pictures yet').waitFor();
  await look(page, '50-no-pictures');
  await choosePeople(page);
  await page.getByText('nobody has said yes to pictures').first().waitFor();
  await look(page, '51-refused');
  await consent(page);

  await toPictures(page);
  await choosePeople(page);
  await page.getByText('Everybody you ticked may be photographed.').waitFor();
  await look(page, '52-who');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Use the camera' }).click();
  await page.getByRole('button', { name: 'Take the picture' }).click();
  await page.getByRole('img', { name: 'The picture to be kept' }).waitFor();
  await look(page, '53-taken');
  await page.getByRole('button', { name: 'Keep this picture' }).click();
  await page.getByText('1 picture', { exact: true }).waitFor();

  await choosePeople(page);
  await page.getByRole('checkbox', { name: /^Testa/ }).check();
  await page.getByText('Everybody you ticked may be photographed.').waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('input[type=file]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not a picture') });
  await page.getByText('This file is not a picture').first().waitFor();
  await look(page, '54-not-a-picture');
  await page.locator('input[type=file]').setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(scene.picture, 'base64') });
  // Somebody is covered and the edge cut away, by the keys alone.
  await page.getByRole('button', { name: 'Cover somebody' }).press('Enter');
  const covered = page.getByRole('button', { name: 'Covered part 1', exact: true });
  for (const key of ['ArrowLeft', 'ArrowUp', 'Shift+ArrowDown', 'Shift+ArrowRight']) await page.keyboard.press(key);
  const place = await covered.evaluate((box) => [box.style.insetInlineStart, box.style.insetBlockStart, box.style.width, box.style.height].join(' '));
  if (place !== '41.5% 34% 16% 21%') complain(`the keys moved the cover to ${place}`);
  await look(page, '54-covered');
  await page.getByRole('button', { name: 'Keep only a part' }).press('Enter');
  await look(page, '54-cut');
  await page.getByRole('button', { name: 'Cover somebody' }).click();
  await page.keyboard.press('Delete');
  if (await page.getByRole('button', { name: 'Covered part 2', exact: true }).count()) complain('Delete left the cover');
  await page.getByRole('button', { name: 'Keep this picture' }).click();
  await page.getByText('2 pictures', { exact: true }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('main ul canvas, main ul img').length === 2);
  await look(page, '55-pictures');
  await page.getByRole('button', { name: /^See the picture/ }).first().click();
  await look(page, '56-picture');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();

  // One of two is left out of a new picture before a withdrawal takes the old one.
  await page.getByRole('button', { name: /^See the picture.*Testa/ }).click();
  await page.getByRole('button', { name: 'Make a new one without somebody' }).click();
  await page.getByText('Somebody will not be in this one.').waitFor();
  await page.getByRole('checkbox', { name: child }).uncheck();
  await page.getByText('Everybody you ticked may be photographed.').waitFor();
  await look(page, '56-without');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Keep this picture' }).click();
  await page.getByText('cover them, or keep only a part without them').first().waitFor();
  await page.getByRole('button', { name: 'Cover somebody' }).click();
  // Without dragging: a tap brings the cover there, and buttons make it larger.
  const stage = await page.locator('.stage').boundingBox();
  await page.mouse.click(stage.x + stage.width * 0.25, stage.y + stage.height * 0.25);
  await page.getByRole('button', { name: 'Larger' }).click();
  const tapped = await page.getByRole('button', { name: 'Covered part 1', exact: true }).evaluate((box) => [box.style.insetInlineStart, box.style.insetBlockStart, box.style.width].map(Number.parseFloat));
  const near = (value, wanted) => Math.abs(value - wanted) < 0.5;
  if (!near(tapped[0], 16) || !near(tapped[1], 13) || !near(tapped[2], 18)) complain(`a tap brought the cover to ${tapped.join(' ')}`);
  await look(page, '56-tapped');
  await page.getByRole('button', { name: 'Keep this picture' }).click();
  await page.getByText('3 pictures', { exact: true }).waitFor();

  // Several at once: one after the other, and one is left out.
  await choosePeople(page);
  await page.getByText('Everybody you ticked may be photographed.').waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  const jpeg = { mimeType: 'image/jpeg', buffer: Buffer.from(scene.picture, 'base64') };
  await page.locator('input[type=file]').setInputFiles([{ name: 'a.jpg', ...jpeg }, { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('no') }, { name: 'c.jpg', ...jpeg }]);
  await page.getByText('Picture 1 of 2').waitFor();
  await page.getByText('1 file is not a picture, or is too large, and was left out.').first().waitFor();
  await look(page, '56-several');
  await page.getByRole('button', { name: 'Keep this picture' }).click();
  await page.getByText('Picture 2 of 2').waitFor();
  await page.getByRole('button', { name: 'Leave this one out' }).click();
  await page.getByText('4 pictures', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Back to the family' }).click();
  await page.getByRole('button', { name: /^Withdraw.*Inés/ }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'They are here with me' }).check();
  await dialog.getByRole('radio', { name: /^Testa/ }).check();
  const all = dialog.getByRole('radio', { name: 'Everything they said yes to' });
  if (await all.count()) await all.check();
  await page.getByText('3 pictures on this device go:').waitFor();
  await page.getByText('Others are shown, too.').waitFor();
  await look(page, '57-withdraw');
  await dialog.getByRole('button', { name: 'Withdraw and remove pictures' }).click();
  await page.getByText('3 pictures were removed from this device').waitFor();
  await look(page, '58-withdrawn');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await toPictures(page);
  await page.getByText('Removed').first().waitFor();
  await look(page, '59-removed');
  await page.waitForFunction(() => document.querySelectorAll('main ul canvas, main ul img').length === 1);
  if (await page.getByRole('button', { name: /^See the picture.*Inés/ }).locator('canvas, img').count()) complain('a removed picture is still shown');
  await nothingKept(page);
});
