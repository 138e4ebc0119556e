// Evaluates triggers with Segment's own code. Input, as JSON on stdin: a list of
// {"trigger": text, "event": object}. Output, as JSON: a list of true and false.
"use strict";

const { parseFql, validate } = require("@segment/destination-subscriptions");

const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answers = cases.map(({ trigger, event }) => validate(parseFql(trigger), event));
process.stdout.write(JSON.stringify(answers));
