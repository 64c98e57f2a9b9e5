import { AssumeRoleWithWebIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import {
  createPrivateKey,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { codeOf } from '../../errors';
import { configuration } from '../../config/environments';
import type { LocalHome } from '../../cli/local/home';
import type { Shell } from '../../cli/process';
import { githubIssuer as issuer } from '../../aws/iam';
import { subjects } from '../../constructs/delivery/pipeline-role';

/** GitHub as an identity provider: a local cloud accepts these tokens as GitHub's. */
export class GitHubIdentity {
  private readonly key: KeyObject;

  /** @param home the folder of the local cloud, which reads the public key for the tokens there. */
  constructor(home: LocalHome) {
    mkdirSync(home.path('issuers'), { recursive: true });
    // The files of the tier share a cloud, and therefore its key. The first one creates it, and no file is read before
    // it is complete.
    const [mine, file] = [home.path('issuers', `${process.pid}.pem`), home.path('issuers', 'github.pem')];
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(mine, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    try {
      linkSync(mine, file);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    this.key = createPrivateKey(readFileSync(file));
    const keys = home.path('issuers', `${process.pid}.json`);
    unlinkSync(mine);
    writeFileSync(keys, JSON.stringify({ keys: [createPublicKey(this.key).export({ format: 'jwk' })] }));
    renameSync(keys, home.path('issuers', `${issuer}.json`));
  }

  /**
   * Signs in like a job of this repository.
   * @param context the job: `environment:dev`, `pull_request`.
   * @param accountId of the role. @default - the account of the table
   * @returns the environment variables of the job.
   */
  async signIn(
    client: STSClientConfig,
    role: string,
    context: string,
    accountId = configuration.accountId,
  ): Promise<Shell> {
    const { Credentials } = await new STSClient(client).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${accountId}:role/${role}`,
        RoleSessionName: 'a-job',
        WebIdentityToken: this.token(context),
      }),
    );
    return {
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
      AWS_SESSION_TOKEN: Credentials?.SessionToken,
    };
  }

  private token(context: string): string {
    const { github, repository } = configuration;
    if (github === false) throw new Error('the table lets no job of GitHub in');
    const [, owner = '', name = ''] = repository.split('/');
    const [, sub] = subjects({ owner, ownerId: github.ownerId, name, id: github.repositoryId }, context);
    const claims = {
      iss: `https://${issuer}`,
      aud: 'sts.amazonaws.com',
      sub,
      repository_id: String(github.repositoryId),
      exp: Math.floor(Date.now() / 1000) + 3600,
    };
    const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(this.key).toString('base64url')}`;
  }
}
