/** The numbers that an address is made of, and how many bits each has. */
interface Parts {
  readonly numbers: readonly number[];
  readonly bits: 8 | 16;
}

/**
 * @param cidr an address of either version with the length of its prefix, such as `203.0.113.7/24`.
 * @returns whether it is the first address of its network, without which WAF takes none.
 */
export function isNetwork(cidr: string): boolean {
  const { numbers } = partsOf(cidr);
  return firstOf(cidr).every((number, index) => number === numbers[index]);
}

/**
 * @param cidr an address of either version with the length of its prefix.
 * @returns the network that it lies in, such as `203.0.113.0/24`.
 */
export function networkOf(cidr: string): string {
  const first = firstOf(cidr);
  const [, length = ''] = cidr.split('/');
  if (partsOf(cidr).bits === 8) return `${first.join('.')}/${length}`;
  return `${shortest(first.map((number) => number.toString(16)).join(':'))}/${length}`;
}

/** The numbers with all bits behind the prefix cleared. */
function firstOf(cidr: string): readonly number[] {
  const { numbers, bits } = partsOf(cidr);
  const length = Number(cidr.split('/')[1]);
  return numbers.map((number, index) => {
    const kept = Math.min(Math.max(length - index * bits, 0), bits);
    return (number >> (bits - kept)) << (bits - kept);
  });
}

function partsOf(cidr: string): Parts {
  const [address = ''] = cidr.split('/');
  if (!address.includes(':')) return { numbers: address.split('.').map(Number), bits: 8 };
  const [before = '', after] = shortest(address).split('::');
  const [left, right] = [before, after ?? ''].map((text) => text.split(':').filter((word) => word !== ''));
  const zeros = new Array<string>(8 - (left?.length ?? 0) - (right?.length ?? 0)).fill('0');
  const words = [...(left ?? []), ...zeros, ...(right ?? [])];
  return { numbers: words.map((word) => Number.parseInt(word, 16)), bits: 16 };
}

/** An address of version 6 as https://www.rfc-editor.org/rfc/rfc5952 writes it, which is how a URL holds it. */
function shortest(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
