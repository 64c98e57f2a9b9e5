import * as ipaddr from 'ipaddr.js';

/**
 * @param cidr an address of either version with the length of its prefix, such as `203.0.113.7/24`.
 * @returns whether it is the first address of its network, without which WAF takes none.
 */
export function isNetwork(cidr: string): boolean {
  const [address, length] = ipaddr.parseCIDR(cidr);
  return `${address.toString()}/${length}` === networkOf(cidr);
}

/**
 * @param cidr an address of either version with the length of its prefix.
 * @returns the network that it lies in, such as `203.0.113.0/24`.
 */
export function networkOf(cidr: string): string {
  const [address, length] = ipaddr.parseCIDR(cidr);
  const version = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${version.networkAddressFromCIDR(cidr).toString()}/${length}`;
}
