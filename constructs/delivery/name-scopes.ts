import { every, type ScopedResources, type Scopes } from './scopes';

export interface NameScopesProps {
  /** The name that an environment answers to, such as api.findkairos.com. @default - it has none, and gets no certificate */
  readonly domainName?: string;
  /** The names of the other environments, whose records it leaves alone. @default - none has one */
  readonly otherDomainNames?: readonly string[];
  /** The ARN of the hosted zone of the name. */
  readonly zone: readonly string[];
}

const recordNames = 'route53:ChangeResourceRecordSetsNormalizedRecordNames';

/** @returns what a role may touch of certificates and DNS records, which AWS narrows by the names in a request. */
export function nameScopes({ domainName, otherDomainNames = [], zone }: NameScopesProps): Scopes {
  return {
    'new-certificate': named(domainName, 'acm:DomainNames', ['*'], (name) => [name]),
    record: named(domainName, recordNames, zone, recordsOf),
    // The name that it had before is off the table: nobody can say it here.
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

/** @returns the names of the records that lead to a name, and of the one that proves its certificate. */
function recordsOf(name: string): string[] {
  return [name, `_*.${name}`];
}

/** @returns what is about the environment's own name alone. */
function named(
  domainName: string | undefined,
  variable: string,
  resources: readonly string[],
  names: (domain: string) => string[],
): ScopedResources | 'nothing' {
  if (domainName === undefined) return 'nothing';
  return { resources: [...resources], condition: every('StringLike', variable, names(domainName)) };
}
