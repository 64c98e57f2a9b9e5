import { apiKeyNamesIn } from '../../../config/api-keys';
import { type EdgeConfiguration, edgeSchema } from '../../../config/edge';
import { configuration } from '../../../config/environments';

const edge: EdgeConfiguration = {
  rotation: 1,
  requestLimit: 2000,
  loginLimit: 20,
  loginPaths: ['/api/v1/auth/token'],
  allowedAddresses: [],
  blockedAddresses: [],
  countedRules: {},
};

/** The faults of an edge, as `path: what would be right`. */
function faults(changes: Readonly<Record<string, unknown>>): readonly string[] {
  const { error } = edgeSchema.safeParse({ ...edge, ...changes });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('an edge', () => {
  test.each([
    ['without lists, domain and keys', {}],
    ['with IPv4 and IPv6 addresses', { blockedAddresses: ['198.51.100.0/24', '2001:db8::/32'] }],
    ['with counted rules', { countedRules: { common: ['GenericRFI_BODY'], ipReputation: [] } }],
    ['with a domain in its zone', { domain: { name: 'api.findkairos.com', zone: 'findkairos.com' } }],
    ['with the zone itself as its domain', { domain: { name: 'findkairos.com', zone: 'findkairos.com' } }],
    ['with an open origin', { origin: 'open' }],
    ['with API keys', { apiKeys: { prefixes: ['/api/v1/partners'], names: ['API_KEY_PARTNER'] } }],
  ])('%s is accepted', (_, changes) => {
    expect(faults(changes)).toEqual([]);
  });

  test.each([
    ['rotation 0', { rotation: 0 }, /^rotation: a whole number of rotations from 1/],
    ['a fraction as rotation', { rotation: 1.5 }, /^rotation: /],
    ['a limit that WAF refuses', { requestLimit: 9 }, /^requestLimit: .* from 10 to/],
    ['a login limit of 0', { loginLimit: 0 }, /^loginLimit: .* from 10 to/],
    ['no login route', { loginPaths: [] }, /^loginPaths: at least one path/],
    ['a login route without a slash', { loginPaths: ['login'] }, /^loginPaths\.0: a path such as/],
    ['a single address', { allowedAddresses: ['203.0.113.7'] }, /^allowedAddresses\.0: .* CIDR notation/],
    ['all addresses', { blockedAddresses: ['0.0.0.0/0'] }, /^blockedAddresses\.0: .* does not accept \/0/],
    [
      'a network with host bits set',
      { blockedAddresses: ['203.0.113.7/24'] },
      /^blockedAddresses\.0: 203\.0\.113\.0\/24 for the whole network, or 203\.0\.113\.7\/32/,
    ],
    [
      'an IPv6 network with host bits set',
      { allowedAddresses: ['2001:db8:1::7/48'] },
      /^allowedAddresses\.0: 2001:db8:1::\/48 for the whole network, or 2001:db8:1::7\/128/,
    ],
    [
      'a misspelt rule',
      { countedRules: { common: ['GenericRFI_Body'] } },
      /^countedRules\.common\.0: one of/,
    ],
    [
      'a rule of another group',
      { countedRules: { ipReputation: ['GenericRFI_BODY'] } },
      /^countedRules\.ipReputation\.0: one of AWSManagedIPReputationList/,
    ],
    [
      'a rule group that is not used',
      { countedRules: { sqli: [] } },
      /^countedRules: Unrecognized key: "sqli"/,
    ],
    [
      'a domain without a zone',
      { domain: { name: 'api.findkairos.com' } },
      /^domain\.zone: the name of the Route 53/,
    ],
    [
      'a domain outside its zone',
      { domain: { name: 'api.findkairos.com', zone: 'kairos.com' } },
      /^domain\.name: the zone itself or a name that ends with it/,
    ],
    [
      'a name that no certificate can have',
      { domain: { name: `${'a'.repeat(60)}.findkairos.com`, zone: 'findkairos.com' } },
      /^domain\.name: .* at most 64 characters/,
    ],
    [
      'key prefixes without keys',
      { apiKeys: { prefixes: ['/a'], names: [] } },
      /^apiKeys\.names: at least one/,
    ],
    [
      'keys without prefixes',
      { apiKeys: { prefixes: [], names: ['API_KEY_A'] } },
      /^apiKeys\.prefixes: at least/,
    ],
    [
      'the name of another secret',
      { apiKeys: { prefixes: ['/a'], names: ['SECRET_KEY'] } },
      /^apiKeys\.names\.0: /,
    ],
    ['an unknown value of origin', { origin: 'closed' }, /^origin: one of locked, open/],
    [
      'an open origin and API keys',
      { origin: 'open', apiKeys: { prefixes: ['/a'], names: ['API_KEY_A'] } },
      /^origin: locked if there are API keys/,
    ],
  ])('with %s is refused', (_, changes, message) => {
    expect(faults(changes)).toEqual([expect.stringMatching(message)]);
  });
});

test('the foundation gets the API keys of each environment, and creates their parameters', () => {
  const prod = {
    ...configuration.environments.prod,
    edge: { ...edge, apiKeys: { prefixes: ['/a'], names: ['API_KEY_PARTNER'] } } satisfies EdgeConfiguration,
  };
  const environments = { ...configuration.environments, prod };
  expect(apiKeyNamesIn({ ...configuration, environments })).toEqual({ prod: ['API_KEY_PARTNER'] });
});
