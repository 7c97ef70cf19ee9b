// Makes the form more comfortable; everything it does also works without it, by the form's own buttons.
"use strict";

const SAVE_AFTER_MS = 600;
const RETRY_AFTER_MS = 5000;
const SPACES = /[ \u00a0\u2009\u202f]/g;
const NUMBER = /^[+-]?(\d+|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+)(?:[.,]\d+)?$/;

/** The number in a text as people write it here, or null. */
function numberIn(text) {
  const bare = text.trim().replace(/[\u2212\u2013]/g, "-").replace(/\s*%$/, "");
  return NUMBER.test(bare) ? Number(bare.replace(SPACES, "").replace(",", ".")) : null;
}

/** Whether a routing condition holds over values by item: as surveys.routing has it. */
function holds(condition, values) {
  if ("all" in condition) return condition.all.every((part) => holds(part, values));
  if ("any" in condition) return condition.any.some((part) => holds(part, values));
  if ("not" in condition) return !holds(condition.not, values);
  const value = values[condition.item];
  if ("is" in condition) return value === condition.is;
  if ("in" in condition) return condition.in.includes(value);
  if ("includes" in condition) return Array.isArray(value) && value.includes(condition.includes);
  if ("at_least" in condition) return typeof value === "number" && value >= condition.at_least;
  if ("at_most" in condition) return typeof value === "number" && value <= condition.at_most;
  return (value !== undefined) === condition.answered;
}

/** What stands in a question's fields: {answered, value}; value is undefined without an answer to route by. */
function contentOf(question) {
  const kind = question.dataset.kind;
  const controls = [...question.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((one) => one.name.startsWith("a."));
  const filled = controls.filter((one) => (/^(radio|checkbox)$/.test(one.type) ? one.checked : one.value.trim() !== ""));
  const answered = kind === "roster" ? question.querySelector("[data-row]") !== null : filled.length > 0;
  const values = filled.filter((one) => !("reason" in one.dataset)).map((one) => one.value.trim());
  return { answered, value: values.length ? routed(kind, values, question) : undefined };
}

function routed(kind, values, question) {
  if (kind === "several_of" || kind === "kommuner") return values;
  if (values[0].startsWith("missing:")) return undefined;
  if (kind === "boolean") return values[0] === "true";
  if (kind === "split") {
    const total = [...question.querySelectorAll("input")].find((one) => one.name.endsWith(".T"));
    return numberIn(total.value) ?? undefined;
  }
  if (["integer", "decimal", "percent", "year"].includes(kind)) return numberIn(values[0]) ?? values[0];
  return values[0];
}

const form = document.getElementById("form");

/** Hides what is not asked, counts what is answered, and names the answers that will not be sent. */
function route() {
  const values = {};
  const left = [];
  const counts = new Map();
  for (const section of form.querySelectorAll("[data-section]")) {
    const asked = !section.dataset.when || holds(JSON.parse(section.dataset.when), values);
    const count = { answered: 0, total: 0 };
    for (const question of section.querySelectorAll(":scope > .question, :scope > .note")) {
      const onPath = asked && (!question.dataset.when || holds(JSON.parse(question.dataset.when), values));
      question.classList.toggle("aside", !onPath);
      if (question.classList.contains("note")) continue;
      const { answered, value } = contentOf(question);
      if (onPath) {
        count.total += 1;
        count.answered += answered ? 1 : 0;
        if (value !== undefined) values[question.dataset.item] = value;
      } else if (answered) {
        left.push(question.dataset.label);
      }
    }
    section.classList.toggle("aside", !asked || section.querySelector(":scope > .question:not(.aside), :scope > .note:not(.aside)") === null);
    counts.set(section.dataset.section, { ...count, shown: !section.classList.contains("aside") });
  }
  routeRows(values);
  showCounts(counts);
  showAside(left);
}

/** The same for the columns of each row, which look at their own row first. */
function routeRows(values) {
  for (const row of form.querySelectorAll("[data-row]")) {
    const columns = [...row.querySelectorAll(".column")];
    if (!columns.some((column) => column.dataset.when)) continue;
    const roster = `${columns[0].dataset.item.split(".")[0]}.`;
    const inside = { ...values };
    for (const column of columns) delete inside[column.dataset.item.slice(roster.length)];
    for (const column of columns) {
      const onPath = !column.dataset.when || holds(JSON.parse(column.dataset.when.replaceAll(`"${roster}`, '"')), inside);
      column.classList.toggle("aside", !onPath);
      const { value } = contentOf(column);
      if (onPath && value !== undefined) inside[column.dataset.item.slice(roster.length)] = value;
    }
  }
}

function showCounts(counts) {
  let answered = 0;
  let total = 0;
  for (const [section, count] of counts) {
    answered += count.answered;
    total += count.total;
    for (const entry of document.querySelectorAll(`[data-nav="${section}"]`)) {
      entry.classList.toggle("aside", !count.shown);
      const small = entry.querySelector("[data-count]");
      if (small) small.textContent = `${count.answered}/${count.total}`;
    }
  }
  for (const one of document.querySelectorAll("[data-progress]")) {
    one.textContent = one.dataset.pattern.replace("#A", answered).replace("#T", total);
  }
  const bar = document.querySelector("[data-bar]");
  bar.max = total;
  bar.value = answered;
}

function showAside(labels) {
  const box = form.querySelector("[data-aside]");
  box.hidden = labels.length === 0;
  box.querySelector("ul").replaceChildren(...labels.map((label) => {
    const entry = document.createElement("li");
    entry.textContent = label;
    return entry;
  }));
}

/** Offers the sum of women and men as the total; it is filled in only by whoever answers. */
function proposeSum(question) {
  const button = question.querySelector("[data-sum]");
  if (!button) return;
  const [women, men, total] = ["K", "M", "T"].map((sex) => [...question.querySelectorAll("input")].find((one) => one.name.endsWith(`.${sex}`)));
  const parts = [numberIn(women.value), numberIn(men.value)];
  const sum = parts.includes(null) ? null : Math.round((parts[0] + parts[1]) * 1e6) / 1e6;
  button.hidden = sum === null || numberIn(total.value) === sum;
  if (sum === null) return;
  const shown = sum.toLocaleString(document.documentElement.lang === "sv" ? "sv-SE" : "fr-FR", { maximumFractionDigits: 6 });
  button.textContent = button.dataset.sum.replace("#S", shown);
  button.onclick = () => {
    total.value = shown;
    total.dispatchEvent(new Event("input", { bubbles: true }));
    total.focus();
  };
}

function showClear(question) {
  const button = question.querySelector(":scope [data-clear]");
  if (button) button.hidden = question.querySelector("input:checked") === null;
}

function showHours(day) {
  const span = day.closest(".day").querySelector(".span");
  span.hidden = !(day.value === "hours" || (day.value === "" && [...span.querySelectorAll("input")].some((one) => one.value)));
}

// Saving while somebody types.
const status = form.querySelector(".saved") ?? document.querySelector("[data-saved]");
let timer = 0;
let saving = false;
let again = false;
let leaving = false;

function say(message, bad) {
  status.textContent = message;
  status.classList.toggle("bad", bad);
}

function saveSoon(after = SAVE_AFTER_MS) {
  clearTimeout(timer);
  timer = setTimeout(save, after);
}

/** What is not saved yet goes off with the page: a request would be broken off. */
function saveLeaving() {
  if (timer && !leaving) navigator.sendBeacon(form.dataset.draft, new URLSearchParams(new FormData(form)));
}

async function save() {
  timer = 0;
  if (leaving) return;
  if (saving) {
    again = true;
    return;
  }
  saving = true;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "application/json" } });
    const said = await answer.json();
    if (answer.ok) {
      form.elements.draft_version.value = said.version;
      say(said.message, false);
    } else {
      say(said.message, true);
      if (answer.status >= 500) saveSoon(RETRY_AFTER_MS);
    }
  } catch {
    say(form.dataset.notSaved, true);
    saveSoon(RETRY_AFTER_MS);
  }
  saving = false;
  if (again) {
    again = false;
    saveSoon();
  }
}

