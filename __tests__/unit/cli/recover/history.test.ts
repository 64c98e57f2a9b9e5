import { damageOf, readContent, type StateVersion } from '../../../../cli/recover/history';

interface Of {
  readonly serial: number;
  readonly lineage?: string;
  readonly names?: readonly string[];
}

function stateText({ serial, lineage = 'first', names = ['A'] }: Of): string {
  const resources = names.map((name) => ({ mode: 'managed', type: 'aws_x', name, instances: [{}] }));
  return JSON.stringify({ version: 4, serial, lineage, resources });
}

/** @param hour when it was written. The newest version is the first in a list. */
function version(hour: number, text: string): StateVersion {
  const written = new Date(Date.UTC(2026, 0, 1, hour));
  return { version: `v${hour}`, written, content: readContent(text) };
}

describe('the resources of a state', () => {
  it('are its managed resources that exist', () => {
    const resources = [
      { mode: 'managed', type: 'aws_x', name: 'B', instances: [{}] },
      { mode: 'managed', type: 'aws_x', name: 'A', instances: [{}] },
      { mode: 'managed', type: 'aws_x', name: 'Gone', instances: [] },
      { mode: 'data', type: 'aws_x', name: 'Read', instances: [{}] },
    ];
    const text = JSON.stringify({ version: 4, serial: 7, lineage: 'l', resources });
    expect(readContent(text)).toEqual({ serial: 7, lineage: 'l', addresses: ['aws_x.A', 'aws_x.B'] });
  });

  it.each([
    ['nothing', ''],
    ['a part of a state', stateText({ serial: 3 }).slice(0, 40)],
    ['something else', '{"ID": "lock"}'],
  ])('are undefined if the state is %s', (_, text) => {
    expect(readContent(text)).toBeUndefined();
  });
});

describe('a state that is damaged', () => {
  const old = stateText({ serial: 4, names: ['A', 'Removed'] });
  const right = stateText({ serial: 9, names: ['A', 'B'] });
  const versions = [version(2, right), version(1, old)];

  it('can be deleted: the newest version is right', () => {
    const damage = damageOf(undefined, versions);
    expect(damage).toMatchObject({ what: 'is gone', added: ['aws_x.A', 'aws_x.B'], removed: [] });
    expect(damage?.proposed.version).toBe('v2');
  });

  it('can be incomplete: the newest complete version is right', () => {
    const broken = right.slice(0, 50);
    const damage = damageOf(broken, [version(3, broken), ...versions]);
    expect(damage?.what).toContain('cannot be read');
    expect(damage?.proposed.version).toBe('v2');
  });

  it('can be an older one: the highest serial is right, and the difference is shown', () => {
    const damage = damageOf(old, [version(3, old), ...versions]);
    expect(damage).toMatchObject({
      what: 'is an older one (serial 4)',
      added: ['aws_x.B'],
      removed: ['aws_x.Removed'],
    });
    expect(damage?.proposed.version).toBe('v2');
  });
});

describe('a state that is not changed', () => {
  it('has the highest serial', () => {
    const right = stateText({ serial: 9 });
    expect(damageOf(right, [version(2, right), version(1, stateText({ serial: 8 }))])).toBeUndefined();
  });

  it('has a new lineage, whatever the serial of the previous one was', () => {
    const again = stateText({ serial: 1, lineage: 'second' });
    expect(damageOf(again, [version(2, again), version(1, stateText({ serial: 50 }))])).toBeUndefined();
  });

  it('has no complete version to restore', () => {
    expect(damageOf('{"ver', [version(1, '{"ver')])).toBeUndefined();
    expect(damageOf(undefined, [])).toBeUndefined();
  });
});
