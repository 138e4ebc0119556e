// How many mappings of one event Segment's own code evaluates in a second. Input, as JSON on stdin:
// {"mapping": value, "event": value, "seconds": number}. Output: the number.
"use strict";

const { transform } = require("@segment/actions-core/mapping-kit");

const { mapping, event, seconds } = JSON.parse(require("fs").readFileSync(0, "utf8"));
let count = 0;
const start = process.hrtime.bigint();
const end = start + BigInt(Math.round(seconds * 1e9));
for (;;) {
  for (let i = 0; i < 200; i++) transform(mapping, event);
  count += 200;
  const now = process.hrtime.bigint();
  if (now >= end) break;
}
process.stdout.write(String(count / (Number(process.hrtime.bigint() - start) / 1e9)));
