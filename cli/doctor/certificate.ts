import { type Check, ok, unknown, wrong } from './check';
import { noDomain } from './domain';

/** A certificate in ACM. */
export interface CertificateLook {
  /** `ISSUED`, `PENDING_VALIDATION`, `EXPIRED`, … */
  readonly status: string;
  /** @default - it is not issued */
  readonly expires?: Date;
  /** Why it failed. @default - it did not */
  readonly reason?: string;
}

export interface CertificateProps {
  /** The domain name of the certificate. @default - the environment has no domain name */
  readonly name?: string;
  /** The stack that creates it. */
  readonly stack: string;
  readonly read: (name: string) => Promise<CertificateLook | undefined>;
  readonly now: () => Date;
}

/** ACM renews a certificate 60 days before it expires. If fewer days remain, the renewal has failed. */
const leastRest = 30;

export function certificateCheck({ name, stack, read, now }: CertificateProps): Check {
  return {
    id: 'certificate',
    title: 'certificate',
    run: async () => {
      if (name === undefined) return ok(noDomain);
      const certificate = await read(name);
      const deploy = `npx cdktf deploy ${stack}`;
      if (certificate === undefined) return unknown(`there is none for ${name} yet`, deploy);
      const { status, expires, reason } = certificate;
      if (status === 'PENDING_VALIDATION') {
        return wrong(
          `for ${name} waits for its record in DNS`,
          'correct the records of the hosted zone; ACM checks them again by itself',
        );
      }
      if (status !== 'ISSUED') {
        return wrong(`for ${name} is ${status}${reason === undefined ? '' : ` (${reason})`}`, deploy);
      }
      const days =
        expires === undefined ? Infinity : Math.floor((expires.getTime() - now().getTime()) / 86_400_000);
      if (days < leastRest) {
        return wrong(
          `for ${name} expires in ${days} days, and ACM has not renewed it`,
          'its validation record must still exist in DNS: npx cdktf plan ' + stack,
        );
      }
      return ok(expires === undefined ? `for ${name}` : `for ${name}, ${days} days`);
    },
  };
}
