import { type CloudRecord } from '../../cli/local/home';
import { CloudHunt } from '../../scripts/hunt/cloud-hunt';
import type { Hunted } from '../../scripts/hunt/secret-hunt';
import { BareCloud } from './bare-cloud';

/** A secret to plant. Its pieces occur in nothing else. */
export const secret = 'qzjxvkwpygbmhf';

/** Eight characters of it. */
export const piece = secret.slice(3, 11);

/** The local cloud's own account, and another one in it. */
export const [shared, own] = ['992382417038', '111122223333'];

/** The region of the other account. */
export const ownRegion = 'eu-central-1';

/** An empty local cloud in which the secret is searched for. */
export class HuntedCloud {
  private constructor(
    readonly bare: BareCloud,
    readonly record: CloudRecord,
  ) {}

  static async up(): Promise<HuntedCloud> {
    const bare = await BareCloud.up();
    const record = bare.home.read();
    if (record === undefined) throw new Error('the local cloud does not run');
    return new HuntedCloud(bare, record);
  }

  /** @returns the options of an AWS client, as the root user of an account in its region or another one. */
  options(account: string, region: string = account === own ? ownRegion : this.record.region) {
    const credentials = { accessKeyId: account === shared ? 'test' : account, secretAccessKey: 'test' };
    return { ...this.bare.clientOptions, region, credentials };
  }

  /** @returns a search in both accounts. @param folders in which files are searched too. */
  hunt(...folders: readonly string[]): CloudHunt {
    const hunt = new CloudHunt({ folders, accounts: [{ accountId: own, region: ownRegion }] });
    hunt.know(new Map([['PASSWORD', secret]]));
    return hunt;
  }

  /** Searches everything once. */
  search(): Promise<Hunted> {
    return this.hunt().search(this.record);
  }
}
