/* The form for a query made an editor: it completes our terms, runs in the page, and shows the answer. */

import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import "./editor.css";
import { register } from "./completers.js";
import { results } from "./results.js";
import { fetchVocabulary } from "./vocabulary.js";

const LONGEST_LINK = 6000;
const ANSWERS = "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.8";
const { Yasqe, Yasr } = Yasgui;

/** A thing of the page with its words and places. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Let the language of the editor know our prefixes, which no query has to declare. */
function definePrefixes(prefixes) {
  const makeMode = (options) => {
    const mode = Yasqe.getMode(options, "sparql11");
    return { ...mode, startState: (...given) => ({ ...mode.startState(...given), prefixes: { ...prefixes } }) };
  };
  Yasqe.defineMode("forumgraph", makeMode);
}

/** YASQE tells of an error by markup that our policy forbids: let the sign in the margin have a title. */
function quietSigns(say) {
  const check = Yasqe.prototype.checkSyntax;
  Yasqe.prototype.checkSyntax = function checkSyntax() {
    check.call(this);
    this.eachLine((line) => {
      const sign = line.gutterMarkers?.gutterErrorBar;
      if (!sign) return;
      sign.onmouseover = null;
      sign.onmouseout = null;
      sign.title = say.invalid;
    });
  };
}

/** The editor in place of the text field of `form`. */
class Editor {
  constructor(form, say, root, vocabulary) {
    this.form = form;
    this.say = say;
    this.root = root;
    this.vocabulary = vocabulary;
    this.field = form.querySelector("textarea");
    this.button = form.querySelector("button[type=submit]");
    this.format = form.querySelector("select[name=format]");
    this.yasqe = this.edit();
    this.link = this.share();
    this.below = element("section", { class: "answer", "aria-live": "polite", "aria-label": say.answer });
    form.after(this.below);
    this.below.hidden = true;
    this.offerExamples();
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("popstate", () => location.reload());
  }

  edit() {
    definePrefixes(this.vocabulary.prefixes);
    quietSigns(this.say);
    const place = element("div", { class: "editor" });
    this.field.before(place);
    const run = () => this.form.requestSubmit();
    const yasqe = new Yasqe(place, {
      value: this.field.value,
      mode: "forumgraph",
      persistenceId: null,
      autocompleters: register(Yasqe, this.vocabulary),
      consumeShareLink: null,
      createShareableLink: null,
      showQueryButton: false,
      resizeable: false,
      editorHeight: "auto",
      viewportMargin: Infinity,
      indentUnit: 4,
      screenReaderLabel: this.form.querySelector("label").textContent,
      extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-S": false },
    });
    yasqe.getInputField().setAttribute("aria-label", this.form.querySelector("label").textContent);
    this.field.hidden = true;
    this.field.required = false;
    this.form.querySelector("label").addEventListener("click", () => yasqe.focus());
    yasqe.on("change", () => {
      this.field.value = yasqe.getValue();
      this.link.href = this.address();
      this.unmark();
    });
    return yasqe;
  }

  /** Where this very query is asked, for the address bar and for others. */
  address() {
    return `${this.root}sparql?${new URLSearchParams({ query: this.yasqe.getValue() })}`;
  }

  share() {
    const link = element("a", { class: "share", href: this.address() }, this.say.link);
    this.form.querySelector(".actions").append(link);
    return link;
  }

  offerExamples() {
    const { examples } = this.vocabulary;
    if (!examples.length) return;
    const choice = element("select", { id: "example" }, element("option", { value: "" }, this.say.choose));
    examples.forEach(({ title }, place) => choice.append(element("option", { value: place }, title)));
    const question = element("p", { class: "question", lang: "en" });
    choice.addEventListener("change", () => {
      const chosen = examples[choice.value];
      question.textContent = chosen?.question ?? "";
      if (chosen) this.yasqe.setValue(chosen.text);
    });
    const label = element("label", { for: "example" }, this.say.examples);
    this.form.prepend(element("div", { class: "examples" }, label, choice, question));
  }

  submit(event) {
    this.field.value = this.yasqe.getValue();
    if (this.format.value) return; // a file: the browser fetches it as without this script
    event.preventDefault();
    this.ask();
  }

