import type { ClientOptions } from '../aws';
import { finders, neverImported } from './identify';
import { clientsOf } from './identify/clients';
import type { Identity, Unclear, Wanted } from './identify/identity';
import type { Candidate } from './probe';
import type { Missing, Planned } from './wanted';

/** A resource that is not imported, and why. */
export interface LeftOut {
  readonly address: string;
  /** As a clause. */
  readonly reason: string;
}

export interface Found {
  /** Resources that may exist: an id that is derived from a name does not mean that the resource exists. */
  readonly candidates: readonly Candidate[];
  readonly left: readonly LeftOut[];
}

export interface FindOptions {
  readonly accountId: string;
  readonly clientOptions: ClientOptions;
}

/** @returns the import ids of a stack's missing resources. */
export async function findMissing(planned: Planned, options: FindOptions): Promise<Found> {
  const search = new Search(planned, options);
  const candidates: Candidate[] = [];
  const left: LeftOut[] = [];
  for (const missing of planned.missing) {
    const { address, provider, type } = missing;
    if (type in neverImported) continue;
    const found = await search.identify(missing);
    if (found === undefined) continue;
    if ('unclear' in found) left.push({ address, reason: found.unclear });
    else candidates.push({ address, id: found.id, provider });
  }
  return { candidates, left };
}

/** Searches for each resource once, after those that it refers to. */
class Search {
  private readonly identities = new Map<string, Promise<Identity | Unclear | undefined>>();
  private readonly missing: ReadonlyMap<string, Missing>;

  constructor(
    private readonly planned: Planned,
    private readonly options: FindOptions,
  ) {
    this.missing = new Map(planned.missing.map((each) => [each.address, each]));
  }

  identify(missing: Missing): Promise<Identity | Unclear | undefined> {
    const known = this.identities.get(missing.address);
    if (known !== undefined) return known;
    const finder = finders[missing.type];
    const identity =
      finder === undefined
        ? Promise.resolve({ unclear: `there is no search for a ${missing.type}` })
        : finder(this.wanted(missing));
    this.identities.set(missing.address, identity);
    return identity;
  }

  private wanted(missing: Missing): Wanted {
    const { accountId, clientOptions } = this.options;
    const { type, region } = missing;
    return {
      type,
      accountId,
      region,
      text: (name) => this.text(missing, name),
      isHeld: (id) => this.isHeld(type, id),
      clients: clientsOf({ ...clientOptions, region: region === '' ? clientOptions.region : region }),
    };
  }

  private async text({ values, references }: Missing, name: string): Promise<string | undefined> {
    const known = textOf(values[name]);
    const reference = references[name];
    if (known !== undefined || reference === undefined) return known;
    const { address, attribute } = reference;
    const held = textOf(this.planned.held.get(address)?.[attribute]);
    const other = this.missing.get(address);
    if (held !== undefined || other === undefined) return held;
    const identity = await this.identify(other);
    if (identity === undefined || 'unclear' in identity) return undefined;
    return identity.attributes?.[attribute] ?? textOf(other.values[attribute]) ?? identity.id;
  }

  private isHeld(type: string, id: string): boolean {
    return [...this.planned.held].some(
      ([address, values]) => address.startsWith(`${type}.`) && textOf(values.id) === id,
    );
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
