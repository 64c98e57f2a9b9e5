import Table from 'cli-table3';
import { reportUserErrors } from '../errors';
import { application } from '../main';
import { policies } from '../policies';
import { type Finding, findingsOf, stacksOf } from '../policies/policy';

/** Prints the findings of each rule in each stack, and each suppression with its reason. */
function report(): void {
  const stacks = stacksOf(application());
  const found = new Map(
    stacks.map((stack) => [
      stack.node.id,
      stack.node.findAll().flatMap((construct) => findingsOf(construct, policies)),
    ]),
  );
  const table = new Table({ head: ['rule', ...found.keys()], style: { head: [], border: [] } });
  for (const { name } of policies) {
    table.push([name, ...[...found.values()].map((findings) => outcome(findings, name))]);
  }
  console.log(table.toString());
  const all = [...found.values()].flat();
  for (const { policy, path, fault, reason } of all) {
    console.log(`${reason === undefined ? 'FAULT' : 'suppressed'} ${policy} at ${path}: ${reason ?? fault}`);
  }
  if (all.some(({ reason }) => reason === undefined)) process.exitCode = 1;
}

function outcome(findings: readonly Finding[], policy: string): string {
  const own = findings.filter((finding) => finding.policy === policy);
  const faults = own.filter(({ reason }) => reason === undefined).length;
  if (faults > 0) return `${faults} broken`;
  return own.length > 0 ? `${own.length} suppressed` : 'kept';
}

reportUserErrors(report);
