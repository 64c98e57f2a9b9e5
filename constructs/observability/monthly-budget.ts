import { BudgetsBudget } from '@cdktf/provider-aws/lib/budgets-budget';
import { Construct } from 'constructs';

export interface MonthlyBudgetProps {
  /** The budget's name. */
  readonly name: string;
  /** In US dollars per month. */
  readonly limit: number;
  /**
   * The value of the tag `environment` on the counted resources. Costs count from the day on which the tag is activated
   * as a cost allocation tag.
   */
  readonly environment: string;
  /** The topic that is notified. AWS Budgets must be among its publishers. */
  readonly topicArn: string;
}

/** Notifies when the forecast of a month exceeds the budget, and when the actual costs do. */
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
