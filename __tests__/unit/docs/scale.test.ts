import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configuration } from '../../../config/environments';
import { withTables } from '../../../scripts/simulate/document';
import { priced } from '../../../scripts/simulate/priced';
import { synthesizedStacks } from '../../support/synthesized';

const root = resolve(__dirname, '../../..');

describe('docs/scale.md', () => {
  const text = readFileSync(join(root, 'docs', 'scale.md'), 'utf8');
  const simulation = priced(configuration, synthesizedStacks(root)['kairos-prod']);

  it('has the tables of the simulation; otherwise type: npm run simulate -- --write', () => {
    expect(text).toBe(withTables(text, simulation));
  });

  it('shows a higher cost at each rate with environments that are kept started', () => {
    // At 1,000: 153 × 0.25 GB × 2,628,000 s × 0.0000048304
    const [month] = simulation.outcomes.filter(({ rate }) => rate === 1_000).map((each) => each.month);
    expect((month?.kept ?? 0) - (month?.asItIs ?? 0)).toBeCloseTo(485.557, 2);
  });
});
