import * as fc from 'fast-check';
import { connectTo, connectToVariable, reachable } from '../../../cli/address';

const name = 'd111111abcdef8.cloudfront.net';

describe('KAIROS_CONNECT_TO', () => {
  it('replaces the address of the hosts that it names, and keeps path and query', () => {
    const connections = connectTo({ KAIROS_CONNECT_TO: `${name}=http://127.0.0.1:4601` });
    expect(reachable(`https://${name}/api/v1/?a=1`, connections)).toBe('http://127.0.0.1:4601/api/v1/?a=1');
  });

  it('does not change other hosts', () => {
    const connections = connectTo({ KAIROS_CONNECT_TO: `${name}=http://127.0.0.1:4601` });
    expect(reachable('https://findkairos.com/docs', connections)).toBe('https://findkairos.com/docs');
  });

  it.each([undefined, '', '  '])('can be unset or empty (%j)', (value) => {
    expect(connectTo({ KAIROS_CONNECT_TO: value }).size).toBe(0);
  });

  it.each(['localhost', 'a=b', 'a=http://b/path', '=http://b'])(
    'refuses "%s" and says what would be right',
    (value) => {
      expect(() => connectTo({ KAIROS_CONNECT_TO: value })).toThrow(
        'expected <host>=http://<address>:<port>',
      );
    },
  );

  it('can be read back after it was written', () => {
    const pairs = fc.dictionary(fc.domain(), fc.nat(65_535), { minKeys: 1, maxKeys: 5 });
    fc.assert(
      fc.property(pairs, (ports) => {
        const connections = new Map(
          Object.entries(ports).map(([host, port]) => [host, `http://127.0.0.1:${port}`] as const),
        );
        expect(connectTo({ KAIROS_CONNECT_TO: connectToVariable(connections) })).toEqual(connections);
      }),
    );
  });
});
