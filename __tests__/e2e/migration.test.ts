import { Load } from '../support/load';
import { describeEdge, describeLock, describeWithoutEdge } from './migration/afterwards';
import { describeWayBack } from './migration/back';
import { Migration } from './migration/migration';
import { describePreparation } from './migration/prepare';
import { describeTakeover } from './migration/takeover';

/**
 * The way of docs/migration.md: from the earlier guide's stack to kairos-dev, and back. Eight clients call it all the
 * time, and every step is killed midway and repeated.
 */
const migration = new Migration();
beforeAll(() => migration.begin());
afterAll(() => migration.end());

/** Eight clients of one address, while the tests of a block run. Nobody may notice anything. */
function whileClientsCall(address: () => Promise<string>): void {
  let clients: Load | undefined;
  beforeAll(async () => {
    clients = new Load(await migration.backendAt(await address()));
  });
  afterAll(async () => {
    const { requests = 0, failed = [] } = (await clients?.stop()) ?? {};
    expect(failed.slice(0, 3)).toEqual([]);
    expect(requests).toBeGreaterThan(100);
  });
}

describe('while clients call the address', () => {
  whileClientsCall(() => migration.earlier.endpoint());
  describePreparation(migration);
  describeTakeover(migration);
  describeWayBack(migration);
  describe('after the way back', () => {
    describeTakeover(migration);
  });
  describeEdge(migration);
});

describe('while clients call the edge', () => {
  whileClientsCall(() => migration.url());
  describeLock(migration);
});

describe('while clients call the address again', () => {
  whileClientsCall(() => Promise.resolve(migration.plan.endpoint));
  describeWithoutEdge(migration);
});
