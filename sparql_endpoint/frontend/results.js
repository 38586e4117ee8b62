/* Results by YASR: a table whose IRIs lead to our pages under their names, the answer as it came, CSV. */

import { BASE, href, shorten } from "./vocabulary.js";

/** Return a YASR in `parent`; `say` has the words of the page's language. */
export function results(Yasr, parent, vocabulary, root, say) {
  Yasr.registerPlugin("table", named(Yasr.plugins.table, vocabulary, root, say));
  const yasr = new Yasr(parent, {
    persistenceId: null,
    prefixes: vocabulary.prefixes,
    getDownloadFileName: () => "forumgraph",
  });
  yasr.on("drawn", () => translate(yasr, say));
  translate(yasr, say);
  return yasr;
}

/** The table of YASR, with names instead of IRIs and nothing more than a reader needs. */
function named(Table, vocabulary, root, say) {
  const plain = structuredClone(Table.defaults);
  class NamedTable extends Table {
    constructor(...given) {
      super(...given);
      this.config = NamedTable.defaults; // that of YASR takes those of its own class
    }

    getUriLinkFromBinding({ value }) {
      const address = href(value, root);
      const short = shorten(value, vocabulary.prefixes);
      const name = (value.startsWith(BASE) && vocabulary.names[value.slice(BASE.length)]) || "";
      const link = document.createElement(address ? "a" : "span");
      if (address) link.href = address;
      link.textContent = name || short;
      const small = document.createElement("small");
      small.textContent = name ? short : "";
      return link.outerHTML + (name ? ` ${small.outerHTML}` : "");
    }

    /** What a column sorts and filters by is plain text: DataTables would take it for markup. */
    getColumns() {
      return super.getColumns().map((column) => {
        const { render, name } = column;
        if (!name) return { ...column, title: "<span class='hidden'>#</span>" };
        return {
          ...column,
          createdCell: (cell) => cell.setAttribute("data-name", name),
          render: (cell, type, ...rest) => (type === "display" ? render(cell, type, ...rest) : this.plain(cell)),
        };
      });
    }

    plain(cell) {
      if (!cell) return "";
      const name = vocabulary.names[cell.value.replace(BASE, "")] ?? "";
      return `${name} ${shorten(cell.value, vocabulary.prefixes)}`.replace(/[<>&]/g, " ").trim();
    }

    formatLiteral(binding) {
      const text = document.createElement("span");
      const small = document.createElement("small");
      text.textContent = binding.value;
      if (binding["xml:lang"]) text.lang = binding["xml:lang"];
      small.textContent =
        binding["xml:lang"] ?? (binding.datatype ? shorten(binding.datatype, vocabulary.prefixes) : "");
      return text.outerHTML + (small.textContent ? ` ${small.outerHTML}` : "");
    }
  }
  NamedTable.defaults = { ...plain, openIriInNewWindow: false };
  NamedTable.defaults.tableConfig.autoWidth = false;
  NamedTable.defaults.tableConfig.language = {
    emptyTable: say.nothing,
    zeroRecords: say.nothing,
    aria: {
      orderable: `: ${say.sort}`,
      orderableReverse: `: ${say.sort}`,
      orderableRemove: `: ${say.sort}`,
      paginate: { first: say.first, last: say.last, next: say.next, previous: say.previous, number: say.page },
    },
  };
  return NamedTable;
}

/** Put the page's words where YASR has English ones, and take away links to other hosts. */
function translate(yasr, say) {
  const all = (selector) => yasr.rootEl.querySelectorAll(selector);
  for (const link of all(".yasr_external_ref_btn")) link.remove();
  for (const [plugin, word] of [["table", say.table], ["response", say.raw]]) {
    for (const button of all(`.select_${plugin}`)) {
      button.title = word;
      button.setAttribute("aria-label", word);
      button.setAttribute("aria-pressed", String(button.classList.contains("selected")));
      button.querySelector("span").textContent = word;
    }
  }
  for (const field of all(".tableFilter")) {
    field.placeholder = say.filter;
    field.setAttribute("aria-label", say.filter);
  }
  for (const button of all(".yasr_downloadIcon")) {
    button.setAttribute("aria-label", say.download);
    button.title = say.download;
  }
  for (const select of all(".tableSizer")) {
    select.setAttribute("aria-label", say.rows);
    for (const option of select.options) if (option.value === "-1") option.textContent = say.all;
  }
  for (const word of all(".booleanResult span")) word.textContent = yasr.results.getBoolean() ? say.yes : say.no;
  for (const chip of all(".yasr_response_chip")) {
    const rows = yasr.results?.getBindings()?.length;
    chip.textContent = rows === undefined ? "" : `${say.rows}: ${rows.toLocaleString(document.documentElement.lang)}`;
  }
  for (const input of all(".CodeMirror textarea")) input.setAttribute("aria-label", say.raw);
}
