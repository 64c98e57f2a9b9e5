import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePoliciesExclusive } from '@cdktf/provider-aws/lib/iam-role-policies-exclusive';
import { IamRolePolicyAttachmentsExclusive } from '@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { Construct } from 'constructs';
import { githubIssuer } from '../../aws/iam';
import { tokenAudience } from './identity-provider';

/** A repository, by its names, and by the ids that do not change if it is renamed. */
export interface GitHubRepository {
  readonly owner: string;
  readonly ownerId: number;
  readonly name: string;
  readonly id: number;
}

export interface PipelineRoleProps {
  /** The name of the role. */
  readonly name: string;
  /** The description of the role. */
  readonly description: string;
  /** The ARN of the identity provider. */
  readonly providerArn: string;
  readonly repository: GitHubRepository;
  /** Which jobs of the repository: `environment:prod`, `pull_request`, `ref:refs/heads/main`. */
  readonly contexts: readonly string[];
  /** What the role may do. */
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
  /** The ARN of the permissions boundary. */
  readonly boundaryArn: string;
}

/** In seconds. Enough for two whole deploys of an environment with a distribution. */
const longestSession = 2 * 3600;

/** A role that only jobs of one repository can assume, with GitHub's token. */
export class PipelineRole extends Construct {
  readonly role: IamRole;

  constructor(scope: Construct, id: string, props: PipelineRoleProps) {
    super(scope, id);
    this.role = new IamRole(this, 'Default', {
      name: props.name,
      description: props.description,
      assumeRolePolicy: this.createTrust(props),
      maxSessionDuration: longestSession,
      permissionsBoundary: props.boundaryArn,
    });
    const policies = packed(props.statements).map((statements, index) =>
      this.createPolicy(`${props.name}-${index + 1}`, index + 1, statements),
    );
    this.allowNoOther(policies);
  }

  private createPolicy(
    name: string,
    number: number,
    statement: DataAwsIamPolicyDocumentStatement[],
  ): IamPolicy {
    const document = new DataAwsIamPolicyDocument(this, `Document-${number}`, { statement });
    const policy = new IamPolicy(this, `Policy-${number}`, { name, policy: document.json });
    new IamRolePolicyAttachment(this, `Attachment-${number}`, {
      role: this.role.name,
      policyArn: policy.arn,
    });
    return policy;
  }

  /**
   * With these, a policy that somebody adds by hand is drift, and the next deploy removes it. Without them no plan
   * would show it.
   */
  private allowNoOther(policies: readonly IamPolicy[]): void {
    new IamRolePolicyAttachmentsExclusive(this, 'Attachments', {
      roleName: this.role.name,
      policyArns: policies.map(({ arn }) => arn),
    });
    new IamRolePoliciesExclusive(this, 'OwnPolicies', { roleName: this.role.name, policyNames: [] });
  }

  /**
   * One statement with exact strings. A missing key fails the statement, and a key in a second statement would restrict
   * nothing.
   */
  private createTrust({ providerArn, repository, contexts }: PipelineRoleProps): string {
    const equals = (claim: string, values: string[]) => ({
      test: 'StringEquals',
      variable: `${githubIssuer}:${claim}`,
      values,
    });
    return new DataAwsIamPolicyDocument(this, 'TrustDocument', {
      statement: [
        {
          sid: 'JobsOfTheRepository',
          actions: ['sts:AssumeRoleWithWebIdentity'],
          principals: [{ type: 'Federated', identifiers: [providerArn] }],
          condition: [
            equals('aud', [tokenAudience]),
            equals(
              'sub',
              contexts.flatMap((context) => subjects(repository, context)),
            ),
            equals('repository_id', [String(repository.id)]),
          ],
        },
      ],
    }).json;
  }
}

/**
 * In characters without white space. The limit of a managed policy is 6,144. The limit of all inline policies of a role
 * is 10,240 together, which is too small for a deploy role. The number leaves some reserve, because Terraform's JSON
 * can be longer than that of `JSON.stringify`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const longestPolicy = 5_600;

/** @returns the statements in as few policies as possible, in their order. */
function packed(
  statements: readonly DataAwsIamPolicyDocumentStatement[],
): DataAwsIamPolicyDocumentStatement[][] {
  const policies: DataAwsIamPolicyDocumentStatement[][] = [];
  let room = 0;
  for (const statement of statements) {
    const { length } = JSON.stringify(statement);
    if (length > room) {
      policies.push([]);
      room = longestPolicy;
    }
    policies.at(-1)?.push(statement);
    room -= length;
  }
  return policies;
}

/**
 * @returns both forms of a subject. Repositories that were created, renamed or moved after 2026-07-15 send the ids too.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export function subjects({ owner, ownerId, name, id }: GitHubRepository, context: string): string[] {
  return [`repo:${owner}/${name}:${context}`, `repo:${owner}@${ownerId}/${name}@${id}:${context}`];
}
