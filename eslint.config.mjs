import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const barrels = ['@cdktf/provider-aws', '@cdktf/provider-docker'].map((name) => ({
  name,
  message: `Import ${name}/lib/<resource>: the barrel costs two seconds and 500 MB (docs/architecture.md).`,
}));

/** Imports have one direction: main → stacks → constructs → aws; cli and policies may import config. */
const arrow = (folder, ...forbidden) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        paths: barrels,
        patterns: forbidden.map((target) => ({
          regex: `^(\\.{1,2}/)+${target}(/|$)`,
          message: `${folder} must not import ${target}: see the arrow of imports in docs/architecture.md.`,
        })),
      },
    ],
  },
});

const floors = [
  'main',
  'stacks',
  'cli',
  'policies',
  'constructs',
  'emulator',
  'functions',
  'images',
  'config',
  'aws',
];
const allBut = (...allowed) => floors.filter((floor) => !allowed.includes(floor));

export default tseslint.config(
  { ignores: ['node_modules', 'cdktf.out', 'hcl.out', '.kairos', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { paths: barrels }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // A construct is created for its effect on its scope.
      'no-new': 'off',
    },
  },
  arrow('stacks', ...allBut('stacks', 'constructs', 'images', 'config', 'aws')),
  arrow('constructs', ...allBut('constructs', 'functions', 'aws')),
  arrow('policies', ...allBut('policies', 'config', 'aws')),
  arrow('cli', ...allBut('cli', 'images', 'config', 'aws')),
  arrow('images', ...allBut('images', 'config', 'aws')),
  arrow('config', ...allBut('config', 'aws')),
  arrow('functions', ...allBut('functions')),
  arrow('aws', ...allBut('aws')),
  {
    // Every file may import it, and it imports none.
    files: ['errors.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: ['.*'] }] },
  },
  {
    files: ['config/**/*.ts', 'images/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "ThrowStatement > NewExpression[callee.name='Error']",
          message:
            'Throw a UserError (errors.ts) with what was wrong and what to type; what cannot happen is an assert.',
        },
      ],
    },
  },
  {
    // CloudFront calls `handler`; the host is declared before the code of the file.
    files: ['functions/**/*.js'],
    languageOptions: { sourceType: 'script', globals: { originHost: 'readonly' } },
    rules: { 'no-unused-vars': ['error', { varsIgnorePattern: '^handler$' }] },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        exports: 'readonly',
        setTimeout: 'readonly',
        setInterval: 'readonly',
        Buffer: 'readonly',
        SharedArrayBuffer: 'readonly',
        Atomics: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        process: 'readonly',
        console: 'readonly',
        jest: 'readonly',
      },
    },
  },
);
