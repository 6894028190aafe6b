// A data protection officer takes records of consent out, and checks what somebody brings.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complain, go, look, nothingKept, open, run, scene } from './kit.mjs';

await run(async () => {
  const page = await open();
  await go(page, `#/family/${scene.family}`);
  await page.getByRole('heading', { name: 'Permissions' }).waitFor();
  const dialog = page.getByRole('dialog');

  await page.getByRole('button', { name: /^History.*Łukasz/ }).click();
  for (const [button, name] of [['Save records for other systems', 'records'], ['Save receipts for other systems', 'receipts']]) {
    await dialog.getByRole('button', { name: button }).click();
    await dialog.getByText(new RegExp(`^Saved in .+ as “Porch consent ${name} [0-9-]+\\.jsonld”`)).waitFor();
    await look(page, `45-saved-${name}`);
  }
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  const day = scene.now.slice(0, 10);
  const records = readFileSync(join(scene.papers, `Porch consent records ${day}.jsonld`), 'utf8');
  await page.getByRole('button', { name: 'Check a receipt' }).click();
  const input = dialog.locator('input[type=file]');
  const give = (text) => input.setInputFiles({ name: 'records.jsonld', mimeType: 'application/ld+json', buffer: Buffer.from(text) });
  await give(records);
  await dialog.getByText('The file says what our records say.').waitFor();
  await dialog.getByText(/It counts\.$/).waitFor();
  await look(page, '45-file-genuine');
  const forged = records.replace('dpv:ConsentRefused', 'dpv:ConsentGiven');
  if (forged === records) complain('the record holds no refusal to forge');
  await give(forged);
  await dialog.getByText('it says something else').waitFor();
  if (await dialog.getByText('The file says what our records say.').count()) complain('what was found before stays on the screen');
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await nothingKept(page);
});
