/* Names while typing in a field of the search; without this script the field works as it is. */

const root = new URL("../../", import.meta.url);

for (const field of document.querySelectorAll('.find input[name="q"]')) {
    const list = document.createElement("datalist");
    list.id = `${field.id}-names`;
    field.after(list);
    field.setAttribute("list", list.id);
    let waiting;
    field.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(async () => {
            const sought = field.value.trim();
            if (sought.length < 2) return;
            const answer = await fetch(new URL(`suggest?q=${encodeURIComponent(sought)}`, root));
            if (!answer.ok || field.value.trim() !== sought) return;
            list.replaceChildren(...(await answer.json()).map((name) => new Option(name, name)));
        }, 150);
    });
}
