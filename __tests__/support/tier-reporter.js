/**
 * Says at the end what each tier did. A skipped test, or a tier that was asked for and ran nothing, is named, and
 * fails the run under CI: nothing there may pass by not being tried.
 */
class TierReporter {
  constructor(globalConfig) {
    this.filtered = Boolean(globalConfig.testPathPatterns?.patterns?.length || globalConfig.testNamePattern);
    this.tiers = new Map();
    this.failure = undefined;
  }

  onTestFileStart(test) {
    this.tierOf(test);
  }

  onTestFileResult(test, result) {
    const tier = this.tierOf(test);
    if (result.testExecError) tier.failed += 1;
    for (const { status, fullName } of result.testResults) {
      if (status === 'passed') tier.passed += 1;
      else if (status === 'failed') tier.failed += 1;
      else tier.skipped.push(fullName);
    }
  }

  onRunComplete() {
    const total = { passed: 0, failed: 0, skipped: 0 };
    console.log('');
    for (const [name, { passed, failed, skipped }] of this.tiers) {
      console.log(`tier ${name}: ${passed} passed, ${failed} failed, ${skipped.length} skipped`);
      for (const test of skipped) console.log(`  skipped: ${test}`);
      total.passed += passed;
      total.failed += failed;
      total.skipped += skipped.length;
    }
    console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
    if (process.env.CI && !this.filtered && total.skipped > 0) {
      this.failure = new Error(`under CI nothing may be skipped, and ${total.skipped} tests were`);
    }
  }

  getLastError() {
    return this.failure;
  }

  tierOf(test) {
    const name = test.context.config.displayName?.name ?? 'tests';
    const tier = this.tiers.get(name) ?? { passed: 0, failed: 0, skipped: [] };
    this.tiers.set(name, tier);
    return tier;
  }
}

module.exports = TierReporter;
