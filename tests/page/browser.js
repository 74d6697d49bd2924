// A browser with the page open, and a user in front of it.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import puppeteer from "puppeteer-core";

export const NOW = "2026-11-23T02:50:00Z";
const PATHS = { chrome: "/usr/bin/chromium", firefox: "/usr/bin/firefox-esr" };
const PATIENCE = Number(process.env.PATIENCE ?? 120_000);

export async function launch(kind, flags = []) {
  const downloads = mkdtempSync(join(tmpdir(), "userprep-page-"));
  const options = kind === "chrome"
    ? { args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en-GB", ...flags],
        downloadBehavior: { policy: "allow", downloadPath: downloads } }
    : { extraPrefsFirefox: { "browser.download.dir": downloads, "browser.download.folderList": 2,
        "browser.download.alwaysOpenPanel": false, "browser.helperApps.neverAsk.saveToDisk": "application/zip" } };
  const browser = await puppeteer.launch({ browser: kind, executablePath: PATHS[kind], headless: true, protocolTimeout: PATIENCE, ...options });
  return { browser, downloads };
}

export class Visit {
  // Opens the page in a tab of its own.
  static async open({ browser, downloads }, url, { search = "", viewport = { width: 1280, height: 900 }, scheme = "light" } = {}) {
    const visit = new Visit();
    visit.page = await browser.newPage();
    visit.downloads = downloads;
    visit.requests = [];
    visit.errors = [];
    visit.page.on("request", (request) => visit.requests.push(request.url()));
    visit.page.on("pageerror", (error) => visit.errors.push(error.message));
    await visit.page.setViewport(viewport);
    if (scheme === "dark") await visit.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await visit.page.goto(`${url}?now=${NOW}${search}`);
    visit.page.setDefaultTimeout(PATIENCE);
    return visit;
  }

  async close() {
    await this.page.close({ runBeforeUnload: false });
  }

  async choose(name, ...files) {
    const input = await this.page.$(`input[type="file"][name="${name}"]`);
    await input.uploadFile(...files);
  }

  async click(selector) {
    await this.page.$eval(selector, (element) => element.click());
  }

  async type(selector, text) {
    await this.page.$eval(selector, (element, value) => {
      element.value = value;
      element.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
  }

  text(selector) {
    return this.page.$eval(selector, (element) => element.textContent);
  }

  until(selector) {
    return this.page.waitForSelector(selector);
  }

  // Waits until an element has a text.
  says(selector, text) {
    return this.page.waitForFunction((where, what) => document.querySelector(where)?.textContent.includes(what), {}, selector, text);
  }

  async next(step) {
    await this.click('[name="next"]');
    await this.until(`section[data-step="${step}"]:not([hidden])`);
  }

  steps() {
    return this.page.$$eval("section[data-step]:not([hidden])", (sections) => sections.map((one) => one.dataset.step).join());
  }

  // The exit code once the run has ended.
  async exit() {
    await this.until("main[data-exit]");
    return Number(await this.page.$eval("main", (main) => main.dataset.exit));
  }

  // Downloads what is offered under that name, and gives its bytes.
  async download(name) {
    const path = join(this.downloads, name);
    rmSync(path, { force: true });
    await this.click(`a[download="${name}"]`);
    for (let waited = 0; waited < PATIENCE; waited += 50) {
      if (existsSync(path) && statSync(path).size > 0 && !existsSync(`${path}.part`)) return readFileSync(path);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${name} was not downloaded`);
  }

  // What axe finds wrong with what is on the page.
  async violations() {
    await this.page.evaluate(axe.source);
    const found = await this.page.evaluate(() => axe.run(document, { iframes: false, resultTypes: ["violations"] }));
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  }

  // What was asked of anything but the file itself.
  strangers() {
    return this.requests.filter((url) => !/^(file:.*userprep\.html|blob:|data:)/.test(url));
  }

  async picture(name) {
    if (process.env.PICTURES) writeFileSync(`${process.env.PICTURES}/${name}.png`, await this.page.screenshot({ fullPage: true }));
  }
}
