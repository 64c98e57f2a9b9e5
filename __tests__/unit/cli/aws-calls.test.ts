import { callOf, rememberCalls } from '../../../cli/aws-calls';

/** @returns what is recorded of a failed call. */
async function remembered(clientName: string, commandName: string, input: object) {
  const error = new Error('denied');
  const call = rememberCalls(() => Promise.reject(error), { clientName, commandName });
  await expect(call({ input })).rejects.toBe(error);
  return callOf(error);
}

describe('a failed call', () => {
  it.each([
    ['S3Client', 'HeadBucketCommand', { Bucket: 'states' }, 'states'],
    ['S3Client', 'GetObjectCommand', { Key: 'dev.tfstate', Bucket: 'states' }, 'states/dev.tfstate'],
    ['KMSClient', 'DescribeKeyCommand', { KeyId: 'alias/kairos-dev' }, 'alias/kairos-dev'],
    ['SSMClient', 'PutParameterCommand', { KeyId: 'alias/kairos-dev', Name: '/kairos/x' }, '/kairos/x'],
    ['IAMClient', 'GetRoleCommand', { RoleName: 'kairos-dev-plan' }, 'kairos-dev-plan'],
    ['CloudFormationClient', 'DescribeStacksCommand', { StackName: 'kairos-backend' }, 'kairos-backend'],
    ['ApiGatewayV2Client', 'GetApiCommand', { ApiId: 'a1b2' }, 'a1b2'],
    ['ACMClient', 'DescribeCertificateCommand', { CertificateArn: 'arn:x' }, 'arn:x'],
    ['STSClient', 'GetCallerIdentityCommand', {}, ''],
    ['ECRClient', 'BatchGetImageCommand', { imageIds: [], repositoryName: 'kairos' }, 'kairos'],
  ])('of %s, %s is recorded with its resource: %j', async (client, command, input, resource) => {
    expect((await remembered(client, command, input))?.resource).toBe(resource);
  });

  it.each([
    ['CloudWatchLogsClient', 'StartQueryCommand', 'logs:StartQuery', 'logs:StartQuery'],
    ['ApiGatewayV2Client', 'GetApisCommand', 'apigateway:GetApis', 'apigateway:GET'],
    ['S3Client', 'ListObjectsV2Command', 's3:ListObjectsV2', 's3:ListBucket'],
    ['S3Client', 'PutObjectCommand', 's3:PutObject', 's3:PutObject'],
  ])('of %s, %s is recorded with the permission that it needs', async (client, command, action, right) => {
    expect(await remembered(client, command, {})).toEqual({ action, right, resource: '' });
  });
});
