import { certificateCheck, type CertificateLook } from '../../../../cli/doctor/certificate';

const now = new Date('2026-11-28T12:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

const check = (fakeCertificate: CertificateLook | undefined, name?: string) =>
  certificateCheck({
    name,
    stack: 'kairos-prod',
    read: () => Promise.resolve(fakeCertificate),
    now: () => now,
  }).run();

describe('certificate', () => {
  it('is not checked if the table has no domain', async () => {
    expect(await check(undefined)).toMatchObject({ state: 'ok' });
  });

  it.each<[string, CertificateLook | undefined, string, string]>([
    ['none yet', undefined, 'unknown', 'there is none for api.findkairos.com yet'],
    ['issued', { status: 'ISSUED', expires: inDays(200) }, 'ok', 'for api.findkairos.com, 200 days'],
    [
      'not renewed',
      { status: 'ISSUED', expires: inDays(29) },
      'wrong',
      'for api.findkairos.com expires in 29 days, and ACM has not renewed it',
    ],
    [
      'waiting',
      { status: 'PENDING_VALIDATION' },
      'wrong',
      'for api.findkairos.com waits for its record in DNS',
    ],
    [
      'failed',
      { status: 'FAILED', reason: 'CAA_ERROR' },
      'wrong',
      'for api.findkairos.com is FAILED (CAA_ERROR)',
    ],
  ])('%s', async (_, certificate, state, found) => {
    expect(await check(certificate, 'api.findkairos.com')).toMatchObject({ state, found });
  });
});
