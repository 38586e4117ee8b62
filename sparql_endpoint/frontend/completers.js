/* Completions from our vocabulary, in place of those that YASQE would fetch from other hosts. */

import { termsLike } from "./vocabulary.js";

const CLASS_AFTER = ["a", "rdf:type", "rdfs:domain", "rdfs:range"];

/** Let YASQE complete prefixes, properties and classes from `vocabulary`; returns their names. */
export function register(Yasqe, vocabulary) {
  Yasqe.defaults.autocompleters = [];
  Yasqe.forkAutocompleter("variables", { name: "forumgraph-variables" });
  Yasqe.forkAutocompleter("prefixes", {
    name: "forumgraph-prefixes",
    persistenceId: null,
    get: () =>
      Object.entries(vocabulary.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`),
  });
  for (const [kind, original] of [["property", "property"], ["class", "class"]]) {
    Yasqe.forkAutocompleter(original, terms(kind, vocabulary));
  }
  return Yasqe.defaults.autocompleters;
}

function terms(kind, vocabulary) {
  return {
    name: `forumgraph-${kind}`,
    persistenceId: null,
    autoShow: true,
    bulk: false,
    isValidCompletionPosition: kind === "class" ? isAfterType : isProperty,
    preProcessToken: (_yasqe, token) => ({ ...token, autocompletionString: token.string.trim() }),
    postProcessSuggestion: (_yasqe, token, name) =>
      token.string.startsWith("<") ? `<${iriOf(name, vocabulary)}>` : name,
    postprocessHints: (_yasqe, hints) => hints.map((hint) => withLabel(hint, vocabulary)),
    get: (_yasqe, token) =>
      termsLike(vocabulary.terms, kind, written(token.string, vocabulary), vocabulary.prefixes)
        .map((term) => term.name)
        .slice(0, 50),
  };
}

/** What was typed with its prefix, where it is an IRI of a namespace that we know. */
function written(typed, vocabulary) {
  const iri = typed.trim().replace(/^</, "").replace(/>$/, "");
  for (const [prefix, namespace] of Object.entries(vocabulary.prefixes)) {
    if (iri.startsWith(namespace)) return `${prefix}:${iri.slice(namespace.length)}`;
  }
  return iri;
}

function iriOf(name, vocabulary) {
  const [prefix, local] = name.split(":");
  return vocabulary.prefixes[prefix] + local;
}

function withLabel(hint, vocabulary) {
  const name = written(hint.text, vocabulary);
  const term = vocabulary.terms.find((known) => known.name === name);
  if (!term?.label) return hint;
  return {
    ...hint,
    render: (element) => {
      const label = document.createElement("span");
      label.className = "hint-label";
      label.textContent = term.label;
      element.append(hint.text, " ", label);
    },
  };
}

function isAfterType(yasqe) {
  const token = yasqe.getCompleteToken();
  if (/^[?$]/.test(token.string)) return false;
  const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
  return CLASS_AFTER.includes(before.state.lastProperty) && before.string !== ";";
}

function isProperty(yasqe) {
  const token = yasqe.getCompleteToken();
  if (!token.string.trim() || /^[?$]/.test(token.string) || token.string === "a") return false;
  return token.state.possibleCurrent.includes("a");
}