function changed(event) {
  const question = event.target.closest(".question, .column");
  if (question) {
    proposeSum(question);
    showClear(question);
  }
  if (event.target.matches("[data-day]")) showHours(event.target);
  route();
  saveSoon();
}

function clicked(event) {
  const all = event.target.closest("[data-choose]");
  if (all) {
    const boxes = all.closest("fieldset").querySelectorAll(".choices input");
    for (const box of boxes) box.checked = all.dataset.choose === "all";
    boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
  }
  const clear = event.target.closest("[data-clear]");
  if (clear) {
    event.preventDefault();
    const chosen = clear.closest("fieldset").querySelector("input:checked");
    chosen.checked = false;
    chosen.focus();
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** A second click while the first is on its way does nothing; the server would give the same receipt anyway. */
function submitted(event) {
  if (leaving) {
    event.preventDefault();
    return;
  }
  leaving = true;
  clearTimeout(timer);
  if (event.submitter?.value === "send") say(form.dataset.sending, false);
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const row = target?.closest("details.row");
  if (row) row.open = true;
}

function followSections() {
  const entries = new Map([...document.querySelectorAll(".sections [data-nav]")].map((one) => [one.dataset.nav, one.querySelector("a")]));
  const watcher = new IntersectionObserver((seen) => {
    for (const one of seen.filter((each) => each.isIntersecting)) {
      for (const link of entries.values()) link.removeAttribute("aria-current");
      entries.get(one.target.dataset.section)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const section of form.querySelectorAll("[data-section]")) watcher.observe(section);
}

function begin() {
  document.documentElement.classList.add("js");
  for (const question of form.querySelectorAll(".question, .column")) {
    proposeSum(question);
    showClear(question);
  }
  for (const tools of form.querySelectorAll("[data-all]")) tools.hidden = false;
  for (const day of form.querySelectorAll("[data-day]")) showHours(day);
  route();
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("click", clicked);
  form.addEventListener("submit", submitted);
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("pagehide", saveLeaving);
  window.addEventListener("hashchange", openTarget);
  document.querySelector(".sections-small")?.addEventListener("click", (event) => {
    if (event.target.closest("a")) event.currentTarget.open = false;
  });
  const added = form.querySelector("[data-new] input:not([type=hidden]), [data-new] select");
  if (added) added.focus();
  followSections();
}

begin();
