// What somebody does with the page, and what must come of it.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Native } from "./native.js";

const POOL = 'input[name="pool"]';

// The contoso forest from the first page to the last before the run.
async function prepare(visit, project, { pool = "pool01" } = {}) {
  const contoso = (name) => join(project, "fixtures/contoso", name);
  await visit.choose("inputs", contoso("users.ldif"));
  await visit.choose("pools", contoso("pools.ldif"));
  await visit.until('input[name="base"]');
  await visit.next("users");
  await visit.next("pool");
  await visit.click(`${POOL}[value*="CN=${pool},"]`);
  await visit.next("address");
  await visit.until(".outcome");
  await visit.next("ready");
  await visit.says('output[name="command"]', pool);
  return new Native(visit.bin, contoso("users.ldif"), contoso("pools.ldif"));
}

// A crowd from the first page to the last before the run, without waiting for what each page counts.
async function prepareCrowd(visit, project, crowded) {
  await visit.choose("inputs", crowded);
  await visit.choose("pools", join(project, "fixtures/contoso/pools.ldif"));
  for (const step of ["users", "pool"]) await visit.next(step);
  await visit.until(POOL);
  await visit.click(`${POOL}[value*="CN=pool01,"]`);
  for (const step of ["address", "ready"]) await visit.next(step);
  await visit.says('output[name="command"]', "pool01");
}

async function run(visit) {
  const command = await visit.text('output[name="command"]');
  await visit.click('[name="run"]');
  return { command, code: await visit.exit() };
}

// The run of the page and that of the command it shows have the same exit code and the same bytes.
async function same(visit, native, { command, code }, directory = "run1") {
  assert.equal(code, native.type(command).code, command);
  const zip = await visit.download(`${directory}.zip`);
  assert.deepEqual(native.differences(zip, directory), [], command);
  return zip;
}

const clean = async (visit, where) => assert.deepEqual(await visit.violations(), [], where);

// A forest of many users.
function crowd(path, users, words) {
  const record = (at) => `dn: CN=User ${at},OU=Paris,DC=contoso,DC=com\nobjectClass: user\ninstanceType: 4\n`
    + `sAMAccountName: user${at}\nuserAccountControl: 512\nmail: user${at}@contoso.com\n`
    + `description: ${"a word and another; ".repeat(words)}\n\n`;
  const fold = (text) => text.replace(/^.{76,}$/gm, (line) => line.match(/.{1,75}/g).join("\n "));
  for (let at = 0, flag = "w"; at < users; flag = "a") {
    let text = "";
    for (const end = Math.min(users, at + 2000); at < end; at++) text += fold(record(at));
    writeFileSync(path, text, { flag });
  }
}

// The most memory that any process below this one has had, in MiB. Each is read once: it may end meanwhile.
function memory(pid) {
  const processes = new Map();
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      const field = (key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
      processes.set(Number(name), { parent: field("PPid"), peak: field("VmHWM") });
    } catch {
      // it has ended
    }
  }
  const isBelow = (process) => process === pid || (processes.has(process) && isBelow(processes.get(process).parent));
  const below = [...processes].filter(([process]) => isBelow(process));
  return Math.max(...below.map(([, { peak }]) => peak)) >> 10;
}

