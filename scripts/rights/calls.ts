import { z } from 'zod';

const callsSchema = z.array(
  z.object({
    role: z.string(),
    action: z.string(),
    resource: z.string(),
    keys: z.record(z.string(), z.unknown()),
  }),
);

/** A call of a role, as IAM of the local cloud evaluated it. */
export type Call = z.infer<typeof callsSchema>[number];

/** Generated parts of names, so that two runs make the same calls. */
const madeUp: readonly (readonly [RegExp, string])[] = [
  [/\/apis\/[a-z0-9]{8,12}(?=\/|$)/, '/apis/API'],
  [/%2Fapis%2F[a-z0-9]{8,12}(?=%2F|$)/, '%2Fapis%2FAPI'],
  [/\/(authorizers|integrations|routes|deployments)\/[a-z0-9]+/, '/$1/ID'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID'],
  [/(distribution|hostedzone|change|response-headers-policy|delivery)([/:])[A-Za-z0-9]{8,}$/, '$1$2ID'],
];

/** The condition keys that a policy of the pipelines uses. */
const asked =
  /^(aws:(requesttag|resourcetag)\/environment|acm:domainnames|iam:.*|kms:resourcealiases|route53:.*)$/;

/** @returns the calls of the pipelines' roles from the local cloud, sorted and without duplicates. */
export function plainCalls(answer: unknown): readonly Call[] {
  const found = new Map<string, Call>();
  for (const { role, action, resource, keys } of callsSchema.parse(answer)) {
    // Everybody may call it: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    if (!/^kairos-.*-(plan|deploy)$/.test(role) || action === 'sts:GetCallerIdentity') continue;
    const call: Call = {
      role,
      action,
      resource: madeUp.reduce((text, [pattern, name]) => text.replace(pattern, name), resource),
      keys: Object.fromEntries(
        Object.entries(keys)
          .filter(([name]) => asked.test(name))
          .sort(),
      ),
    };
    found.set(JSON.stringify(call), call);
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, call]) => call);
}
