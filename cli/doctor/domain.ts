import { type Check, ok, wrong } from './check';

export interface ZoneProps {
  /** The hosted zone in the table, such as `findkairos.com`. @default - the environment has no domain name */
  readonly zone?: string;
  /** The name servers that Route 53 assigned to the zone; undefined if there is no such zone. */
  readonly nameServers: (zone: string) => Promise<readonly string[] | undefined>;
  /** The name servers in public DNS; none if the zone is not delegated. */
  readonly delegatedTo: (zone: string) => Promise<readonly string[]>;
}

/** The result for an environment without a domain name. */
export const noDomain = 'the table names no domain; the address is that of CloudFront or the API';

export function zoneCheck({ zone, nameServers, delegatedTo }: ZoneProps): Check {
  return {
    id: 'zone',
    title: 'hosted zone',
    run: async () => {
      if (zone === undefined) return ok(noDomain);
      const [own, asked] = await Promise.all([nameServers(zone), delegatedTo(zone)]);
      if (own === undefined) {
        return wrong(
          `Route 53 has no public zone ${zone}`,
          `aws route53 create-hosted-zone --name ${zone} --caller-reference first`,
        );
      }
      const [ours, theirs] = [sorted(own), sorted(asked)];
      if (ours.join() === theirs.join()) return ok(`${zone}, delegated to Route 53`);
      const found =
        theirs.length === 0
          ? `${zone} exists, but is not delegated to Route 53`
          : `${zone} exists, but is delegated to ${theirs.join(', ')}`;
      return wrong(found, `give your registrar these name servers: ${ours.join(', ')}`);
    },
  };
}

function sorted(servers: readonly string[]): readonly string[] {
  return servers.map((server) => server.toLowerCase().replace(/\.$/, '')).sort();
}
