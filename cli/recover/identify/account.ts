import { z } from 'zod';
import { ifShown, ifThere } from './gone';
import { type Finder, type Identity, only } from './identity';

const policySchema = z.object({
  Statement: z.array(
    z.object({
      Sid: z.string(),
      Action: z.string(),
      Principal: z.object({ Service: z.string() }).partial().or(z.string()),
      Condition: z.unknown().optional(),
    }),
  ),
});

/** Other resources whose ids AWS generates. */
export const accountTypes: Readonly<Record<string, Finder>> = {
  aws_acm_certificate: async (wanted) => {
    const { paginateListCertificates } = await import('@aws-sdk/client-acm');
    const domain = await wanted.text('domain_name');
    const client = await wanted.clients.acm();
    const found: Identity[] = [];
    for await (const { CertificateSummaryList = [] } of paginateListCertificates({ client }, {})) {
      for (const { CertificateArn: id, DomainName, Status } of CertificateSummaryList) {
        const isUsable = Status === 'ISSUED' || Status === 'PENDING_VALIDATION';
        if (id !== undefined && DomainName === domain && isUsable && !wanted.isHeld(id)) found.push({ id });
      }
    }
    return only(found, `certificates of ${domain}`);
  },
  aws_cloudwatch_log_delivery: async (wanted) => {
    const { paginateDescribeDeliveries } = await import('@aws-sdk/client-cloudwatch-logs');
    const source = await wanted.text('delivery_source_name');
    const client = await wanted.clients.logs();
    for await (const { deliveries = [] } of paginateDescribeDeliveries({ client }, {})) {
      // A source has one delivery for each kind of destination, and this project has one kind.
      const found = deliveries.find(({ deliverySourceName }) => deliverySourceName === source);
      if (found?.id !== undefined) return { id: found.id };
    }
    return undefined;
  },
  aws_cloudwatch_query_definition: async (wanted) => {
    const { DescribeQueryDefinitionsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const name = await wanted.text('name');
    const client = await wanted.clients.logs();
    const { queryDefinitions = [] } = await client.send(
      new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: name }),
    );
    const found = queryDefinitions
      .filter((each) => each.name === name)
      .flatMap(({ queryDefinitionId }) => queryDefinitionId ?? [])
      .filter((id) => !wanted.isHeld(id));
    const { region, accountId } = wanted;
    return only(
      found.map((id) => ({ id: `arn:aws:logs:${region}:${accountId}:query-definition:${id}` })),
      `saved queries named ${name}`,
    );
  },
  aws_kms_key: async (wanted) => {
    const { DescribeKeyCommand, paginateListKeys } = await import('@aws-sdk/client-kms');
    const description = await wanted.text('description');
    const client = await wanted.clients.kms();
    const found: Identity[] = [];
    for await (const { Keys = [] } of paginateListKeys({ client }, {})) {
      for (const { KeyId } of Keys) {
        if (KeyId === undefined || wanted.isHeld(KeyId)) continue;
        // The account may have keys whose policies allow nobody else to read them.
        const key = (await ifShown(client.send(new DescribeKeyCommand({ KeyId }))))?.KeyMetadata;
        if (key?.Description !== description || key?.KeyState !== 'Enabled') continue;
        found.push({ id: KeyId, attributes: { arn: key.Arn ?? '' } });
      }
    }
    return only(found, `keys described as "${description}"`);
  },
  aws_lambda_permission: async (wanted) => {
    const { GetPolicyCommand } = await import('@aws-sdk/client-lambda');
    const FunctionName = await wanted.text('function_name');
    if (FunctionName === undefined) return undefined;
    const Qualifier = await wanted.text('qualifier');
    const [action, principal] = [await wanted.text('action'), await wanted.text('principal')];
    const client = await wanted.clients.lambda();
    const answer = await ifThere(client.send(new GetPolicyCommand({ FunctionName, Qualifier })));
    if (answer?.Policy === undefined) return undefined;
    const { Statement } = policySchema.parse(JSON.parse(answer.Policy));
    const name = Qualifier === undefined ? FunctionName : `${FunctionName}:${Qualifier}`;
    return only(
      Statement.filter(({ Action, Principal }) => {
        return (
          Action === action && (typeof Principal === 'string' ? Principal : Principal.Service) === principal
        );
      }).map(({ Sid }) => ({ id: `${name}/${Sid}` })),
      `permissions of ${name}`,
    );
  },
  aws_ssm_parameter: async (wanted) => {
    const id = await wanted.text('name');
    if (id === undefined) return undefined;
    if ((await wanted.text('type')) !== 'SecureString') return { id };
    const { paginateDescribeParameters } = await import('@aws-sdk/client-ssm');
    const client = await wanted.clients.ssm();
    const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: [id] }];
    // A page may be empty although a later one is not:
    // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
    for await (const { Parameters = [] } of paginateDescribeParameters({ client }, { ParameterFilters })) {
      const [parameter] = Parameters;
      if (parameter !== undefined) return { unclear: secretWords(id, parameter.Version === 1) };
    }
    return undefined;
  },
};

/** An import would decrypt the value and write it into the state, and old versions of the state would keep it too. */
function secretWords(name: string, isUnset: boolean): string {
  const remove = `aws ssm delete-parameter --name ${name}`;
  if (isUnset) {
    return `a secret is never imported, because its value would be in the state; it was never set, so it can be deleted: ${remove}`;
  }
  return `a secret is never imported, because its value would be in the state; save the value, then ${remove}, deploy, and npx kairos secrets set`;
}
