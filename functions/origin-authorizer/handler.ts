import { createAuthorizer } from './authorizer';
import { readConfiguration } from './configuration';
import { readParameters } from './parameter-store';

/** The handler of the function. */
export const handler = createAuthorizer(readConfiguration(process.env), readParameters);
