// The architecture of this project as an AWS CDK application, only to compare the synth: it is never deployed. It is
// plain JavaScript, which needs no transpiling, and uses the packages that `npm run bench:aws-cdk` installs.
const { App, Duration, RemovalPolicy, Stack } = require('aws-cdk-lib');
const { CfnStage, HttpApi, HttpMethod } = require('aws-cdk-lib/aws-apigatewayv2');
const { HttpLambdaAuthorizer, HttpLambdaResponseType } = require('aws-cdk-lib/aws-apigatewayv2-authorizers');
const { HttpLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const { Distribution, PriceClass, ResponseHeadersPolicy } = require('aws-cdk-lib/aws-cloudfront');
const { HttpOrigin } = require('aws-cdk-lib/aws-cloudfront-origins');
const { Alarm, Dashboard, GraphWidget } = require('aws-cdk-lib/aws-cloudwatch');
const { SnsAction } = require('aws-cdk-lib/aws-cloudwatch-actions');
const { Repository, TagMutability } = require('aws-cdk-lib/aws-ecr');
const { PolicyStatement, Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
const { Key } = require('aws-cdk-lib/aws-kms');
const { Code, DockerImageCode, DockerImageFunction, Function, Runtime } = require('aws-cdk-lib/aws-lambda');
const { LogGroup, RetentionDays } = require('aws-cdk-lib/aws-logs');
const { Topic } = require('aws-cdk-lib/aws-sns');
const { CfnWebACL } = require('aws-cdk-lib/aws-wafv2');

const environments = ['dev', 'staging', 'prod'];
const account = '992382417038';
const managedRules = ['CommonRuleSet', 'KnownBadInputsRuleSet', 'SQLiRuleSet', 'AmazonIpReputationList'];

class Foundation extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    this.repository = new Repository(this, 'Images', {
      repositoryName: 'kairos',
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
    });
    for (const name of environments) {
      new Key(this, `Key-${name}`, { alias: `kairos-${name}`, enableKeyRotation: true });
      for (const work of ['plan', 'deploy']) {
        const role = new Role(this, `${work}-${name}`, {
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
        });
        for (let index = 0; index < 20; index += 1) {
          role.addToPolicy(
            new PolicyStatement({
              actions: [`lambda:Get${index}`],
              resources: [`arn:aws:lambda:*:${account}:x`],
            }),
          );
        }
      }
    }
  }
}

class Backend extends Stack {
  constructor(scope, id, { name, repository, ...props }) {
    super(scope, id, props);
    const live = this.backend(id, name, repository);
    const api = this.api(id, live, name !== 'dev');
    if (name === 'dev') return;
    this.edge(id, api);
    this.watch(id, live);
  }

  backend(id, name, repository) {
    const backend = new DockerImageFunction(this, 'Backend', {
      functionName: id,
      code: DockerImageCode.fromEcr(repository, { tagOrDigest: `sha256:${'0'.repeat(64)}` }),
      memorySize: 512,
      timeout: Duration.seconds(29),
      logGroup: new LogGroup(this, 'FunctionLog', {
        logGroupName: `/aws/lambda/${id}`,
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      environment: { ENVIRONMENT: name, KAIROS_PARAMETER_PATH: `/kairos/${name}/secrets/` },
    });
    const resources = [`arn:aws:ssm:*:${account}:parameter/kairos/${name}/secrets/*`];
    backend.addToRolePolicy(new PolicyStatement({ actions: ['ssm:GetParametersByPath'], resources }));
    return backend.currentVersion.addAlias('live');
  }

  api(id, live, locked) {
    const api = new HttpApi(this, 'Api', { apiName: id });
    const integration = new HttpLambdaIntegration('Integration', live);
    const authorizer = locked ? this.authorizer(id) : undefined;
    for (const path of ['/', '/{proxy+}']) {
      api.addRoutes({ path, methods: [HttpMethod.ANY], integration, authorizer });
    }
    const log = new LogGroup(this, 'AccessLog', { logGroupName: `/aws/vendedlogs/apigateway/${id}` });
    const stage = api.defaultStage.node.defaultChild;
    if (stage instanceof CfnStage) {
      stage.accessLogSettings = {
        destinationArn: log.logGroupArn,
        format: '{"requestId":"$context.requestId"}',
      };
    }
    return api;
  }

  authorizer(id) {
    const lock = new Function(this, 'OriginLock', {
      functionName: `${id}-authorizer`,
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => ({ isAuthorized: false });'),
    });
    const responseTypes = [HttpLambdaResponseType.SIMPLE];
    return new HttpLambdaAuthorizer('Authorizer', lock, {
      responseTypes,
      identitySource: ['$request.header.x'],
    });
  }

  edge(id, api) {
    const visibility = (metricName) => ({
      cloudWatchMetricsEnabled: true,
      metricName,
      sampledRequestsEnabled: true,
    });
    const rules = managedRules.map((name, priority) => ({
      name,
      priority,
      overrideAction: { none: {} },
      statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: `AWSManagedRules${name}` } },
      visibilityConfig: visibility(name),
    }));
    const firewall = new CfnWebACL(this, 'Firewall', {
      name: id,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(id),
      rules,
    });
    new Distribution(this, 'Distribution', {
      comment: id,
      webAclId: firewall.attrArn,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: new HttpOrigin(`${api.apiId}.execute-api.eu-west-2.amazonaws.com`),
        responseHeadersPolicy: new ResponseHeadersPolicy(this, 'Headers'),
      },
    });
  }

  watch(id, live) {
    const topic = new Topic(this, 'Alarms', { topicName: `${id}-alarms` });
    const metrics = [
      live.metricErrors(),
      live.metricThrottles(),
      live.metricDuration(),
      live.metricInvocations(),
    ];
    for (let index = 0; index < 20; index += 1) {
      const metric = metrics[index % metrics.length];
      new Alarm(this, `Alarm${index}`, { metric, threshold: 5, evaluationPeriods: 3 }).addAlarmAction(
        new SnsAction(topic),
      );
    }
    const widgets = metrics.map((metric) => new GraphWidget({ left: [metric] }));
    new Dashboard(this, 'Dashboard', { dashboardName: id }).addWidgets(...widgets);
  }
}

const app = new App();
const env = { account, region: 'eu-west-2' };
const { repository } = new Foundation(app, 'kairos-foundation', { env });
for (const name of environments) new Backend(app, `kairos-${name}`, { env, name, repository });
app.synth();
