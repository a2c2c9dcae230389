// Suggests regions while somebody types a name or a code, from the address in the input's data-region-search.
// Without this file nothing is lost: the server offers the candidates once the form was sent.
document.querySelectorAll("input[data-region-search]").forEach((input, index) => {
  const list = document.createElement("datalist");
  const known = {};
  let timer;
  list.id = "regions-" + index;
  input.after(list);
  input.setAttribute("list", list.id);

  async function suggest(text) {
    if (!known[text]) {
      const answer = await fetch(input.dataset.regionSearch + "?q=" + encodeURIComponent(text));
      known[text] = (await answer.json()).results;
    }
    if (text !== input.value.trim()) return; // a late answer to what is no longer there
    list.textContent = "";
    for (const region of known[text]) list.append(new Option("", region.name + " (" + region.code + ")"));
  }

  input.addEventListener("input", () => {
    const text = input.value.trim();
    clearTimeout(timer);
    // A suggestion that was taken ends in its code; the pause spares slow networks a request for each letter.
    if (text.length < 3 || text.endsWith(")")) return;
    timer = setTimeout(() => suggest(text).catch(() => {}), 350);
  });
});
