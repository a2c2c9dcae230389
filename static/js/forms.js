// Helps to fill in a form: suggests regions, keeps drafts (docs/outbox.md).
const box = document.getElementById("outbox"), known = {}; // no outbox in the admin
let suggesting, drafting;

async function suggest(input, text) {
  if (!known[text]) {
    const answer = await fetch(input.dataset.regionSearch + "?q=" + encodeURIComponent(text));
    known[text] = (await answer.json()).results;
  }
  if (text !== input.value.trim()) return; // too late
  if (!input.list) {
    const list = document.createElement("datalist");
    list.id = input.id + "-regions";
    input.after(list);
    input.setAttribute("list", list.id);
  }
  input.list.textContent = "";
  for (const { name, code } of known[text]) input.list.append(new Option("", `${name} (${code})`));
}
document.addEventListener("input", ({ target }) => {
  if (!target.dataset.regionSearch) return;
  const text = target.value.trim();
  clearTimeout(suggesting);
  // One that was taken ends in its code.
  if (text.length < 3 || text.endsWith(")")) return;
  suggesting = setTimeout(() => suggest(target, text).catch(() => {}), 350);
});

// Of its own for what came back filled in, and for what a link fills in.
const draftOf = ({ action, dataset, elements }) =>
  box.dataset.owner + action + ("filled" in dataset ? elements.client_id && elements.client_id.value : location.search);
async function restore(form) {
  const draft = await box.store("get", draftOf(form));
  if (!draft || form.dataset.draft) return;
  const typed = new URLSearchParams(draft.fields);
  for (const field of form.elements) {
    const { name, type, value, defaultValue } = field;
    if (/checkbox|radio/.test(type)) field.checked = typed.getAll(name).includes(value);
    // Somebody may have typed before this came.
    else if (typed.has(name) && type !== "hidden" && [value, undefined].includes(defaultValue)) field.value = typed.get(name);
  }
  form.dataset.draft = "restored";
}
const restoreAll = () => document.querySelectorAll("[data-draft='']").forEach(restore);
function keep(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !value.stream);
  box.store("put", { id: draftOf(form), owner: box.dataset.owner, state: "draft", fields });
}
if (box && box.store && navigator.locks) {
  document.addEventListener("input", ({ target: { form } }) => {
    if (!form || form.dataset.draft == null) return;
    form.dataset.draft = form.dataset.draft || "typed";
    clearTimeout(drafting);
    drafting = setTimeout(keep, 500, form);
  });
  document.addEventListener("reset", ({ target: form }) => {
    clearTimeout(drafting);
    if (form.dataset.draft) form.dataset.draft = "";
    box.store("delete", draftOf(form));
  });
  new MutationObserver(restoreAll).observe(document.body, { childList: true });
  restoreAll();
}
