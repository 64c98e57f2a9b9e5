import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { edited, judgeFaults } from '../../../scripts/configurations/judge';
import { tryRight, tryWrong } from '../../../scripts/configurations/property';
import { labelsAmong, rightConfigurations } from '../../../scripts/configurations/right';
import { secretTexts } from '../../../scripts/configurations/values';

const [right] = fc.sample(rightConfigurations, { seed: 1, numRuns: 1 });
if (right === undefined) throw new Error('no table was drawn');

describe('generated configurations', () => {
  it('that are wrong are refused with every fault at once, by its path, and no secret', () => {
    expect(() => {
      tryWrong({ seed: 1, count: 400 });
    }).not.toThrow();
  });

  it('that are right can be synthesized', () => {
    const before = { ...process.env };
    const folder = mkdtempSync(join(tmpdir(), 'kairos-configurations-'));
    Object.assign(process.env, {
      CDKTF_OUTDIR: folder,
      KAIROS_BACKEND_PATH: join(folder, 'none'),
    });
    try {
      expect(() => {
        tryRight({ seed: 1, count: 4 });
      }).not.toThrow();
    } finally {
      process.env = before;
      rmSync(folder, { recursive: true });
    }
  });
});

it.each(['xn--9', 'xn--', 'xn--a0'])('no host contains the part %s, which the rules refuse', (part) => {
  const origin = {
    path: 'environments.dev.corsOrigins',
    group: 'origins',
    value: [`https://${part}.example`],
  };
  expect(judgeFaults(edited(right, [origin]), [origin])).toEqual([]);
  const drawn = fc.sample(labelsAmong(fc.constantFrom(part, 'xn-a', 'api')), { seed: 1, numRuns: 20 });
  expect(new Set(drawn)).toEqual(new Set(['xn-a', 'api']));
});

describe('the check of the reported faults', () => {
  const port = { path: 'environments.dev.mail.port', group: 'port', value: 0 };
  const memory = { path: 'environments.dev.function.memory', group: 'memory', value: 64 };

  it('finds nothing if each wrong member is reported', () => {
    expect(judgeFaults(edited(right, [port, memory]), [port, memory])).toEqual([]);
  });

  it('finds a wrong member that is not reported', () => {
    expect(judgeFaults(edited(right, [port]), [port, memory])).toEqual([
      'environments.dev.function.memory = 64 is not reported',
    ]);
  });

  it('finds a right member that is reported', () => {
    expect(judgeFaults(edited(right, [port, memory]), [memory])).toEqual([
      'environments.dev.mail.port is reported, but it is right',
    ]);
  });
});

describe('a secret in the wrong place', () => {
  it.each(fc.sample(secretTexts, { seed: 1, numRuns: 20 }))('is refused, and not shown (%#)', ({ text }) => {
    for (const path of ['environments.dev.mail.username', 'environments.dev.database', 'image.baseImage']) {
      const edit = { path, group: path, value: text };
      expect(judgeFaults(edited(right, [edit]), [edit])).toEqual([]);
    }
  });
});
