import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { getAbsoluteFSPath } from 'swagger-ui-dist';
import { FrontDoor } from '../support/front-door';
import type { Project } from '../support/project';

/** @returns the Chromium of this machine; undefined if there is none. */
function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  return process.env.KAIROS_CHROMIUM ?? found;
}

/** The documentation of the API, as a person sees it. */
export function describeBrowser(project: Project): void {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    process.stderr.write(
      '  skipped: /docs in a real browser, for there is no Chromium here (apt-get install chromium)\n',
    );
    return;
  }
  let browser: Browser;
  let page: Page;
  let door: FrontDoor;

  beforeAll(async () => {
    door = await FrontDoor.of(project, 'kairos-prod');
    browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-sync',
      ],
    });
    page = await browser.newPage();
    await serveSwaggerFromItsPackage(page);
  });
  afterAll(() => browser.close());

  it('/docs renders through the edge, with the security headers', async () => {
    const response = await page.goto(`${door.url}/docs`);
    expect(response?.status()).toBe(200);
    expect(response?.headers()).toMatchObject({
      'strict-transport-security': expect.stringContaining('max-age=') as string,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    await page.getByRole('heading', { name: /App/ }).waitFor();
    expect(await page.locator('.opblock').count()).toBeGreaterThan(10);
  });

  it('a login with "Try it out" returns a token', async () => {
    const login = page.locator('.opblock', { hasText: '/api/v1/auth/token' }).first();
    await login.click();
    await login.getByRole('button', { name: 'Try it out' }).click();
    await login.getByPlaceholder('username').fill('ada@example.com');
    await login.getByPlaceholder('password').fill('correct horse battery staple');
    await login.getByRole('button', { name: 'Execute' }).click();
    await login.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(await login.locator('.live-responses-table').textContent()).toContain('access_token');
  });
}

/** The page loads its scripts from a CDN, which a test must not depend on. */
async function serveSwaggerFromItsPackage(page: Page): Promise<void> {
  await page.route(/^https?:\/\/(?!127\.0\.0\.1|localhost)/, async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const file = join(getAbsoluteFSPath(), name);
    if (/^swagger-ui[\w.-]*\.(js|css)$/.test(name) && existsSync(file)) {
      await route.fulfill({
        body: readFileSync(file),
        contentType: name.endsWith('.css') ? 'text/css' : 'text/javascript',
      });
    } else {
      await route.abort();
    }
  });
}
