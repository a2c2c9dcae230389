// Helps to fill in a form: suggests regions, keeps what is being typed as a draft (docs/outbox.md). Without it nothing
// that was sent is lost, and the server offers the candidates.
const box = document.getElementById("outbox"), known = {}; // no outbox in the admin
let suggesting, drafting;

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
  input.list.replaceChildren(...known[text].map(({ name, code }) => new Option("", `${name} (${code})`)));
}
document.addEventListener("input", ({ target }) => {
  if (!target.dataset.regionSearch) return;
  const text = target.value.trim();
  clearTimeout(suggesting);
  // A suggestion that was taken ends in its code; the pause spares slow networks a request for each letter.
  if (text.length < 3 || text.endsWith(")")) return;
  suggesting = setTimeout(() => suggest(target, text).catch(() => {}), 350);
});

const draftOf = (form) => box.dataset.owner + form.action;
async function restore(form) {
  const draft = await box.store("get", draftOf(form)), typed = new URLSearchParams(draft?.fields);
  if (!draft) return;
  for (const field of form.elements) {
    const { name, type, value } = field;
    if (/checkbox|radio/.test(type)) field.checked = typed.getAll(name).includes(value);
    else if (typed.has(name) && type !== "hidden") field.value = typed.get(name);
  }
  form.dataset.draft = "restored";
}
// Not into a form that came back filled in, nor twice
const restoreAll = () => document.querySelectorAll("[data-draft='']").forEach(restore);
function keep(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !value.stream);
  box.store("put", { id: draftOf(form), owner: box.dataset.owner, state: "draft", fields });
}
if (box?.store) {
  document.addEventListener("input", ({ target: { form } }) => {
    if (form?.dataset.draft == null) return;
    clearTimeout(drafting);
    drafting = setTimeout(keep, 500, form);
  });
  document.addEventListener("reset", ({ target: form }) => {
    clearTimeout(drafting);
    form.dataset.draft &&= "";
    box.store("delete", draftOf(form));
  });
  new MutationObserver(restoreAll).observe(document.body, { childList: true });
  restoreAll();
}
