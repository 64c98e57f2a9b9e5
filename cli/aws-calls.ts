/** A call to AWS. */
export interface AwsCall {
  /** The operation: `ssm:PutParameter`. */
  readonly action: string;
  /** The IAM action that allows it. A few operations need an action with another name. */
  readonly right: string;
  /** The name of its resource, or an empty string. */
  readonly resource: string;
}

const calls = new WeakMap<object, AwsCall>();

/** @returns the call that caused an error, if its client has `rememberCalls`. */
export function callOf(error: object): AwsCall | undefined {
  return calls.get(error);
}

interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}

/**
 * Middleware for clients of the SDK. S3 only says "Access Denied", so an error is stored together with its call. Add it
 * in the step `initialize`.
 */
export function rememberCalls<Arguments extends { readonly input: object }, Output>(
  next: (given: Arguments) => Promise<Output>,
  { clientName = '', commandName = '' }: Context,
): (given: Arguments) => Promise<Output> {
  return async (given) => {
    try {
      return await next(given);
    } catch (error) {
      if (typeof error === 'object' && error !== null) {
        const client = clientName.replace(/Client$/, '').toLowerCase();
        const action = `${services[client] ?? client}:${commandName.replace(/Command$/, '')}`;
        calls.set(error, { action, right: rightOf(action), resource: resourceIn(given.input) });
      }
      throw error;
    }
  };
}

/** The services whose client has another name than the service has in IAM. */
const services: Readonly<Record<string, string>> = { cloudwatchlogs: 'logs', apigatewayv2: 'apigateway' };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const rights: Readonly<Record<string, string>> = {
  's3:CopyObject': 's3:PutObject',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:ListObjectsV2': 's3:ListBucket',
};

/** The actions of API Gateway are HTTP methods: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html */
function rightOf(action: string): string {
  return rights[action] ?? action.replace(/^apigateway:Get.*/, 'apigateway:GET');
}

/**
 * The members with which the services that are called here name their resource, the most specific first: a request that
 * writes a parameter contains the parameter and its key, and one to KMS contains the key only.
 */
const names = [
  'Name',
  'repositoryName',
  'FunctionName',
  'logGroupName',
  'RoleName',
  'StackName',
  'ApiId',
  'CertificateArn',
  'KeyId',
];

function resourceIn(input: object): string {
  const members = new Map<string, unknown>(Object.entries(input));
  const text = (name: string) => {
    const value = members.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const [bucket, key] = [text('Bucket'), text('Key')];
  if (bucket !== undefined) return key === undefined ? bucket : `${bucket}/${key}`;
  return names.map(text).find((name) => name !== undefined) ?? '';
}
