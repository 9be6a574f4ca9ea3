// The package in Node: what `tools/wasm.sh test` runs.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { Crm, CrmError, init } from "../js/core.js";

const setup = {
  name: "海港仪器",
  base_currency: "CNY",
  zone: "Asia/Shanghai",
  administrator: "安然",
};

before(async () => {
  await init(await readFile(new URL("../pkg/crm_wasm_bg.wasm", import.meta.url)));
  await init(); // a second time is nothing
});

test("a company is set up and worked on", () => {
  const crm = new Crm();
  const now = () => Date.parse("2026-03-02T04:00:00Z");
  const { administrator } = crm.session({ now }).call("enterprise.setup", setup);
  const session = crm.session({ actor: administrator, now });
  const made = session.call("record.create", { kind: "department", values: { code: "EAST", name: "华东" } });
  assert.equal(made.record.name, "华东");
  const history = session.call("record.history", { kind: "department", id: made.record.id });
  assert.equal(history.entries[0].at, "2026-03-02T04:00:00Z");
  crm.close();
  assert.throws(() => session.call("system.info"), { class: "handle", code: "handle.invalid" });
});

test("a refusal is an error with class, code and a message in the session's language", () => {
  const crm = new Crm();
  const messages = ["en", "zh-CN", "zh-TW"].map((language) => {
    try {
      crm.session({ language }).call("record.list", { kind: "department" });
    } catch (error) {
      assert.ok(error instanceof CrmError);
      assert.deepEqual([error.class, error.code], ["forbidden", "permission.no_actor"]);
      return error.message;
    }
    return assert.fail("no refusal");
  });
  assert.equal(new Set(messages).size, 3);
});

test("the same calls give the same bytes", () => {
  const run = () => {
    const crm = new Crm();
    return crm.session({ now: () => 1_772_424_000_000 }).text("enterprise.setup", JSON.stringify(setup));
  };
  assert.equal(run(), run());
});
