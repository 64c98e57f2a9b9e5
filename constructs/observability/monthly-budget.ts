import { BudgetsBudget } from '@cdktf/provider-aws/lib/budgets-budget';
import { Construct } from 'constructs';

export interface MonthlyBudgetProps {
  /** The budget's name. */
  readonly name: string;
  /** In US dollars a month. */
  readonly limit: number;
  /** The tag `environment` of what is counted; it counts from the day on which it is made a cost allocation tag. */
  readonly environment: string;
  /** Who is told; AWS Budgets has to be among its publishers. */
  readonly topicArn: string;
}

/** Tells once the bill of a month will exceed what was planned, and once it has. */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, props: MonthlyBudgetProps) {
    super(scope, id);
    const at = (notificationType: 'FORECASTED' | 'ACTUAL') => ({
      notificationType,
      comparisonOperator: 'GREATER_THAN',
      threshold: 100,
      thresholdType: 'PERCENTAGE',
      subscriberSnsTopicArns: [props.topicArn],
    });
    new BudgetsBudget(this, 'Default', {
      name: props.name,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: String(props.limit),
      limitUnit: 'USD',
      // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html
      costFilter: [{ name: 'TagKeyValue', values: [`user:environment$${props.environment}`] }],
      notification: [at('FORECASTED'), at('ACTUAL')],
    });
  }
}
