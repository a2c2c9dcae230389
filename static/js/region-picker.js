// Suggests regions while somebody types a name or a code, from the address in the input's data-region-search.
// Without this file nothing is lost: the server offers the candidates once the form was sent.
const known = {};
let timer;

async function suggest(input, text) {
  if (!known[text]) {
    const answer = await fetch(input.dataset.regionSearch + "?q=" + encodeURIComponent(text));
    known[text] = (await answer.json()).results;
  }
  if (text !== input.value.trim()) return; // a late answer to what is no longer there
  if (!input.list) {
    const list = document.createElement("datalist");
    list.id = input.id + "-regions";
    input.after(list);
    input.setAttribute("list", list.id);
  }
  input.list.textContent = "";
  for (const region of known[text]) input.list.append(new Option("", region.name + " (" + region.code + ")"));
}

// On the document: the outbox puts the page with the errors in the place of the one that was sent.
document.addEventListener("input", ({ target }) => {
  if (!target.dataset.regionSearch) return;
  const text = target.value.trim();
  clearTimeout(timer);
  // A suggestion that was taken ends in its code; the pause spares slow networks a request for each letter.
  if (text.length < 3 || text.endsWith(")")) return;
  timer = setTimeout(() => suggest(target, text).catch(() => {}), 350);
});
