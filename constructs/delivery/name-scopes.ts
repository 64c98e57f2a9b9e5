import { every, type ScopedResources, type Scopes } from './scopes';

export interface NameScopesProps {
  /**
   * The domain name of an environment, such as api.findkairos.com. @default - none, and no permission for certificates
   */
  readonly domainName?: string;
  /** The domain names of the other environments, whose records it may not change. @default - there are none */
  readonly otherDomainNames?: readonly string[];
  /** The ARN of the hosted zone of the name. */
  readonly zone: readonly string[];
}

const recordNames = 'route53:ChangeResourceRecordSetsNormalizedRecordNames';

/**
 * @returns the permissions of a role for certificates and DNS records. AWS restricts them by the names in a request.
 */
export function nameScopes({ domainName, otherDomainNames = [], zone }: NameScopesProps): Scopes {
  return {
    'new-certificate': named(domainName, 'acm:DomainNames', ['*'], (name) => [name]),
    record: named(domainName, recordNames, zone, recordsOf),
    // The previous name is no longer in the table, so it is unknown here.
    'old-record': {
      resources: [...zone],
      condition: [
        ...every('StringEquals', 'route53:ChangeResourceRecordSetsActions', ['DELETE']),
        ...every('StringEquals', 'route53:ChangeResourceRecordSetsRecordTypes', ['A', 'AAAA', 'CNAME']),
        ...(otherDomainNames.length === 0
          ? []
          : every('StringNotLike', recordNames, otherDomainNames.flatMap(recordsOf))),
      ],
    },
  };
}

/**
 * @returns the names of the records that point to the domain name, and of the record that validates its certificate.
 */
function recordsOf(name: string): string[] {
  return [name, `_*.${name}`];
}

/** @returns the condition for records of the environment's own domain name. */
function named(
  domainName: string | undefined,
  variable: string,
  resources: readonly string[],
  names: (domain: string) => string[],
): ScopedResources | 'nothing' {
  if (domainName === undefined) return 'nothing';
  return { resources: [...resources], condition: every('StringLike', variable, names(domainName)) };
}
