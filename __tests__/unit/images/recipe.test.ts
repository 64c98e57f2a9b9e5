import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { admissionRules } from '../../../images/admission-rules';
import { copiedPaths, overlayFolder } from '../../../images/recipe';

const dockerfile = readFileSync(join(__dirname, '../../../images/backend/Dockerfile'), 'utf8');

/** What the COPY lines take from the context. The last word of each is the target. */
const sources = dockerfile
  .split('\n')
  .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
  .flatMap((line) => line.split(/\s+/).slice(1, -1));

it('copies exactly the listed files of the backend in the Dockerfile', () => {
  const ofBackend = sources.filter((path) => !path.startsWith(`${overlayFolder}/`));
  expect([...new Set(ofBackend)].sort()).toEqual([...copiedPaths].sort());
});

it('copies only staged files of the overlay', () => {
  const overlay = join(__dirname, '../../../images/backend');
  const rules = admissionRules(overlay);
  const laidOver = sources.filter((path) => path.startsWith(`${overlayFolder}/`));
  expect(laidOver.length).toBeGreaterThan(0);
  const missing = laidOver
    .map((path) => path.slice(overlayFolder.length + 1).replace(/\/$/, ''))
    .filter((path) => !rules.admitsFile(path) && !rules.mayAdmitBelow(path));
  expect(missing).toEqual([]);
});
