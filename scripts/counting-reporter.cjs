/** mocha's own spec reporter, and its counts in the file that MOCHA_COUNTS names. */

const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MOCHA_COUNTS;
    const keep = () => {
      const counts = { passed: this.stats.passes, failed: this.stats.failures };
      if (file) writeFileSync(file, JSON.stringify(counts));
    };
    runner.on('fail', keep);
    runner.once('end', keep);
  }
};
