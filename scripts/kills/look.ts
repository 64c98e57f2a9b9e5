import {
  GetAliasCommand,
  GetFunctionCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { endpointOf } from '../../cli/local/server';
import { type EnvironmentNames, namesOf, stateBucketName } from '../../config/names';
import type { LocalCloud } from '../local-cloud';

/** The real status of an environment in AWS, to compare `status` with. */
export interface Truth {
  readonly version: string;
  readonly digest: string;
  /** The share of the requests of a second version. */
  readonly share: number;
  /** The id of the lock. @default - the state is not locked */
  readonly lock?: string;
}

/** Reads AWS without the code of the project. */
export class Look {
  readonly clientOptions: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  private readonly lambda: LambdaClient;
  private readonly s3: S3Client;
  private readonly bucket: string;
  private readonly names: EnvironmentNames;

  constructor({ record, environment }: Pick<LocalCloud, 'record' | 'environment'>) {
    this.names = namesOf(environment);
    this.clientOptions = {
      endpoint: endpointOf(record),
      region: record.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    this.lambda = new LambdaClient(this.clientOptions);
    this.s3 = new S3Client({ ...this.clientOptions, forcePathStyle: true });
    this.bucket = stateBucketName(record.accountId, environment);
  }

  async truth(): Promise<Truth> {
    const alias = await this.lambda.send(
      new GetAliasCommand({ FunctionName: this.names.function, Name: this.names.alias }),
    );
    const version = alias.FunctionVersion ?? '';
    const [share = 0] = Object.values(alias.RoutingConfig?.AdditionalVersionWeights ?? {});
    return { version, digest: await this.digestOf(version), share, lock: await this.lock() };
  }

  /** @returns the digest of a version's image, or of the image of the next version. */
  async digestOf(version?: string): Promise<string> {
    const { Code } = await this.lambda.send(
      new GetFunctionCommand({ FunctionName: this.names.function, Qualifier: version }),
    );
    return Code?.ImageUri?.split('@')[1] ?? '';
  }

  async countVersions(): Promise<number> {
    const { Versions = [] } = await this.lambda.send(
      new ListVersionsByFunctionCommand({ FunctionName: this.names.function }),
    );
    return Versions.length;
  }

  /** @returns the id of the state's lock. */
  async lock(): Promise<string | undefined> {
    try {
      const Key = `${this.names.stack}.tfstate.tflock`;
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
      return /"ID":"([^"]+)"/.exec((await Body?.transformToString()) ?? '')?.[1];
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }
}
