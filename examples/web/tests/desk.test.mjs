// The built desk in Chromium: one deal by clicks through everybody's hands, and what must hold beside it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { afterEach, beforeEach, test } from "node:test";
import { browser, serve } from "./site.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let site, chromium;

// Each test is the first visit of a new browser.
beforeEach(async () => {
  site = await serve();
  chromium = await browser();
});

afterEach(async () => {
  await chromium?.end();
  await site?.end();
});

/** A tab with the desk on it. What the page throws fails the test that it belongs to. */
async function tab(path = "") {
  const page = await chromium.context.newPage();
  page.faults = [];
  page.on("pageerror", (fault) => page.faults.push(fault.message));
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  await page.goto(`${site.address}${path}`);
  await ready(page);
  return page;
}

const ready = (page) => page.locator("main h1").first().waitFor();
const heading = (page) => page.locator("main h1");
const row = (page, text) => page.getByRole("row").filter({ hasText: text });
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const go = (page, hash) => page.evaluate((hash) => void (location.hash = hash), hash);

/** Chooses an entry of the menu of the seat: a person or a language. */
async function choose(page, entry) {
  await page.locator("button.seat").click();
  await page.getByRole("menuitemradio", { name: entry }).click();
  await page.getByRole("menu").waitFor({ state: "detached" });
}

/** The text of a place, once it is this. */
async function says(locator, wanted) {
  let found;
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    found = await locator
      .first()
      .innerText({ timeout: 1000 })
      .catch(() => undefined);
    if (typeof wanted === "string" ? found?.trim() === wanted : wanted.test(found ?? "")) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  assert.fail(`wanted ${wanted}, found ${JSON.stringify(found)}`);
}

async function close(page) {
  assert.deepEqual(page.faults, []);
  await page.close();
}

