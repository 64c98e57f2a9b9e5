import { drawnSecrets } from '../../../../scripts/hunt/drawn-secrets';
import { type Artefact, SecretHunt } from '../../../../scripts/hunt/secret-hunt';
import { storedValues } from '../../../../cli/secrets/rules';

const secret = 'qzjxvkwpygbmhf';
const hunt = () => new SecretHunt(new Map([['PASSWORD', secret]]));

function artefact(content: string | Uint8Array, name = 'log'): Artefact {
  return { name, read: () => [Buffer.from(content)] };
}

describe('the secret search', () => {
  it.each([
    ['whole', `password=${secret}\n`],
    ['the first eight characters', `…${secret.slice(0, 8)}…`],
    ['the last eight characters', `…${secret.slice(-8)}…`],
    ['eight in between', `…${secret.slice(3, 11)}…`],
  ])('finds a secret: %s', async (_, content) => {
    expect(await hunt().search([artefact(content)])).toEqual({
      artefacts: 1,
      found: ['PASSWORD is in log'],
      unopened: [],
    });
  });

  it('finds none in seven characters of a secret, nor in other text', async () => {
    const { found } = await hunt().search([artefact(`${secret.slice(0, 7)} ${secret.slice(-7)}`)]);
    expect(found).toEqual([]);
  });

  it('finds a short secret as a whole', async () => {
    const { found } = await new SecretHunt(new Map([['PIN', 'qzjx']])).search([artefact('a qzjx b')]);
    expect(found).toEqual(['PIN is in log']);
  });

  it('searches each artefact once, and new artefacts later', async () => {
    const again = hunt();
    await again.search([artefact(secret, 'a')]);
    expect(await again.search([artefact(secret, 'a'), artefact('', 'b')])).toEqual({
      artefacts: 1,
      found: [],
      unopened: [],
    });
  });

  it('refuses an empty secret', () => {
    expect(() => new SecretHunt(new Map([['EMPTY', '']]))).toThrow('is in every text');
  });
});

describe('the random secrets', () => {
  it('are accepted by the command, and differ each time', () => {
    const [one, other] = [drawnSecrets(), drawnSecrets()];
    expect(storedValues(one)).toEqual(one);
    for (const [name, value] of one) expect(other.get(name)).not.toBe(value);
  });
});
