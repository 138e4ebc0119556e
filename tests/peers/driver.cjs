// Calls Segment's official TypeScript SDK, one call for each line of standard input:
//   {"api": "SourcesApi", "method": "getSource", "arguments": ["…"]}
// and answers with a line:
//   {"status": n, "headers": {…}, "body": …, "raw": …, "wrong": [text], "sent": "GET http://…"}
// where `body` is what the SDK makes of the answer, `raw` what came, and `wrong` names attributes that
// the SDK's types require and the answer lacks, and enum members and types that they do not know.
// The first line out lists the SDK's methods: {"SourcesApi": {"getSource": ["sourceId"]}}.
// Arguments: the URL of the server. The token is in the environment variable TOKEN.
"use strict";

const fs = require("fs");
const path = require("path");
const readline = require("readline");
const sdk = require("@segment/public-api-sdk-typescript");

const models = path.join(path.dirname(require.resolve("@segment/public-api-sdk-typescript")), "model");
const OWN = new Set(["constructor", "setDefaultAuthentication", "setApiKey", "addInterceptor"]);
const OPTIONAL = new Map();

// Attributes that a model's declaration allows to be absent (`'name'?: …`), and to be null.
function declared(type) {
  if (!OPTIONAL.has(type)) {
    const file = path.join(models, type[0].toLowerCase() + type.slice(1) + ".d.ts");
    const found = { absent: new Set(), nullable: new Set() };
    for (const line of fs.readFileSync(file, "utf8").split("\n")) {
      const match = line.match(/^ {4}'(.+?)'(\??): (.*)$/);
      if (match && match[2]) found.absent.add(match[1]);
      if (match && /\| null;$/.test(match[3])) found.nullable.add(match[1]);
    }
    OPTIONAL.set(type, found);
  }
  return OPTIONAL.get(type);
}

function check(value, type, where, wrong) {
  const list = type.match(/^Array<(.+)>$/);
  if (list) {
    if (!Array.isArray(value)) wrong.push(`${where}: no list`);
    else value.forEach((one, index) => check(one, list[1], `${where}/${index}`, wrong));
  } else if (["string", "number", "boolean"].includes(type)) {
    if (typeof value !== type) wrong.push(`${where}: ${typeof value}, not ${type}`);
  } else if (/^\w+\.\w+Enum$/.test(type)) {
    const [owner, name] = type.split(".");
    if (!Object.values(sdk[owner][name]).includes(value)) wrong.push(`${where}: ${value} is no ${type}`);
  } else if (sdk[type] && sdk[type].getAttributeTypeMap) {
    if (typeof value !== "object" || value === null) return wrong.push(`${where}: no object`);
    const { absent, nullable } = declared(type);
    for (const attribute of sdk[type].getAttributeTypeMap()) {
      const inner = value[attribute.baseName];
      const at = `${where}/${attribute.baseName}`;
      if (inner === undefined) {
        if (!absent.has(attribute.name)) wrong.push(`${at}: missing`);
      } else if (inner === null) {
        if (!absent.has(attribute.name) && !nullable.has(attribute.name)) wrong.push(`${at}: null`);
      } else {
        check(inner, attribute.type, at, wrong);
      }
    }
  }
}

const methods = {};
const answers = {};
const apis = {};
for (const [name, Api] of Object.entries(sdk)) {
  if (!/Api$/.test(name)) continue;
  apis[name] = new Api(process.argv[2]);
  apis[name].accessToken = process.env.TOKEN;
  methods[name] = {};
  for (const [method, property] of Object.entries(Object.getOwnPropertyDescriptors(Api.prototype))) {
    if (typeof property.value !== "function" || OWN.has(method)) continue;
    const text = property.value.toString();
    const parameters = text.slice(text.indexOf("(") + 1, text.indexOf(")")).split(", ");
    methods[name][method] = parameters.filter((one) => one !== "options");
    answers[`${name}.${method}`] = text.match(/deserialize\(body, '(\w+)'/)[1];
  }
}

async function called({ api, method, arguments: given }) {
  try {
    // A null stands for an argument that is left out.
    const found = await apis[api][method](...given.map((one) => (one === null ? undefined : one)));
    const raw = JSON.parse(JSON.stringify(found.response.body));
    const wrong = [];
    check(raw, answers[`${api}.${method}`], "", wrong);
    return told(found.response, { raw, wrong, body: found.body });
  } catch (problem) {
    // Its class says `extends Error` in a form that leaves no prototype to ask for.
    if (problem.response) return told(problem.response, { raw: problem.body, wrong: [] });
    return { status: 0, headers: {}, raw: String(problem), wrong: [] };
  }
}

function told(response, more) {
  const { method, href } = response.request;
  const sent = `${method} ${href || response.request.uri.href}`;
  return { status: response.statusCode, headers: response.headers, sent, ...more };
}

process.stdout.write(JSON.stringify(methods) + "\n");
readline.createInterface({ input: process.stdin }).on("line", async (line) => {
  process.stdout.write(JSON.stringify(await called(JSON.parse(line))) + "\n");
});