test("a deal by clicks: quote, price, approval, order, plan, receipt, statement", async () => {
  const page = await tab();

  // The demonstration company is there; a condition in the expression language finds customers.
  await says(heading(page), "Customers");
  const condition = page.getByRole("textbox", { name: "Condition" });
  await condition.fill("city == '杭州' && state == 'trading'");
  await press(page, "Apply");
  await says(page.locator(".page-head .soft"), "1 entry");
  await row(page, "海棠茶咖").waitFor();
  await condition.fill("citty == '杭州'");
  await condition.press("Enter");
  await says(page.locator(".where mark"), "citty");
  await press(page, "Clear");
  await row(page, "柏岚酒店用品").click();
  await says(heading(page), "柏岚酒店用品");

  // A quote is built; the price of the next line is shown before it is added.
  await press(page, "New quote");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Subject").fill("样板间");
  await dialog.getByRole("button", { name: "Create quote" }).click();
  await says(heading(page), /^Q-\d{4}-0008$/);
  const number = await heading(page).innerText();
  const add = page.getByRole("form", { name: "Add a line" });
  const addLine = async (code, quantity, amount) => {
    await add.getByRole("combobox").fill(code);
    await page.getByRole("option", { name: code }).click();
    await add.getByLabel("Quantity").fill(quantity);
    await says(add.locator("output .amount").last(), amount);
    await add.getByRole("button", { name: "Add" }).click();
  };
  await addLine("ESP-1G", "3", "CNY 44640.00");
  await row(page, "ESP-1G").waitFor();
  await addLine("ESP-2G", "1", "CNY 25168.00");
  await row(page, "ESP-2G").waitFor();
  await says(page.locator(".totals .total .amount"), "CNY 78883.04");

  // Why it costs that: the rules that were looked at, and what became of the list price.
  await page.getByRole("button", { name: /Why this price: 单头.*14880/ }).click();
  const why = page.locator(".derivation");
  assert.deepEqual(await why.locator(".ladder .amount").allInnerTexts(), ["CNY 15800", "14880", "-920", "CNY 14880"]);
  await says(why.locator(".considered .taken"), /ESP-1G 促销 AUTUMN\s+Taken/);
  await says(why.locator(".considered li:not(.taken)"), /DEALER\s+another is nearer by product/);

  // Quantities are changed where they stand; one machine is not in the offer of two and more.
  const quantity = page.getByLabel("Quantity: 单头意式咖啡机 ESP-1G");
  await quantity.fill("1");
  await quantity.press("Enter");
  await says(row(page, "ESP-1G").locator("button.price .amount").first(), "13904");
  await says(page.locator(".totals .total .amount"), "CNY 44151.36");

  // Wrong input is refused in the engine's words, and nothing has changed.
  await quantity.fill("-1");
  await quantity.press("Enter");
  await page.getByRole("alert").waitFor();
  await press(page, "Dismiss");
  assert.equal(await quantity.inputValue(), "1");

  // A reload in the middle loses nothing.
  await page.reload();
  await says(heading(page), number);
  await says(page.locator(".totals .total .amount"), "CNY 44151.36");

  // Submitted; nobody approves what is his own, in whatever language.
  await press(page, "Submit for approval");
  await press(page, "Approve");
  await says(page.getByRole("alert"), /whoever submitted|submitted/i);
  await choose(page, "简体中文");
  await press(page, "批准");
  await says(page.getByRole("alert"), /提交人不得批准自己提交的报价/);
  await choose(page, "English");

  // The manager approves, the seller sends it, the customer accepts.
  await choose(page, "李牧");
  await press(page, "Approve");
  await says(page.locator(".page-title .badge"), "Approved");
  await choose(page, "周以安");
  await press(page, "Mark as sent");
  await press(page, "Customer accepts");
  await says(page.locator(".page-title .badge"), "Accepted");

  // The order is made, submitted, approved and planned.
  await press(page, "Make order");
  await says(heading(page), /^S-\d{4}-0008$/);
  await says(page.locator(".page-title .badge"), "Draft");
  await press(page, "Submit for approval");
  await says(page.locator(".page-title .badge"), "Submitted");
  await choose(page, "李牧");
  await press(page, "Approve");
  await says(page.locator(".page-title .badge"), "Approved");
  await choose(page, "何敏");
  await press(page, "Make plan");
  const steps = page.locator(".plan > li");
  await steps.nth(3).waitFor();
  assert.deepEqual(
    (await steps.locator(".plan-much > .amount").allInnerTexts()).map((text) => text.replace(/^CNY /, "")),
    ["13245.41", "44151.36", "30905.95"],
  );

  // Goods go out, the invoice is issued, the deposit comes in: only what the engine allows.
  await page.getByRole("button", { name: /Carry out: 发货/ }).click();
  await says(steps.filter({ hasText: "发货" }).locator(".badge"), "Done");
  await page.getByRole("button", { name: /Carry out: 开票/ }).click();
  await says(steps.filter({ hasText: "开票" }).locator(".badge"), "Done");
  await page
    .getByRole("button", { name: /Record receipt: Receipt/ })
    .first()
    .click();
  await says(dialog, /Receipt/);
  assert.equal(await dialog.getByLabel("Amount").inputValue(), "13245.41");
  await dialog.getByRole("button", { name: "Record", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  const figure = (label) => page.locator(".figure").filter({ hasText: label }).locator(".figure-value");
  await says(figure("Received"), "13245.41");
  await says(figure("Still to be received"), "30905.95");

  // The account tells the same.
  await page.locator(".page-head a").filter({ hasText: "柏岚酒店用品" }).click();
  await page.getByRole("tab", { name: "Statement" }).click();
  await says(page.locator(".statement tfoot"), /Closing balance\s+44151\.36\s+13245\.41\s+CNY 30905\.95/);
  await close(page);
});

test("what was typed last is submitted", async () => {
  const page = await tab("#/quotes");
  await row(page, "静安新店").click();
  const quantity = page.getByLabel("Quantity: 定量磨豆机 GRD-83");
  // Refused: then nothing is submitted either.
  await quantity.fill("0");
  await press(page, "Submit for approval");
  await page.getByRole("alert").waitFor();
  await says(page.locator(".page-title .badge"), "Draft");
  await quantity.fill("3");
  await press(page, "Submit for approval");
  await says(page.locator(".page-title .badge"), "In approval");
  await says(page.locator(".totals .total .amount"), "CNY 57573.50");
  await close(page);
});

test("three languages at run time", async () => {
  const page = await tab("#/quotes");
  for (const [entry, tag, title, column, state] of [
    ["简体中文", "zh-CN", "报价单", "客户", "已发送"],
    ["繁體中文", "zh-TW", "報價單", "客戶", "已發送"],
    ["English", "en", "Quotes", "Customer", "Sent"],
  ]) {
    await choose(page, entry);
    await says(heading(page), title);
    assert.equal(await page.evaluate(() => document.documentElement.lang), tag);
    await page.getByRole("columnheader", { name: column }).waitFor();
    await says(row(page, "秋季补货").locator(".badge"), state);
  }
  await close(page);
});

test("two tabs are two people at one desk", async () => {
  // Both are the first visit: one of them sets up the company, the other waits.
  const [seller, manager] = await Promise.all([tab("#/customers"), tab("#/quotes")]);
  await choose(manager, "李牧");
  await seller.locator("button.seat").getByText("周以安").waitFor();
  await row(seller, "屿林烘焙工坊").click();
  await press(seller, "New quote");
  await seller.getByLabel("Subject").fill("两个窗口");
  await seller.getByRole("button", { name: "Create quote" }).click();
  await says(heading(seller), /^Q-/);
  // It appears in the other tab by itself.
  await row(manager, "两个窗口").waitFor();
  // The tab that had the database goes; the other goes on.
  await close(seller);
  await row(manager, "两个窗口").click();
  await says(manager.locator(".empty"), /No lines yet/);
  await close(manager);
});

test("it works without a network once it was loaded", async () => {
  const page = await tab();
  await page.locator(".kept[data-offline=true]").waitFor();
  await chromium.context.setOffline(true);
  await site.end();
  try {
    await page.reload();
    await says(heading(page), "Customers");
    await press(page, "New customer");
    const dialog = page.getByRole("dialog");
    // What is required is asked for at its field, in the engine's words.
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.locator(".field-error").first().waitFor();
    await dialog.getByLabel("Name").fill("断网客户");
    await dialog.getByRole("button", { name: "Save" }).click();
    await says(heading(page), "断网客户");
    await page.reload();
    await says(heading(page), "断网客户");
  } finally {
    await chromium.context.setOffline(false);
    site = await serve(undefined, Number(new URL(site.address).port));
  }
  await close(page);
});

test("the database can be taken along, and the demonstration begun anew", async () => {
  const page = await tab("#/quotes");
  await row(page, "静安新店").click();
  await press(page, "Submit for approval");
  await says(page.locator(".page-title .badge"), "In approval");
  await page.locator("button.seat").click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Download the database" }).click(),
  ]);
  assert.equal((await readFile(await file.path())).subarray(0, 15).toString(), "SQLite format 3");
  await page.locator("button.seat").click();
  await page.getByRole("menuitem", { name: "Start the demonstration again" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Start the demonstration again" }).click();
  await says(heading(page), "Customers");
  await go(page, "#/quotes");
  await says(row(page, "静安新店").locator(".badge"), "Draft");
  await close(page);
});

test("who may not is told so by the engine", async () => {
  const page = await tab("#/quotes");
  await choose(page, "丁立");
  await says(page.locator(".refusal"), /That was not done/);
  await choose(page, "周以安");
  await row(page, "静安新店").waitFor();
  await close(page);
});

test("nothing serious for assistive technology, and nothing wider than the screen", async () => {
  const axe = await readFile(AXE, "utf8");
  const page = await tab();
  const found = [];
  for (const [width, height, colorScheme] of [
    [1440, 900, "light"],
    [1440, 900, "dark"],
    [390, 844, "light"],
  ]) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const open = async (hash, text) => {
      await go(page, hash);
      await page.locator("main tr, main .block").filter({ hasText: text }).first().click();
    };
    const places = {
      customers: () => go(page, "#/customers"),
      customer: () => open("#/customers", "青川咖啡连锁"),
      statement: () => page.getByRole("tab").nth(1).click(),
      quotes: () => go(page, "#/quotes"),
      draft: () => open("#/quotes", "静安新店"),
      "sent quote": async () => {
        await open("#/quotes", "秋季补货");
        await page.locator("button.price").first().click();
      },
      orders: () => go(page, "#/orders"),
      order: () => open("#/orders", "37288.49"),
      receipt: async () => {
        await open("#/orders", "37288.49");
        await page.locator(".page-actions button").first().click();
      },
      menu: async () => {
        await page.keyboard.press("Escape");
        await page.locator("button.seat").click();
      },
    };
    for (const [place, show] of Object.entries(places)) {
      await show();
      await page.waitForTimeout(400);
      // Colours are looked at once they have come to rest and were drawn, however slow the machine is.
      await page.evaluate(async () => {
        const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
        await Promise.allSettled(ending.map((one) => one.finished));
        const drawn = () => new Promise((done) => requestAnimationFrame(done));
        await drawn();
        await drawn();
      });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      const where = `${place} at ${width}, ${colorScheme}`;
      for (const { id, nodes } of serious)
        found.push(`${where}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (excess > 0) found.push(`${where}: ${excess} pixels too wide`);
    }
    await page.keyboard.press("Escape");
  }
  assert.deepEqual(found, []);
  await close(page);
});
