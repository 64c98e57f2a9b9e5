/** How many of the slowest tests are listed after a complete run. */
const listed = 15;

/**
 * Prints the result of each tier at the end, and which tests took longest. A skipped test, or a tier without its tool,
 * is named, and fails the run in CI: nothing may pass there because it was not run.
 */
class TierReporter {
  /**
   * @param options.missing the tools that a tier lacks, by the tier's name; such a tier ran nothing.
   * @param options.everyTrial whether all trials of the tables were run.
   */
  constructor(globalConfig, { missing = {}, everyTrial = false } = {}) {
    this.everyTrial = everyTrial;
    this.missing = Object.entries(missing);
    this.filtered = Boolean(globalConfig.testPathPatterns?.patterns?.length || globalConfig.testNamePattern);
    this.tiers = new Map();
    this.failure = undefined;
    this.durations = [];
  }

  onTestFileStart(test) {
    this.tierOf(test);
  }

  onTestFileResult(test, result) {
    const tier = this.tierOf(test);
    if (result.testExecError) tier.failed += 1;
    for (const { status, fullName, duration } of result.testResults) {
      this.durations.push({ fullName, seconds: (duration ?? 0) / 1000 });
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
    for (const [name, tools] of this.missing) {
      console.log(`tier ${name}: skipped, for this machine lacks ${tools.join(' and ')}`);
      total.skipped += 1;
    }
    if (!this.filtered) {
      console.log('the slowest tests:');
      const slowest = this.durations.sort((one, other) => other.seconds - one.seconds).slice(0, listed);
      for (const { fullName, seconds } of slowest) console.log(`  ${seconds.toFixed(0)} s: ${fullName}`);
    }
    if (!this.filtered && this.tiers.has('unit') && !this.tiers.has('operations'))
      console.log('left to npm run test:rest: the tiers commands and operations');
    if (!this.everyTrial)
      console.log(
        'left to npm run test:trials: the migration, settings of an edge, and most ways in which a command can end',
      );
    console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
    if (process.env.CI && !this.filtered && total.skipped > 0) {
      this.failure = new Error(`under CI nothing may be skipped, and ${total.skipped} were`);
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