export const tests = [
  {
    name: "the contoso forest through all pages gives the bytes of the command line, and axe finds nothing on any page",
    async test({ open, bin, project, kind }) {
      const visit = await open();
      visit.bin = bin;
      const seen = async (step) => {
        assert.equal(await visit.steps(), step);
        await clean(visit, step);
        await visit.picture(`${kind}-${step}`);
      };
      const contoso = (name) => join(project, "fixtures/contoso", name);
      await visit.choose("inputs", contoso("users.ldif"));
      await visit.choose("pools", contoso("pools.ldif"));
      await visit.until('input[name="base"]');
      assert.equal(await visit.page.$eval('[name="sip-domains"]', (area) => area.value), "contoso.com\nemea.contoso.com");
      await seen("exports");
      await visit.next("users");
      await visit.says("#selected", "153");
      await seen("users");
      await visit.next("pool");
      assert.equal((await visit.page.$$(POOL)).length, 3);
      await visit.click(`${POOL}[value*="CN=pool01,"]`);
      await seen("pool");
      await visit.next("address");
      await visit.says("#formats", "110 users get an address");
      await seen("address");
      await visit.next("ready");
      await visit.until("#configuration:not([hidden])");
      await seen("ready");
      const native = new Native(bin, contoso("users.ldif"), contoso("pools.ldif"));
      await same(visit, native, await run(visit));
      await visit.until('iframe[name="report"][srcdoc]');
      await seen("status");
      const report = visit.page.frames().find((frame) => frame !== visit.page.mainFrame());
      assert.match(await report.evaluate(() => document.querySelector("h1").textContent), /of\s153\susers/);
      assert.equal(await report.evaluate(() => document.documentElement.className), "script", "the report's own script runs");
    },
  },
  {
    name: "containers, a filter and a list choose users; several pools share them by weight; words of a fault are the program's",
    async test({ open, bin, project }) {
      const visit = await open();
      const contoso = (name) => join(project, "fixtures/contoso", name);
      await visit.choose("inputs", contoso("users.ldif"));
      await visit.choose("pools", contoso("pools.ldif"));
      await visit.until('input[name="base"]');
      await visit.next("users");
      await visit.click('input[name="base"][value="OU=Paris,DC=contoso,DC=com"]');
      await visit.says("#selected", "51");
      await visit.type('[name="filter"]', "(mail=*");
      await visit.says("#messages", "filter");
      await visit.type('[name="filter"]', "(mail=*)");
      await visit.page.waitForFunction(() => document.querySelector("#messages").textContent === "");
      await visit.type('textarea[name="users"]', "adoe\nnobody at all\n");
      await visit.says("#selected", "1 ");
      await visit.next("pool");
      await visit.click(`${POOL}[value*="CN=pool01,"]`);
      await visit.click(`${POOL}[value*="CN=pool02,"]`);
      await visit.page.$eval('.share:not([hidden]) [name="weight"]', (input) => { input.value = "3"; });
      await visit.next("address");
      await visit.click('input[name="sip-from"][value="sam"]');
      await visit.next("ready");
      await visit.says('output[name="command"]', "--sip-from sam");
      const native = new Native(bin, contoso("users.ldif"), contoso("pools.ldif"));
      for (const name of ["users.txt", "userprep.toml"]) writeFileSync(native.path(name), await visit.download(name));
      await same(visit, native, await run(visit));
    },
  },
  {
    name: "a list in Windows-1252 with a configuration gives the bytes of the command line",
    async test({ open, bin, project, scratch }) {
      const visit = await open();
      const users = join(scratch, "users.csv");
      const text = readFileSync(join(project, "fixtures/contoso/users.csv"), "utf16le").replace(/^\uFEFF/, "");
      writeFileSync(users, Buffer.from(text.replace(/[^\u0000-\u00FF]/g, "e"), "latin1"));
      const config = join(project, "fixtures/contoso/userprep.toml");
      await visit.choose("inputs", users);
      await visit.choose("config", config);
      await visit.says("#detected", "windows-1252");
      for (const step of ["users", "pool", "address", "ready"]) await visit.next(step);
      await visit.says('output[name="command"]', "--config userprep.toml");
      await same(visit, new Native(bin, users, config), await run(visit));
    },
  },
  {
    name: "a faulty export is refused in the program's words, and nothing is offered",
    async test({ open, bin, project }) {
      const visit = await open();
      const bad = join(project, "fixtures/bad/base64.ldif");
      await visit.choose("inputs", bad);
      await visit.says("#detected", "base64");
      for (const step of ["users", "pool"]) await visit.next(step);
      await visit.type('[name="pool-dn"]', "CN=pool01");
      for (const step of ["address", "ready"]) await visit.next(step);
      await visit.says('output[name="command"]', "CN=pool01");
      const { command, code } = await run(visit);
      const ran = new Native(bin, bad).type(command);
      assert.equal(code, ran.code);
      assert.ok(code === 1 || code === 2, ran.err);
      assert.equal((await visit.text("#said pre")).trim(), ran.err.trim());
      assert.equal(await visit.page.$("a[download]"), null);
      await clean(visit, "status of a refused run");
    },
  },
  {
    name: "a run is cancelled, nothing is offered, and the next run goes through",
    async test({ open, bin, project, scratch }) {
      const visit = await open();
      const many = join(scratch, "many.ldif");
      crowd(many, 40_000, 4);
      await prepareCrowd(visit, project, many);
      await visit.click('[name="run"]');
      await visit.until(`section[data-step="status"]:not([hidden])`);
      await visit.click('[name="cancel"]');
      await visit.says("#status-title", "Cancelled");
      assert.equal(await visit.page.$("main[data-exit]"), null);
      assert.equal(await visit.page.$("a[download]"), null);
      await visit.click('[name="back"]');
      await visit.until('section[data-step="ready"]:not([hidden])');
      const { command, code } = await run(visit);
      const native = new Native(bin, many, join(project, "fixtures/contoso/pools.ldif"));
      await same(visit, native, { command, code });
    },
  },
  {
    name: "a run is verified and undone from its zip, an estate is audited, files are checked",
    async test({ open, bin, project, scratch, kind }) {
      const visit = await open();
      const contoso = (name) => join(project, "fixtures/contoso", name);
      visit.bin = bin;
      const native = await prepare(visit, project);
      const zip = join(scratch, "run1.zip");
      writeFileSync(zip, await same(visit, native, await run(visit)));
      const door = async (name, fields, args, directory) => {
        await visit.click(`nav [value="${name}"]`);
        for (const [field, file] of Object.entries(fields)) await visit.choose(field, file);
        await clean(visit, name);
        await visit.picture(`${kind}-${name}`);
        await visit.click(`[name="start-${name}"]`);
        await visit.until(`a[download="${directory}.zip"]`);
        assert.equal(await visit.exit(), native.run(...args).code, name);
        assert.deepEqual(native.differences(await visit.download(`${directory}.zip`), directory), [], name);
        await clean(visit, `status of ${name}`);
      };
      const users = contoso("users.ldif");
      await door("verify", { "verify-run": zip, "verify-against": users }, ["verify", "run1", "--against", "users.ldif", "--out", "rest1"], "rest1");
      await door("undo", { "undo-run": zip, "undo-against": users }, ["undo", "run1", "--against", "users.ldif", "--out", "undo1"], "undo1");
      await door("audit", { "audit-inputs": users, "audit-pools": contoso("pools.ldif") },
        ["audit", "users.ldif", "--pools", "pools.ldif", "--out", "audit1"], "audit1");
      await visit.click('nav [value="check"]');
      await visit.choose("check-files", join(project, "fixtures/bad/base64.ldif"), contoso("userprep.toml"));
      await visit.says('[data-door="check"] .detected', "ldif-base64");
      await visit.says('[data-door="check"] .detected', "userprep.toml");
      await clean(visit, "check");
      // Neither a picture nor a zip of something else is a run.
      copyFileSync(join(project, "fixtures/bad/binary.bin"), join(scratch, "picture.zip"));
      await visit.click('nav [value="undo"]');
      await visit.choose("undo-run", join(scratch, "picture.zip"));
      await visit.click('[name="start-undo"]');
      await visit.says('[data-door="undo"] .messages-box', "picture.zip is no zip of a run");
    },
  },
  {
    name: "in French the page, the messages and the report are French, and the bytes those of the command line",
    async test({ open, bin, project, kind }) {
      const visit = await open({ search: "&lang=fr" });
      visit.bin = bin;
      assert.equal(await visit.page.$eval("html", (html) => html.lang), "fr");
      const native = await prepare(visit, project);
      await visit.picture(`${kind}-fr-ready`);
      await same(visit, native, await run(visit));
      await visit.says("#status-title", "Terminé");
      const report = visit.page.frames().find((frame) => frame !== visit.page.mainFrame());
      assert.equal(await report.evaluate(() => document.documentElement.lang), "fr");
      await clean(visit, "status in French");
      await visit.picture(`${kind}-fr-status`);
    },
  },
  {
    name: "with the keyboard alone",
    async test({ open, project }) {
      const visit = await open();
      const { keyboard } = visit.page;
      // Presses Tab until an element has the focus, which must be seen.
      const reach = async (selector) => {
        for (let pressed = 0; pressed < 80; pressed++) {
          const found = await visit.page.evaluate((wanted) => {
            const { activeElement } = document;
            return activeElement.matches(wanted) && getComputedStyle(activeElement).outlineStyle !== "none";
          }, selector);
          if (found) return;
          await keyboard.press("Tab");
        }
        assert.fail(`Tab does not reach ${selector}`);
      };
      await visit.choose("inputs", join(project, "fixtures/contoso/users.ldif"));
      await visit.choose("pools", join(project, "fixtures/contoso/pools.ldif"));
      await visit.until('input[name="base"]');
      const go = async (name, step) => {
        await reach(`[name="${name}"]`);
        await keyboard.press("Enter");
        await visit.until(`section[data-step="${step}"]:not([hidden])`);
        const focused = await visit.page.evaluate(() => document.activeElement.tagName);
        assert.equal(focused, "H2", "the new page is read from its title");
      };
      await go("next", "users");
      await reach('input[name="base"]');
      await keyboard.press(" ");
      await go("next", "pool");
      await reach(POOL);
      await keyboard.press(" ");
      await go("next", "address");
      await visit.until(".outcome");
      await reach('input[name="sip-from"]');
      await keyboard.press("ArrowDown");
      await go("next", "ready");
      await visit.says('output[name="command"]', "--sip-from upn");
      await reach('[name="run"]');
      await keyboard.press("Enter");
      await visit.exit();
      await reach("a[download]");
    },
  },
  {
    name: "on a telephone, in the dark, and for an old browser",
    browsers: ["chrome"],
    async test({ open, project, bin, browser, kind }) {
      const visit = await open({ viewport: { width: 360, height: 800 }, scheme: "dark" });
      visit.bin = bin;
      await prepare(visit, project);
      const fits = async () => assert.ok(await visit.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it scrolls sideways");
      await fits();
      await clean(visit, "ready in the dark");
      await visit.picture(`${kind}-dark-ready`);
      for (const step of ["address", "pool", "users", "exports"]) {
        await visit.click('[name="back"]');
        await visit.until(`section[data-step="${step}"]:not([hidden])`);
        await fits();
        await clean(visit, `${step} in the dark`);
        await visit.picture(`${kind}-dark-${step}`);
      }
      const old = await browser.newPage();
      await old.setJavaScriptEnabled(false);
      await old.goto(visit.page.url());
      assert.match(await old.$eval("body", (body) => body.innerText), /^This page needs JavaScript and a browser of 2023/);
      await old.close();
    },
  },
  {
    name: "the policy refuses every connection, and a tab with a run that is not saved asks before it closes",
    async test({ open, bin, project }) {
      const visit = await open();
      visit.bin = bin;
      const refused = await visit.page.evaluate(() => new Promise((resolve) => {
        addEventListener("securitypolicyviolation", ({ effectiveDirective }) => resolve(effectiveDirective));
        fetch("https://example.com/").catch(() => {});
      }));
      assert.equal(refused, "connect-src");
      visit.requests.length = 0;
      await prepare(visit, project);
      await run(visit);
      const asks = () => visit.page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
      assert.ok(await asks(), "the zip is not saved");
      await visit.download("run1.zip");
      assert.ok(!(await asks()), "the zip is saved");
      // Firefox tells what was refused above as an error of the page.
      visit.errors = visit.errors.filter((error) => !error.includes("https://example.com/"));
    },
  },
  {
    name: "a run is saved into a folder, whole or not at all, and its report is printed",
    async test({ open, bin, project }) {
      const visit = await open();
      visit.bin = bin;
      // A folder of the user's, as far as the page asks for it: names are paths, and the disk is full after some files.
      await visit.page.evaluate(() => {
        window.disk = new Map();
        window.room = Infinity;
        const folder = (path) => ({
          name: path || "Desktop",
          async getDirectoryHandle(name, { create } = {}) {
            const below = `${path}${name}/`;
            if (!create && ![...disk.keys()].some((one) => one.startsWith(below))) throw new DOMException("", "NotFoundError");
            return folder(below);
          },
          getFileHandle: async (name) => ({
            createWritable: async () => ({
              async write(blob) {
                if (disk.size >= room) throw new DOMException("the disk is full", "QuotaExceededError");
                disk.set(`${path}${name}`, new Uint8Array(await blob.arrayBuffer()));
              },
              close: async () => {},
            }),
          }),
          async removeEntry(name) {
            for (const one of disk.keys()) if (one.startsWith(`${path}${name}/`)) disk.delete(one);
          },
        });
        window.showDirectoryPicker = async () => folder("");
      });
      const native = await prepare(visit, project);
      const { command } = await run(visit);
      native.type(command);
      await visit.page.evaluate(() => { room = 5; });
      await visit.click('[name="save"]');
      await visit.says("#downloads", "Not saved: the disk is full");
      assert.equal(await visit.page.evaluate(() => disk.size), 0, "half a run is taken away");
      await visit.page.evaluate(() => { room = Infinity; });
      await visit.click('[name="save"]');
      await visit.says("#downloads", "Saved into Desktop.");
      const saved = await visit.page.evaluate(() => [...disk].map(([path, bytes]) => [path, Array.from(bytes)]));
      assert.deepEqual(saved.map(([path]) => path).sort(), native.files("run1"));
      for (const [path, bytes] of saved) assert.ok(readFileSync(native.path(path)).equals(Buffer.from(bytes)), path);
      await visit.click('[name="save"]');
      await visit.says("#downloads", "Not saved: Desktop/run1 already exists.");
      const report = visit.page.frames().find((frame) => frame !== visit.page.mainFrame());
      await report.evaluate(() => { window.print = () => { document.title = "printed"; }; });
      await visit.click('[name="print"]');
      await report.waitForFunction(() => document.title === "printed");
    },
  },
  {
    name: "where the browser has no memory left the page says so and offers nothing",
    browsers: ["chrome"],
    flags: ["--js-flags=--wasm-max-mem-pages=320"],
    async test({ open, project, scratch }) {
      const visit = await open();
      const many = join(scratch, "too-many.ldif");
      crowd(many, 60_000, 4);
      await visit.choose("inputs", many);
      await visit.choose("pools", join(project, "fixtures/contoso/pools.ldif"));
      for (const step of ["users", "pool"]) await visit.next(step);
      await visit.type('[name="pool-dn"]', "CN=LC Services,CN=Microsoft,CN=pool01,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com");
      for (const step of ["address", "ready"]) await visit.next(step);
      await visit.click('[name="run"]');
      await visit.says("#status-title", "The browser has no memory left");
      assert.equal(await visit.page.$("a[download]"), null);
      await clean(visit, "status without memory");
    },
  },
  {
    name: "an export of 200 MB in bounded memory",
    all: true,
    browsers: ["chrome"],
    async test({ open, project, scratch, browser }) {
      const visit = await open();
      const large = join(scratch, "large.ldif");
      crowd(large, 140_000, 60);
      await prepareCrowd(visit, project, large);
      await visit.click('[name="run"]');
      assert.equal(await visit.exit(), 0);
      const peak = memory(browser.process().pid);
      console.log(`        ${peak} MiB at most`);
      assert.ok(peak < 1200, `${peak} MiB`);
    },
  },
];
