import { strToU8, zipSync } from 'fflate';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesBelow } from '../../../scripts/artefacts';
import { drawnSecrets } from '../../../scripts/drawn-secrets';
import { type Artefact, SecretHunt } from '../../../scripts/secret-hunt';
import { storedValues } from '../../../cli/secrets/rules';

const secret = 'qzjxvkwpygbmhf';
const hunt = () => new SecretHunt(new Map([['PASSWORD', secret]]));

function artefact(content: string | Uint8Array, name = 'log'): Artefact {
  return { name, read: () => Promise.resolve(Buffer.from(content)) };
}

describe('the hunt for secrets', () => {
  it.each([
    ['whole', `password=${secret}\n`],
    ['the first eight characters', `…${secret.slice(0, 8)}…`],
    ['the last eight characters', `…${secret.slice(-8)}…`],
    ['eight in between', `…${secret.slice(3, 11)}…`],
  ])('finds one: %s', async (_, content) => {
    expect(await hunt().search([artefact(content)])).toEqual({
      artefacts: 1,
      found: ['PASSWORD stands in log'],
    });
  });

  it('finds none in seven characters of it, nor in what is no secret', async () => {
    const { found } = await hunt().search([artefact(`${secret.slice(0, 7)} ${secret.slice(-7)}`)]);
    expect(found).toEqual([]);
  });

  it('looks into an archive, as a plan is one', async () => {
    const plan = zipSync({ tfstate: strToU8(`{"value":"${secret}"}`) }, { level: 9 });
    expect(Buffer.from(plan).includes(secret)).toBe(false);
    expect((await hunt().search([artefact(plan, 'plan')])).found).toEqual(['PASSWORD stands in plan']);
  });

  it('finds a short one whole', async () => {
    const { found } = await new SecretHunt(new Map([['PIN', 'qzjx']])).search([artefact('a qzjx b')]);
    expect(found).toEqual(['PIN stands in log']);
  });

  it('searches each artefact once, and a new one when it comes', async () => {
    const again = hunt();
    await again.search([artefact(secret, 'a')]);
    expect(await again.search([artefact(secret, 'a'), artefact('', 'b')])).toEqual({
      artefacts: 1,
      found: [],
    });
  });

  it('refuses an empty secret', () => {
    expect(() => new SecretHunt(new Map([['EMPTY', '']]))).toThrow('stands everywhere');
  });
});

describe('the files of a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kairos-artefacts-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are all below it, hidden ones too, and nothing that is linked to', async () => {
    mkdirSync(join(folder, 'a', '.hidden'), { recursive: true });
    writeFileSync(join(folder, 'a', '.hidden', 'state'), 'text');
    symlinkSync(tmpdir(), join(folder, 'link'));
    const [file, ...others] = [...filesBelow(folder)];
    expect(others).toEqual([]);
    expect(file?.name).toContain(join('a', '.hidden', 'state'));
    expect((await file?.read())?.toString()).toBe('text');
  });
});

describe('the secrets that are drawn', () => {
  it('are taken by the command, and differ each time', () => {
    const [one, other] = [drawnSecrets(), drawnSecrets()];
    expect(storedValues(one)).toEqual(one);
    for (const [name, value] of one) expect(other.get(name)).not.toBe(value);
  });
});
