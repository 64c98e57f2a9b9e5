import fc from 'fast-check';
import { isNetwork, networkOf } from '../../../config/cidr';

test.each([
  ['203.0.113.7/24', '203.0.113.0/24'],
  ['195.178.188.66/29', '195.178.188.64/29'],
  ['255.255.255.255/1', '128.0.0.0/1'],
  ['203.0.113.7/32', '203.0.113.7/32'],
  ['2001:db8:1::7/48', '2001:db8:1::/48'],
  ['2001:DB8::1/128', '2001:db8::1/128'],
  ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
  ['::ffff:192.0.2.7/120', '::ffff:c000:200/120'],
])('%s is in the network %s', (cidr, network) => {
  expect(networkOf(cidr)).toBe(network);
});

test('a network in another notation is a network too', () => {
  expect(isNetwork('2001:0DB8:0001:0:0:0:0:0/48')).toBe(true);
});

const inV4 = fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 32 }));
const inV6 = fc.tuple(fc.ipV6(), fc.integer({ min: 1, max: 128 }));

test('any address gives a network, and is one itself only without host bits', () => {
  fc.assert(
    fc.property(fc.oneof(inV4, inV6), ([address, length]) => {
      const cidr = `${address}/${length}`;
      const network = networkOf(cidr);
      expect(isNetwork(network)).toBe(true);
      expect(networkOf(network)).toBe(network);
      const whole = networkOf(`${address}/${address.includes(':') ? 128 : 32}`);
      expect(isNetwork(cidr)).toBe(whole.split('/')[0] === network.split('/')[0]);
    }),
  );
});
