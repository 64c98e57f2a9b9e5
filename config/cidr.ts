import * as ipaddr from 'ipaddr.js';

/**
 * @param cidr an IPv4 or IPv6 address with a prefix length, such as `203.0.113.7/24`.
 * @returns whether it is the first address of its network. WAF accepts no other.
 */
export function isNetwork(cidr: string): boolean {
  const [address, length] = ipaddr.parseCIDR(cidr);
  return `${address.toString()}/${length}` === networkOf(cidr);
}

/**
 * @param cidr an IPv4 or IPv6 address with a prefix length.
 * @returns its network, such as `203.0.113.0/24`.
 */
export function networkOf(cidr: string): string {
  const [address, length] = ipaddr.parseCIDR(cidr);
  const version = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${version.networkAddressFromCIDR(cidr).toString()}/${length}`;
}
