/** The connection limit of an Atlas cluster, by tier: https://www.mongodb.com/docs/atlas/reference/atlas-limits/ */
const tiers = [
  ['M0', 500],
  ['M10', 1_500],
  ['M20', 3_000],
  ['M40', 6_000],
  ['M50', 16_000],
  ['M60', 32_000],
] as const;

/** @returns the smallest tier with so many connections, as text. */
export function tierFor(connections: number): string {
  const found = tiers.find(([, most]) => connections <= most);
  if (found === undefined) return 'more than an M60 takes: fewer connections, or a cluster by region';
  const [name, most] = found;
  return `${name} takes ${most.toLocaleString('en-US')}`;
}
