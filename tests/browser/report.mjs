// Opens HTML reports in a real Chromium and checks what a person would see: every curve painted in
// both colour schemes, nothing loaded, no error, no overflow on a phone, the read-out under the
// pointer, and a whole report without scripts.
// Pages called search.html and compare.html are what archsim optimize and archsim compare make.
// Usage: node report.mjs REPORT.html...    (needs playwright-core; CHROMIUM names the browser)
import { createRequire } from "node:module";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.PLAYWRIGHT_FROM ?? import.meta.url);
const { chromium } = require("playwright-core");

let checks = 0;
let failures = 0;
function check(holds, what) {
  checks += 1;
  if (holds) return;
  failures += 1;
  console.log(`FAILED: ${what}`);
}

/** Charts with a curve or mark that has no ink: no length, no colour, or that of the background. */
async function unpainted(page) {
  return page.evaluate(() => {
    const missing = [];
    for (const line of document.querySelectorAll("svg .line")) {
      const style = getComputedStyle(line);
      const box = line.getBBox();
      const visible = style.stroke !== "none" && parseFloat(style.strokeWidth) > 0 &&
        line.getTotalLength() > 0 && box.width >= 0;
      const background = getComputedStyle(document.body).backgroundColor;
      if (!visible || style.stroke === background) missing.push(line.closest("figure").id);
    }
    for (const mark of document.querySelectorAll("svg .mark")) {
      const style = getComputedStyle(mark);
      const background = getComputedStyle(document.body).backgroundColor;
      const visible = style.fill !== "none" && style.fill !== background && mark.getBBox().width > 0;
      if (!visible) missing.push(mark.closest("figure").id);
    }
    return missing;
  });
}

async function look(browser, file, options, name) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests = [];
  const errors = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(pathToFileURL(file).href);
  check(requests.length === 1, `${name}: ${requests.length} requests instead of the file alone`);
  check(errors.length === 0, `${name}: ${errors.join("; ")}`);
  check((await page.locator("h1").count()) === 1, `${name}: no heading`);
  check((await page.locator("img").count()) === 0, `${name}: a name became an image`);
  check((await page.title()).endsWith(" - archsim"), `${name}: a script took the title`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  check(!wide, `${name}: the page is wider than the window`);
  check((await page.locator("text=/NaN|Infinity|undefined/").count()) === 0, `${name}: a value that is none`);
  return { context, page };
}

async function checkReport(browser, file) {
  for (const colorScheme of ["light", "dark"]) {
    const name = `${file}, ${colorScheme}`;
    const { context, page } = await look(browser, file, { colorScheme }, name);
    const missing = await unpainted(page);
    check(missing.length === 0, `${name}: curves without ink in ${missing.join(", ")}`);
    const charts = page.locator("figure.chart svg");
    for (let i = 0; i < (await charts.count()); i += 1) {
      const chart = charts.nth(i);
      await chart.scrollIntoViewIfNeeded();
      const box = await chart.boundingBox();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      const text = await chart.locator(".pointer text").allTextContents();
      check(text.length >= 2, `${name}: no read-out in chart ${i}`);
    }
    if (process.env.SCREENSHOTS) {
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/${basename(file, ".html")}-${colorScheme}.png`, fullPage: true });
    }
    await context.close();
  }
  const phone = await look(browser, file, { viewport: { width: 420, height: 800 } }, `${file}, phone`);
  if (process.env.SCREENSHOTS) {
    await phone.page.screenshot({ path: `${process.env.SCREENSHOTS}/${basename(file, ".html")}-phone.png`, fullPage: true });
  }
  await phone.context.close();
  const still = await look(browser, file, { javaScriptEnabled: false }, `${file}, no scripts`);
  check((await still.page.locator("table").count()) >= 1, `${file}: no table without scripts`);
  check((await still.page.locator("figure.chart .line, figure.chart .mark").count()) >= 1, `${file}: no curve without scripts`);
  if (await still.page.getByText("Proof:").count()) {
    const bars = await still.page.locator("figure.witness rect.op").evaluateAll((all) =>
      all.filter((bar) => bar.getBBox().width > 0 && getComputedStyle(bar).fill !== "none").length);
    check(bars >= 2, `${file}: ${bars} bars of operations that contradict each other`);
  }
  await still.context.close();
}

/** A comparison: every change is painted, and the page fits a phone. */
async function checkComparison(browser, file) {
  for (const options of [{ colorScheme: "light" }, { colorScheme: "dark" }, { javaScriptEnabled: false },
    { viewport: { width: 420, height: 800 } }]) {
    const name = `${file}, ${JSON.stringify(options)}`;
    const { context, page } = await look(browser, file, options, name);
    const inks = await page.locator(".change circle").evaluateAll((all) =>
      all.map((mark) => getComputedStyle(mark).fill));
    check(inks.length >= 2 && inks.every((ink) => ink !== "none"), `${name}: changes in ${inks}`);
    await context.close();
  }
}

/** A search: the read-out under a mark names the design, in a page without lines. */
async function checkSearch(browser, file) {
  for (const colorScheme of ["light", "dark"]) {
    const name = `${file}, ${colorScheme}`;
    const { context, page } = await look(browser, file, { colorScheme }, name);
    const mark = page.locator("svg[data-scatter] .mark").last();
    check((await mark.count()) === 1, `${name}: no mark`);
    await mark.hover();
    const text = await page.locator(".pointer text").allTextContents();
    check(text.length >= 3 && text[0].includes("="), `${name}: the read-out is ${text.join(" / ")}`);
    await context.close();
  }
  const phone = await look(browser, file, { viewport: { width: 420, height: 800 } }, `${file}, phone`);
  await phone.context.close();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
for (const file of process.argv.slice(2)) {
  const kinds = { search: checkSearch, compare: checkComparison };
  await (kinds[basename(file, ".html")] ?? checkReport)(browser, file);
}
await browser.close();
console.log(`${checks - failures} of ${checks} checks passed`);
process.exit(failures === 0 ? 0 : 1);
