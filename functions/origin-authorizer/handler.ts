import { createAuthorizer } from './authorizer';
import { readConfiguration } from './configuration';
import { readParameters } from './parameter-store';

/** What Lambda calls. */
export const handler = createAuthorizer(readConfiguration(process.env), readParameters);
