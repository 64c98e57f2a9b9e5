import { configuration } from '../../config/environments';

/** On Linux all addresses of 127.0.0.0/8 belong to this machine, so a request can be sent from this one. */
export const blockedAddress = '127.0.0.9';

/** An edge that blocks requests from this address only. */
export const openEdge = {
  ...configuration.environments.prod.edge,
  blockedAddresses: [`${blockedAddress}/32`],
  requestLimit: 2_000_000,
  loginLimit: 2_000_000,
};
