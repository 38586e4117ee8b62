/* What the editor knows: prefixes, terms with their names, questions to begin with; from the server. */

const BASE = "https://w3id.org/forumgraph/";
const KINDS = ["claim", "quote", "source", "link"];

/** Fetch the vocabulary; without it the editor still edits. */
export async function fetchVocabulary(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`no vocabulary: ${response.status}`);
  return response.json();
}

/** Terms of a kind that begin with what was typed, by name, or contain it in a label. */
export function termsLike(terms, kind, typed, prefixes) {
  const sought = typed.toLowerCase().replace(/^</, "").replace(/>$/, "");
  const local = sought.replace(/^[^:]*:/, "");
  const prefix = sought.includes(":") ? sought.slice(0, sought.indexOf(":") + 1) : "";
  const rank = (term) => {
    const name = term.name.toLowerCase();
    if (name.startsWith(sought)) return 0;
    if (prefix && prefixes[prefix.slice(0, -1)] !== undefined && !name.startsWith(prefix)) return 9;
    if (name.split(":")[1].startsWith(local)) return 1;
    if (term.label.toLowerCase().startsWith(local)) return 2;
    return name.includes(local) || term.label.toLowerCase().includes(local) ? 3 : 9;
  };
  return terms
    .filter((term) => term.kind === kind)
    .map((term) => [rank(term), term])
    .filter(([order]) => order < 9)
    .sort(([a, first], [b, second]) => a - b || first.name.localeCompare(second.name))
    .map(([, term]) => term);
}

/** An IRI with its prefix, or as it is. */
export function shorten(iri, prefixes) {
  let found = iri;
  let longest = 0;
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (iri.startsWith(namespace) && namespace.length > longest) {
      longest = namespace.length;
      found = `${prefix}:${iri.slice(longest)}`;
    }
  }
  return found;
}

/** Where a link to an IRI leads: to our own page for one of ours, else to the web, else nowhere. */
export function href(iri, root) {
  if (iri.startsWith(`${BASE}ontology`)) return root + iri.slice(BASE.length);
  if (iri.startsWith(BASE)) {
    const [kind, ...rest] = iri.slice(BASE.length).split("#")[0].split("/");
    const path = rest.map(encodeURIComponent).join("/");
    if (path && kind === "id") return `${root}page/${path}`;
    if (path && KINDS.includes(kind)) return `${root}page/${kind}/${path}`;
    return `${root}thing?iri=${encodeURIComponent(iri)}`;
  }
  return /^https?:\/\//.test(iri) ? iri : "";
}

export { BASE };
