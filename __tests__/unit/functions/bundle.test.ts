import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { strFromU8, unzipSync } from 'fflate';
import { bundleFunction, functionCode, zipOf } from '../../../functions/bundle';
import recorded from '../../fixtures/authorizer-event.json';

const root = join(__dirname, '../../..');

describe("the authorizer's bundle", () => {
  const bundle = bundleFunction('origin-authorizer');

  test('is smaller than 30 KB, zipped and unzipped', () => {
    expect(Buffer.byteLength(bundle)).toBeLessThan(30_000);
    expect(statSync(functionCode('origin-authorizer').path).size).toBeLessThan(30_000);
  });

  test('needs only modules of the runtime', () => {
    const required = [...bundle.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
    expect(new Set(required)).toEqual(new Set(['node:crypto', '@aws-sdk/client-ssm']));
    expect(bundle).not.toMatch(/\bimport\(/);
  });

  test('exports a handler that accepts a recorded event, without loading the SDK', async () => {
    const loaded: string[] = [];
    const module: { exports: { handler?: (event: unknown) => Promise<unknown> } } = { exports: {} };
    const secret = createHash('sha256').update(recorded.headers['x-origin-verify']).digest('hex');
    runInContext(
      bundle,
      createContext({
        module,
        Buffer,
        process: { env: { KAIROS_ORIGIN_HEADER: 'x-origin-verify', KAIROS_ORIGIN_HASHES: secret } },
        require: (name: string): unknown => {
          loaded.push(name);
          return jest.requireActual(name);
        },
      }),
    );
    expect(await module.exports.handler?.(recorded)).toEqual({ isAuthorized: true });
    expect(loaded).toEqual(['node:crypto']);
  });
});

describe('the zip file', () => {
  const { path, hash } = functionCode('origin-authorizer');

  test('contains only the bundle', () => {
    const files = unzipSync(readFileSync(path));
    expect(Object.keys(files)).toEqual(['handler.js']);
    expect(strFromU8(files['handler.js'] ?? new Uint8Array())).toBe(bundleFunction('origin-authorizer'));
  });

  test('has the hash that it reports', () => {
    expect(createHash('sha256').update(readFileSync(path)).digest('base64')).toBe(hash);
  });

  test.each(['UTC', 'Asia/Tokyo', 'America/St_Johns'])(
    'is byte for byte the same, created again in %s',
    (zone) => {
      const made = execFileSync(
        process.execPath,
        [
          '-r',
          './bin/typescript',
          '-e',
          `const { bundleFunction, zipOf } = require('./functions/bundle.ts');
         process.stdout.write(Buffer.from(zipOf(bundleFunction('origin-authorizer'))));`,
        ],
        { cwd: root, env: { ...process.env, TZ: zone } },
      );
      expect(made.equals(readFileSync(path))).toBe(true);
    },
  );

  test('is different for other code', () => {
    expect(Buffer.from(zipOf('a'))).not.toEqual(Buffer.from(zipOf('b')));
  });
});
