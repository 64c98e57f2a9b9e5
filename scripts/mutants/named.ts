/** A change that once passed all tests, although it would have harmed production. */
export interface NamedMutant {
  readonly name: string;
  /** From the project's root. */
  readonly file: string;
  /** The text to replace; it occurs in the file once. */
  readonly from: string;
  readonly to: string;
  /** The nearest tests, relative to the project's root: of the unit tier, of the image, or of the local cloud. */
  readonly tests: readonly string[];
}

const backendStack = 'stacks/backend-stack.ts';
const table = '__tests__/unit/stacks/table.test.ts';
const startUp = 'images/backend/start_up';
const startUpTests = 'images/backend/tests';

export const namedMutants: readonly NamedMutant[] = [
  {
    name: 'the policies are not enforced',
    file: 'main.ts',
    from: '  enforce(app, policies);\n',
    to: '',
    tests: ['__tests__/unit/main.test.ts'],
  },
  {
    name: 'the reserved concurrency is left out',
    file: backendStack,
    from: '      reservedConcurrency: backend.reservedConcurrency,\n',
    to: '',
    tests: [table],
  },
  {
    name: 'the memory is another number of the row',
    file: backendStack,
    from: 'memory: backend.memory,',
    to: 'memory: backend.timeout,',
    tests: [table],
  },
  {
    name: "the gateway's time-out is the function's",
    file: backendStack,
    from: 'timeout: props.environment.gateway.timeout,',
    to: 'timeout: props.environment.function.timeout,',
    tests: [table],
  },
  {
    name: 'the retention of the function log is fixed',
    file: backendStack,
    from: 'retentionDays: props.environment.logRetention,',
    to: 'retentionDays: 30,',
    tests: [table],
  },
  {
    name: 'the throttle has its two numbers swapped',
    file: backendStack,
    from: 'throttlingRateLimit: gateway.throttlingRateLimit,\n      throttlingBurstLimit: gateway.throttlingBurstLimit,',
    to: 'throttlingRateLimit: gateway.throttlingBurstLimit,\n      throttlingBurstLimit: gateway.throttlingRateLimit,',
    tests: [table],
  },
  {
    name: 'the execution role reads the secrets of every environment',
    file: backendStack,
    from: 'parameterPath: this.names.secretsPath,',
    to: "parameterPath: '/kairos/',",
    tests: [table],
  },
  {
    name: 'functions of another prefix may pull the image',
    file: 'stacks/foundation-stack.ts',
    from: "functionNamePrefix: 'kairos-',",
    to: "functionNamePrefix: 'other-',",
    tests: ['__tests__/unit/stacks/stacks.test.ts'],
  },
  {
    name: 'the alias names another key',
    file: 'constructs/foundation/environment-key.ts',
    from: 'targetKeyId: key.keyId',
    to: "targetKeyId: 'another'",
    tests: ['__tests__/unit/constructs/foundation/secrets.test.ts'],
  },
  {
    name: "the firewall's log has no destination",
    file: 'constructs/edge/web-acl.ts',
    from: 'logDestinationConfigs: [logGroup.arn],',
    to: 'logDestinationConfigs: [],',
    tests: ['__tests__/unit/constructs/edge/waf.test.ts'],
  },
  {
    name: "the edge's access log goes nowhere",
    file: 'constructs/edge/access-log.ts',
    from: '[{ destinationResourceArn: this.logGroup.arn }]',
    to: '[]',
    tests: ['__tests__/unit/constructs/edge/edge.test.ts'],
  },
  {
    name: "the API's access log goes nowhere",
    file: 'constructs/api/http-api.ts',
    from: 'destinationArn: this.logGroup.arn,',
    to: "destinationArn: '',",
    tests: ['__tests__/unit/constructs/api/http-api.test.ts'],
  },
  {
    name: 'the precondition on the image is inverted',
    file: 'stacks/stack-release.ts',
    from: 'condition: Op.neq(this.digest, neverApplied),',
    to: 'condition: Op.eq(this.digest, neverApplied),',
    tests: ['__tests__/unit/stacks/stacks.test.ts'],
  },
  {
    name: 'bootstrap suspends the versions of the state',
    file: 'cli/bootstrap/state-buckets.ts',
    from: "{ Status: 'Enabled' }",
    to: "{ Status: 'Suspended' }",
    tests: ['__tests__/unit/cli/bootstrap.test.ts'],
  },
  {
    name: "the firewall's log redacts no header",
    file: 'constructs/edge/web-acl.ts',
    from: 'redactedFields: redactedHeaders.map(',
    to: 'redactedFields: redactedHeaders.slice(3).map(',
    tests: ['__tests__/unit/constructs/edge/waf.test.ts'],
  },
  {
    name: 'the names in an error are not compared with the secrets',
    file: `${startUp}/start.py`,
    from: 'named_in(error, os.environ, secrets)',
    to: 'named_in(error, os.environ, {})',
    tests: [`${startUpTests}/test_start.py`],
  },
  {
    name: 'a connection to the parameter store has no time-out',
    file: `${startUp}/parameter_store.py`,
    from: 'connection.timeout = self._bounded(CONNECT_TIMEOUT)',
    to: 'connection.timeout = None',
    tests: [`${startUpTests}/test_parameter_store.py`],
  },
  {
    name: 'no error code is treated as transient',
    file: `${startUp}/parameter_store.py`,
    from: ' or code in TRANSIENT_CODES:',
    to: ':',
    tests: [`${startUpTests}/test_parameter_store.py`],
  },
  {
    name: 'a response of the parameter store has no time-out',
    file: `${startUp}/parameter_store.py`,
    from: 'settimeout(self._bounded(READ_TIMEOUT))',
    to: 'settimeout(None)',
    tests: [`${startUpTests}/test_parameter_store.py`],
  },
  {
    name: 'what was compiled when the image was built is compiled again',
    file: `${startUp}/meanwhile.py`,
    from: 'compiled(read_table()), ',
    to: '',
    tests: [`${startUpTests}/test_meanwhile.py`],
  },
  {
    name: 'a table of another Python is accepted',
    file: `${startUp}/compiled.py`,
    from: ' if content.startswith(HEAD) else None',
    to: '',
    tests: [`${startUpTests}/test_compiled.py`],
  },
  {
    name: 'the proof header stays among the headers with several values',
    file: `${startUp}/origin.py`,
    from: '("headers", "multiValueHeaders")',
    to: '("headers",)',
    tests: [`${startUpTests}/test_origin.py`],
  },
  {
    name: 'the runner is not stopped with the local cloud',
    file: 'emulator/runner/__init__.py',
    from: '    seams.on_stop(_stop)\n',
    to: '',
    tests: ['emulator/tests/test_runner_environment.py', 'emulator/tests/test_server.py'],
  },
];
