import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import ts from 'typescript';

const source = readFileSync(join(__dirname, '../../../functions/relative-location/handler.js'), 'utf8');
const originHost = 'a1b2c3d4.execute-api.eu-west-2.amazonaws.com';
const viewerHost = 'api.findkairos.com';

interface Header {
  value: string;
  multiValue?: { value: string }[];
}
interface Response {
  statusCode: number;
  headers: Record<string, Header>;
}

/** Runs the function like CloudFront does: the declared host, then the file, in a separate context. */
const { handler } = runInContext(
  `const originHost = ${JSON.stringify(originHost)};\n${source}\n({ handler });`,
  createContext({}),
) as { handler: (event: { response: Response }) => Response };

function answer(headers: Record<string, Header>): Response {
  return handler({ response: { statusCode: 307, headers } });
}

function header(name: string, value: string): string | undefined {
  return answer({ [name]: { value } }).headers[name]?.value;
}

const location = (value: string) => header('location', value);

/** The address to which a browser follows this location, after a request to the edge. */
const followed = (value: string) => new URL(location(value) ?? '', `https://${viewerHost}/api/v1/journeys`);

describe('a redirect to the origin becomes relative', () => {
  test.each([
    ['a path', `https://${originHost}/api/v1/journeys/`, '/api/v1/journeys/'],
    ['a path with a query and a fragment', `https://${originHost}/a?b=c&d=e#f`, '/a?b=c&d=e#f'],
    ['plain http', `http://${originHost}/a`, '/a'],
    ['no scheme', `//${originHost}/a`, '/a'],
    ['a port', `https://${originHost}:443/a`, '/a'],
    ['another letter case', `HTTPS://${originHost.toUpperCase()}/A`, '/A'],
    ['no path', `https://${originHost}`, '/'],
    ['a query without a path', `https://${originHost}?a=b`, '/?a=b'],
    ['leading space', `  https://${originHost}/a`, '  /a'],
    ['commas and semicolons', `https://${originHost}/a,b;c`, '/a,b;c'],
  ])('%s', (_, before, after) => {
    expect(location(before)).toBe(after);
  });
});

describe('no other redirect is changed', () => {
  test.each([
    'https://www.findkairos.com/verify?token=abc',
    `https://${originHost}.evil.example/a`,
    `https://evil.example/${originHost}`,
    `https://evil-${originHost}/a`,
    `https://a1b2c3d4xexecute-api.eu-west-2.amazonaws.com/a`,
    `https://${originHost}:443@evil.example/`,
    `https://${originHost}@evil.example/`,
    `https://accounts.example/login?return=https://${originHost}/callback`,
    'https://other123.execute-api.eu-west-2.amazonaws.com/a',
    `ftp://${originHost}/a`,
    '/api/v1/journeys/',
    '',
  ])('%s', (value) => {
    expect(location(value)).toBe(value);
  });
});

describe('a redirect never leads a browser to another host', () => {
  test.each([
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    '/\n\r\\evil.example',
    '///evil.example',
  ])('with the origin followed by %j', (rest) => {
    expect(followed(`https://${originHost}${rest}`).host).toBe(viewerHost);
  });

  test('with any path, query or fragment after the origin', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '\t',
      '\n',
      '.',
      '?',
      '#',
      '@',
      ':',
      'evil.example',
      'https:',
      ' ',
      '%2f',
    );
    fc.assert(
      fc.property(fc.constantFrom('/', '?', '#'), fc.array(piece, { maxLength: 8 }), (first, rest) => {
        expect(followed(`https://${originHost}${first}${rest.join('')}`).host).toBe(viewerHost);
      }),
    );
  });

  test('any text without the origin is not changed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(location(text)).toBe(text);
      }),
    );
  });
});

describe('links to the origin in other headers are changed too', () => {
  test.each([
    ['content-location', `https://${originHost}/a`, '/a'],
    ['sourcemap', `https://${originHost}/a.map`, '/a.map'],
    ['refresh', `0; url=https://${originHost}/a`, '0; url=/a'],
    ['refresh', `0; URL="https://${originHost}/a"`, '0; URL="/a"'],
    [
      'link',
      `<https://${originHost}/a?page=2>; rel="next", <https://${originHost}>; rel="first", <https://cdn.example/x>; rel="preload"`,
      '</a?page=2>; rel="next", </>; rel="first", <https://cdn.example/x>; rel="preload"',
    ],
  ])('%s: %s', (name, before, after) => {
    expect(header(name, before)).toBe(after);
  });

  test.each(['access-control-allow-origin', 'content-security-policy', 'x-note'])(
    '%s contains an origin or a text, not a link, and is not changed',
    (name) => {
      expect(header(name, `https://${originHost}`)).toBe(`https://${originHost}`);
    },
  );

  test('every value of a repeated header is changed', () => {
    const { headers } = answer({
      link: {
        value: `<https://${originHost}/a>`,
        multiValue: [{ value: `<https://${originHost}/a>` }, { value: `<https://${originHost}/b>` }],
      },
    });
    expect(headers.link).toEqual({ value: '</a>', multiValue: [{ value: '</a>' }, { value: '</b>' }] });
  });
});

test('status, other headers and responses without links are not changed', () => {
  const response = { statusCode: 200, headers: { 'content-type': { value: 'application/json' } } };
  expect(handler({ response: structuredClone(response) })).toEqual(response);
});

describe('the file is accepted by the runtime', () => {
  test('it uses no syntax that cloudfront-js-2.0 does not have', () => {
    const lacking = new Set([
      ts.SyntaxKind.ForOfStatement,
      ts.SyntaxKind.ObjectBindingPattern,
      ts.SyntaxKind.ArrayBindingPattern,
      ts.SyntaxKind.SpreadElement,
      ts.SyntaxKind.SpreadAssignment,
      ts.SyntaxKind.ShorthandPropertyAssignment,
      ts.SyntaxKind.ClassDeclaration,
      ts.SyntaxKind.QuestionDotToken,
      ts.SyntaxKind.QuestionQuestionToken,
      ts.SyntaxKind.ImportDeclaration,
      ts.SyntaxKind.ExportDeclaration,
    ]);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (lacking.has(node.kind)) {
        found.push(node.getText());
      }
      node.getChildren().forEach(visit);
    };
    visit(ts.createSourceFile('handler.js', source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS));
    expect(found).toEqual([]);
  });

  test('it contains nothing that Terraform would evaluate as a template', () => {
    expect(source).not.toMatch(/[$%]\{/);
  });

  test("it is smaller than CloudFront's limit of 10 KB", () => {
    expect(Buffer.byteLength(source)).toBeLessThan(10_000);
  });
});
