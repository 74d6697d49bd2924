// The page: which step is shown, and what happens when somebody goes on.
import { $, all, copy } from "./dom.js";
import * as doors from "./doors.js";
import { Refused, acceptDrops, chosen, list } from "./inputs.js";
import { Cancelled, cancel, compiled } from "./program.js";
import { execute, forget, isUnsaved, showAgain, stop } from "./result.js";
import * as wizard from "./wizard.js";
import { currentLanguage, say, translate } from "./words.js";

const STEPS = ["exports", "users", "pool", "address", "ready", "status"];
const state = { door: "enable", step: "exports", isStatusOfDoor: false };

function render() {
  const { door, step, isStatusOfDoor } = state;
  const shown = isStatusOfDoor ? "status" : step;
  const isWizard = door === "enable" || isStatusOfDoor;
  $("#wizard").hidden = !isWizard;
  all(".door").forEach((section) => { section.hidden = isWizard || section.dataset.door !== door; });
  all("section[data-step]").forEach((section) => { section.hidden = section.dataset.step !== shown; });
  // The title is large where somebody arrives.
  document.body.classList.toggle("working", door !== "enable" || shown !== "exports");
  $(".steps").hidden = door !== "enable";
  all(".steps li").forEach((item, at) => {
    item.toggleAttribute("aria-current", false);
    if (item.dataset.for === shown) item.setAttribute("aria-current", "step");
    item.classList.toggle("done", at < STEPS.indexOf(shown));
  });
  all("nav button").forEach((button) => {
    if (button.value === door) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  });
  $('[name="back"]').hidden = shown === "exports";
  $('[name="next"]').hidden = shown === "ready" || shown === "status";
  $('[name="run"]').hidden = shown !== "ready";
}

function show(step) {
  Object.assign(state, { step, isStatusOfDoor: false });
  render();
  wizard.complain(null);
  $(`section[data-step="${step}"] h2`).focus();
  if (step !== "exports" && step !== "status") wizard.refresh();
  if (step === "ready") wizard.showReady();
}

function open(door) {
  if (state.step === "status") state.step = "ready";
  if (state.isStatusOfDoor || door !== "enable") stop();
  Object.assign(state, { door, isStatusOfDoor: false });
  render();
  $(door === "enable" ? `section[data-step="${state.step}"] h2` : `#${door}-title`).focus();
}

function next() {
  if (state.step === "exports" && chosen("inputs").length === 0) {
    wizard.complain(new Refused(say("no-inputs")));
    $("#inputs").focus();
    return;
  }
  if (state.step === "ready") write();
  else show(STEPS[STEPS.indexOf(state.step) + 1]);
}

function back() {
  stop();
  if (state.isStatusOfDoor) {
    open(state.door);
    return;
  }
  show(STEPS[STEPS.indexOf(state.step) - 1]);
}

async function write() {
  try {
    const { folder, args } = await wizard.command();
    ["detect", "check-exports", "offer"].forEach(cancel);
    show("status");
    await execute(args, folder.files, true);
  } catch (error) {
    wizard.complain(error);
  }
}

async function start(door) {
  doors.complain(door, null);
  try {
    const { folder, args } = await doors.command(door);
    state.isStatusOfDoor = true;
    render();
    await execute(args, folder.files, false);
  } catch (error) {
    if (!(error instanceof Cancelled)) doors.complain(door, error);
  }
}

function speak(language) {
  translate(language);
  all('[name="language"]').forEach((button) => button.setAttribute("aria-pressed", String(button.value === currentLanguage())));
  all('[data-drop] input[type="file"]').forEach(list);
  document.title = `userprep: ${say("title")}`;
}

doors.build();
speak();
acceptDrops();
const parts = all("#head, main, #foot, .skip");
parts.forEach((element) => { element.hidden = false; });
$("#too-old").hidden = true;
render();
compiled.catch((error) => {
  parts.forEach((element) => { element.hidden = true; });
  $("#too-old").append(` (${error.message})`);
  $("#too-old").hidden = false;
});

all("nav button").forEach((button) => button.addEventListener("click", () => open(button.value)));
all('[name="language"]').forEach((button) => button.addEventListener("click", () => {
  speak(button.value);
  wizard.showAll();
  wizard.detect();
  showAgain();
}));
all('[name="copy"]').forEach((button) => button.addEventListener("click", () => copy(button, say("copied"))));
$("#wizard-form").addEventListener("submit", (event) => {
  event.preventDefault();
  next();
});
$('[name="back"]').addEventListener("click", back);
$('[name="cancel"]').addEventListener("click", stop);
doors.DOORS.filter((door) => door !== "check").forEach((door) =>
  $(`[name="start-${door}"]`).addEventListener("click", () => start(door)));

// Files decide everything; the other answers are counted once somebody stops typing.
all('section[data-step="exports"] input').forEach((input) => input.addEventListener("change", () => {
  forget();
  wizard.detect();
}));
$('[name="check-files"]').addEventListener("change", () => doors.check().catch(() => {}));
let waiting;
$("#wizard-form").addEventListener("input", ({ target }) => {
  if (target.type === "file" || target.closest('[data-step="exports"]')) return;
  if (target.name === "sip-domains") wizard.typedDomains();
  if (target.name === "pool") wizard.showShares();
  if (target.name === "dry-run") {
    wizard.showReady();
    return;
  }
  clearTimeout(waiting);
  waiting = setTimeout(wizard.refresh, target.type === "checkbox" || target.type === "radio" ? 0 : 600);
});
addEventListener("beforeunload", (event) => {
  if (isUnsaved()) event.preventDefault();
});
