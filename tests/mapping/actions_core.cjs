// Evaluates mappings with Segment's own code. Input, as JSON on stdin: a list of
// {"mapping": value, "event": value}. Output, as JSON: a list of {"refused": [paths]} for what is
// refused before there is an event, {"result": value} (without `result` for nothing), and
// {"failed": text}.
"use strict";

process.env.TZ = "UTC";
const { transform } = require("@segment/actions-core/mapping-kit");
const validate = require("@segment/actions-core/mapping-kit/validate").default;

const ROOT = "__segment_internal_directive";

function refused(mapping) {
  if (ROOT in mapping) return null;
  try {
    validate(mapping);
    return null;
  } catch (problem) {
    const several = typeof problem[Symbol.iterator] === "function" ? [...problem] : [problem];
    return several.map((one) => one.message.split(" ")[0]);
  }
}

const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answers = cases.map(({ mapping, event }) => {
  const paths = refused(mapping);
  if (paths) return { refused: paths };
  try {
    return { result: transform(mapping, event) };
  } catch (problem) {
    const several = typeof problem[Symbol.iterator] === "function" ? [...problem] : [problem];
    return { failed: several.map((one) => one.message).join("; ") };
  }
});
process.stdout.write(JSON.stringify(answers));
