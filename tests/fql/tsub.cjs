// Evaluates cases with Segment's own evaluator. Input, as JSON on stdin:
//   {"match": [{"ir": text, "event": object}], "transform": [{"transformers": [...], "event": object}],
//    "rate": {"cases": [{"ir": text, "event": object}], "seconds": number}}
// Output, as JSON: {"match": [true | false | {"error": text}], "transform": [object | null], "rate": n},
// where n is evaluations a second.
"use strict";

const { matches, transform } = require("@segment/tsub");

const input = JSON.parse(require("fs").readFileSync(0, "utf8"));

function matched({ ir, event }) {
  try {
    return matches(event, { type: "fql", ir });
  } catch (problem) {
    return { error: String(problem) };
  }
}

function rate({ cases, seconds }) {
  const ready = cases.map(({ ir, event }) => [event, { type: "fql", ir }]);
  let count = 0;
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.round(seconds * 1e9));
  for (;;) {
    for (let i = 0; i < 200; i++) for (const [event, matcher] of ready) matches(event, matcher);
    count += 200 * ready.length;
    const now = process.hrtime.bigint();
    if (now >= end) return count / (Number(now - start) / 1e9);
  }
}

const output = {
  match: (input.match || []).map(matched),
  transform: (input.transform || []).map(({ transformers, event }) => transform(event, transformers)),
};
if (input.rate) output.rate = rate(input.rate);
process.stdout.write(JSON.stringify(output));
