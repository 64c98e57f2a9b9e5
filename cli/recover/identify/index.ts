import { accountTypes } from './account';
import { apiTypes } from './api';
import { edgeTypes } from './edge';
import type { Finder } from './identity';
import { namedTypes } from './named';

/** How a resource of each type is found: by its name, or by a call to its service. */
export const finders: Readonly<Record<string, Finder>> = {
  ...namedTypes,
  ...apiTypes,
  ...edgeTypes,
  ...accountTypes,
};

/** The types that are never imported, and why a further deploy does not duplicate them. */
export const neverImported: Readonly<Record<string, string>> = {
  aws_acm_certificate_validation: 'it only waits for the certificate',
  aws_lambda_provisioned_concurrency_config: 'a second one of the same version replaces the first',
  aws_sns_topic_subscription: 'SNS answers a second subscription of the same address with the first one',
  docker_image: 'it is on the machine that builds',
  docker_registry_image: 'a push of the same layers changes nothing',
  terraform_data: 'it exists only in the state',
};
