/**
 * mocha's own spec reporter, and its counts in the file that MOCHA_COUNTS names, with the title and
 * the error of each test that failed.
 */

const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MOCHA_COUNTS;
    const failures = [];
    const keep = () => {
      const counts = { passed: this.stats.passes, failed: this.stats.failures, failures };
      if (file) writeFileSync(file, JSON.stringify(counts));
    };
    runner.on('fail', (test, error) => {
      failures.push(`${test.fullTitle()}: ${String(error?.message).slice(0, 2000)}`);
      keep();
    });
    runner.once('end', keep);
  }
};
