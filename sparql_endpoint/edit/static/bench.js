// The bench: marked words become a claim. The server does all that needs judgement; see bench.py.
const at = (id) => document.getElementById(id);
const text = at("text"), form = at("claim"), status = at("status");
const points = (string) => [...string].length; // offsets count code points, JavaScript UTF-16 units
let state = { text: "", quotes: [], claims: [], version: "" };
let taken = [];
let asked = 0;

async function ask(path, body) {
  const options = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, options);
  return { status: response.status, body: await response.json() };
}

async function load() {
  state = (await ask("state.json")).body;
  show();
}

function show() {
  const letters = [...state.text];
  const kinds = new Array(letters.length).fill("");
  for (const [start, end] of state.quotes) kinds.fill("quoted", start, end);
  for (const [start, end] of taken) kinds.fill("taken", start, end);
  text.replaceChildren();
  for (let start = 0, end; start < letters.length; start = end) {
    for (end = start + 1; end < letters.length && kinds[end] === kinds[start]; end += 1);
    const part = document.createElement(kinds[start] ? "mark" : "span");
    part.className = kinds[start];
    part.textContent = letters.slice(start, end).join("");
    text.append(part);
  }
  at("count").textContent = `(${state.claims.length})`;
  at("claims").replaceChildren(...state.claims.map((claim) => {
    const item = document.createElement("li");
    item.textContent = claim.says;
    item.className = claim.standing;
    item.title = claim.name;
    return item;
  }));
  if (!form) return;
  at("words").replaceChildren(...taken.map(([start, end], number) => {
    const item = document.createElement("li"), drop = document.createElement("button");
    item.textContent = `“${letters.slice(start, end).join("")}” `;
    drop.type = "button";
    drop.textContent = "Remove";
    drop.addEventListener("click", () => { taken.splice(number, 1); show(); check(); });
    item.append(drop);
    return item;
  }));
}

function take() {
  const selection = getSelection();
  if (!selection.rangeCount || !text.contains(selection.anchorNode) || selection.isCollapsed) {
    say({ findings: [{ field: "words", message: "Mark words of the article first." }] });
    return;
  }
  const range = selection.getRangeAt(0), before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const start = points(before.toString()), words = range.toString();
  const front = points(words) - points(words.trimStart());
  taken.push([start + front, start + front + points(words.trim())]);
  show();
  at("subject").focus();
  check();
}

function draft() {
  const given = Object.fromEntries(new FormData(form));
  const added = [];
  for (const box of form.querySelectorAll(".new")) {
    const cls = box.querySelector("select").value, label = at(box.dataset.of).value.trim();
    if (box.hidden || !cls || added.some((each) => each.label === label)) continue;
    const facts = {};
    for (const input of box.querySelectorAll(".facts input")) {
      if (input.value) facts[input.dataset.property] = input.value;
    }
    added.push({ class: cls, label, facts });
  }
  return { ...given, words: taken, new: added, version: state.version };
}

function say(answer) {
  for (const place of form.querySelectorAll(".finding")) place.textContent = "";
  for (const { field, message } of answer.findings ?? []) {
    const place = form.querySelector(`.finding[data-field="${CSS.escape(field)}"]`)
      ?? form.querySelector('.finding[data-field=""]');
    place.textContent = `${place.textContent} ${message}`.trim();
    for (const box of form.querySelectorAll(".new")) {
      if (box.dataset.of === field && message.startsWith("nothing is called")) box.hidden = false;
    }
  }
}

let waiting;
function check() {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const given = draft();
    if (!taken.length || !given.subject || !given.predicate || !given.object) return;
    const number = ++asked;
    const { body } = await ask("check", given);
    if (number !== asked || body.replaced) return; // an older answer
    say(body);
    if (!body.findings.length) status.textContent = "The check finds nothing wrong.";
  }, 600);
}

async function complete(input) {
  if (input.value.trim().length < 2) return;
  const { body } = await ask(`../names.json?q=${encodeURIComponent(input.value)}`);
  at("names").replaceChildren(...body.map(({ name }) => new Option(name, name)));
}

async function offer() {
  const box = form.querySelector('.new[data-of="subject"]'), cls = box.hidden ? "" : at("subject-class").value;
  const query = cls ? `class=${encodeURIComponent(cls)}` : `subject=${encodeURIComponent(at("subject").value)}`;
  const { status: code, body } = await ask(`../fields.json?${query}`);
  if (code !== 200) return;
  at("fields").replaceChildren(...body.filter((field) => field.claimed).map((field) => {
    const option = new Option(field.hint, field.property);
    option.label = `${field.name}${field.needed ? " (needed)" : ""}`;
    return option;
  }));
}

async function facts(select) {
  const place = select.parentElement.querySelector(".facts");
  place.replaceChildren();
  if (!select.value) return;
  const { body } = await ask(`../fields.json?class=${encodeURIComponent(select.value)}`);
  for (const field of body.filter((each) => each.needed && !each.claimed)) {
    const label = document.createElement("label"), input = document.createElement("input");
    label.textContent = field.name;
    input.dataset.property = field.property;
    input.title = field.hint;
    input.setAttribute("list", "names");
    label.append(input);
    place.append(label);
  }
}

text.addEventListener("beforeinput", (event) => event.preventDefault());
text.addEventListener("drop", (event) => event.preventDefault());
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter") { event.preventDefault(); if (form) take(); }
});
at("describe")?.addEventListener("click", async () => {
  status.textContent = "The check runs …";
  const { status: code, body } = await ask("source", {});
  if (code === 200) location.reload();
  else status.textContent = body.findings.map((each) => each.message).join(" ");
});
if (form) {
  at("take").addEventListener("mousedown", (event) => event.preventDefault()); // keeps the marking
  at("take").addEventListener("click", take);
  form.addEventListener("input", (event) => {
    status.textContent = "";
    if (event.target.getAttribute("list") === "names") complete(event.target);
    if (event.target.id === "subject" || event.target.id === "object") {
      const box = form.querySelector(`.new[data-of="${event.target.id}"]`);
      box.hidden = true;
      box.querySelector("select").value = "";
      box.querySelector(".facts").replaceChildren();
    }
    check();
  });
  for (const select of form.querySelectorAll(".new select")) {
    select.addEventListener("change", async () => { await facts(select); check(); });
  }
  at("predicate").addEventListener("focus", offer);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    asked += 1;
    at("save").disabled = true;
    status.textContent = "The check runs …";
    const { status: code, body } = await ask("claims", draft());
    at("save").disabled = false;
    say(body);
    if (code === 409) {
      status.textContent = body.findings[0].message;
      await load();
    } else if (code === 200) {
      const missing = (body.missing ?? []).map((each) => each.message).join(" ");
      taken = [];
      form.reset();
      for (const box of form.querySelectorAll(".new")) box.hidden = true;
      await load();
      status.textContent = `${body.claim} saved.${missing ? ` Still missing: ${missing}` : ""}`;
      text.focus();
    } else {
      status.textContent = "Nothing was written: see what the check found.";
    }
  });
}
load();
