import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { alarmsDocument } from '../../../scripts/alarms-document';

const docs = join(resolve(__dirname, '../../..'), 'docs');

describe('docs/alarms.md', () => {
  it('is up to date; otherwise type: npm run docs:alarms', () => {
    expect(readFileSync(join(docs, 'alarms.md'), 'utf8')).toBe(alarmsDocument());
  });

  it('links each alarm to a section of the runbook', () => {
    const anchors = [...alarmsDocument().matchAll(/runbook\.md#([\w-]+)/g)].map(([, anchor]) => anchor);
    const headings = readFileSync(join(docs, 'runbook.md'), 'utf8').matchAll(/^## (.+)$/gm);
    const sections = [...headings].map(([, heading = '']) => heading.toLowerCase().replace(/[^\w -]/g, ''));
    const lacking = anchors.filter(
      (anchor) => !sections.some((section) => section.replaceAll(' ', '-') === anchor),
    );
    expect(anchors.length).toBeGreaterThan(0);
    expect(lacking).toEqual([]);
  });
});
