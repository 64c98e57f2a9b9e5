import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { admissionRules } from '../../../images/admission-rules';
import { copiedPaths, overlayFolder } from '../../../images/recipe';

const dockerfile = readFileSync(join(__dirname, '../../../images/backend/Dockerfile'), 'utf8');

/** What the COPY lines take from the context; the last word of each is where it goes. */
const sources = dockerfile
  .split('\n')
  .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
  .flatMap((line) => line.split(/\s+/).slice(1, -1));

it('copies of the backend in the Dockerfile what the list names, and nothing else', () => {
  const ofBackend = sources.filter((path) => !path.startsWith(`${overlayFolder}/`));
  expect([...new Set(ofBackend)].sort()).toEqual([...copiedPaths].sort());
});

it('copies of what is laid over the backend only what is staged with it', () => {
  const overlay = join(__dirname, '../../../images/backend');
  const rules = admissionRules(overlay);
  const laidOver = sources.filter((path) => path.startsWith(`${overlayFolder}/`));
  expect(laidOver.length).toBeGreaterThan(0);
  const missing = laidOver
    .map((path) => path.slice(overlayFolder.length + 1).replace(/\/$/, ''))
    .filter((path) => !rules.admitsFile(path) && !rules.mayAdmitBelow(path));
  expect(missing).toEqual([]);
});