  async ask() {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.form.setAttribute("aria-busy", "true");
    const started = performance.now();
    this.clear();
    this.below.hidden = false;
    this.below.append(this.progress(running));
    try {
      const response = await this.fetch(running.signal);
      const content = await response.text();
      this.clear();
      this.below.hidden = false;
      if (response.ok) this.below.append(element("p", { class: "count" }, `${((performance.now() - started) / 1000).toFixed(2)} s`));
      if (response.ok) this.show(response, content, performance.now() - started);
      else this.refuse(response, content);
      if (this.address().length < LONGEST_LINK) history.pushState(null, "", this.address());
    } catch (error) {
      if (this.running !== running) return;
      this.clear();
      if (error.name === "AbortError") this.below.append(element("p", {}, this.say.cancelled));
      else this.below.append(element("p", { class: "note", role: "alert" }, this.say.unreachable));
    } finally {
      if (this.running === running) this.form.removeAttribute("aria-busy");
    }
  }

  /** What is shown while a query runs: that it does, and how to stop it. */
  progress(running) {
    const stop = element("button", { type: "button" }, this.say.cancel);
    stop.addEventListener("click", () => running.abort());
    return element("p", { class: "running" }, this.say.running, " ", stop);
  }

  fetch(signal) {
    const headers = { Accept: ANSWERS };
    const body = new URLSearchParams({ query: this.yasqe.getValue() });
    if (this.address().length < LONGEST_LINK) return fetch(this.address(), { headers, signal });
    return fetch(`${this.root}sparql`, { method: "POST", headers, body, signal });
  }

  /** Take away the answer to an earlier query, also one that the page came with. */
  clear() {
    this.unmark();
    this.yasr?.destroy();
    this.yasr = undefined;
    this.below.replaceChildren();
    for (let before = this.form.previousElementSibling; before; before = before.previousElementSibling) {
      if (before.tagName !== "H1") before.hidden = true;
    }
    document.querySelector("main > h1").textContent = this.say.ask;
  }

  show(response, content, duration) {
    if (response.headers.get("X-Result-Complete") === "false") {
      this.below.append(element("p", { class: "note", role: "alert" }, this.say.incomplete));
    }
    if (!content.trim()) {
      this.below.append(element("p", {}, this.say.nothing));
      return;
    }
    this.yasr = results(Yasr, this.below, this.vocabulary, this.root, this.say);
    const { ok, status, statusText, headers } = response;
    this.yasr.setResponse({ ok, status, statusText, headers, content }, duration);
  }

  /** Show a problem (RFC 9457): what it is, and where in the query. */
  refuse(response, content) {
    let problem;
    try {
      problem = JSON.parse(content);
    } catch {
      problem = { detail: `${response.status} ${response.statusText}` };
    }
    const note = element("div", { class: "note problem", role: "alert" });
    note.append(element("p", { lang: "en" }, problem.detail ?? problem.title));
    if (problem.hint) note.append(element("p", { lang: "en" }, problem.hint));
    this.below.append(note);
    if (problem.line) this.mark(problem.line - 1, (problem.column ?? 1) - 1);
  }

  mark(line, column) {
    const text = this.yasqe.getLine(line) ?? "";
    const from = { line, ch: Math.min(column, Math.max(text.length - 1, 0)) };
    const to = { line, ch: from.ch + Math.max(/^\S*/.exec(text.slice(from.ch))[0].length, 1) };
    this.marks = [this.yasqe.markText(from, to, { className: "wrong" })];
    this.wrong = this.yasqe.addLineClass(line, "background", "wrong-line");
    this.yasqe.setCursor({ line, ch: column });
    this.yasqe.focus();
  }

  unmark() {
    for (const mark of this.marks ?? []) mark.clear();
    if (this.wrong) this.yasqe.removeLineClass(this.wrong, "background", "wrong-line");
    this.marks = [];
    this.wrong = undefined;
  }
}

const form = document.querySelector("form.query");
const setup = document.getElementById("editor")?.dataset;
if (form && setup) {
  fetchVocabulary(setup.vocabulary)
    .catch(() => ({ prefixes: {}, terms: [], examples: [], names: {} }))
    .then((vocabulary) => new Editor(form, JSON.parse(setup.words), setup.root, vocabulary));
}
