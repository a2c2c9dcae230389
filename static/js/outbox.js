// What an official sends stays on the device until the portal's receipt names it (docs/outbox.md).
const byId = (id) => document.getElementById(id), box = byId("outbox"), words = box.dataset;
const [template, list, copy] = box.children;
const HOUR = 3600e3, FINAL = [400, 404, 410, 413, 415, 422];
// Without a network: who was signed in last, within the life of a session, and did not sign out.
const owner = words.owner || (Date.now() - localStorage.seen < 12 * HOUR && localStorage.owner);
let timer, drafting, awaited, mending, shrinking, wait, tries = 0;

// The store: one record an item, so that two tabs never write over each other's; phones close what lies open.
const ended = (asked, well) => new Promise((yes, no) => Object.assign(asked, { [well]: yes, onerror: no, onabort: no }));
async function store(method, value) {
  const opening = indexedDB.open("portal", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("items", { keyPath: "id" });
  await ended(opening, "onsuccess");
  const change = opening.result.transaction("items", "readwrite", { durability: "strict" });
  opening.result.close();
  const asked = change.objectStore("items")[method](value);
  await ended(change, "oncomplete");
  return asked.result;
}
const forget = ({ id }) => store("delete", id);
async function mine(not) {
  const items = (await store("getAll")).filter((item) => item.owner === owner && !not?.test(item.state));
  return items.sort((a, b) => !!a.url - !!b.url || a.at - b.at); // texts first
}
const waiting = () => mine(/draft|fix|sent/);
async function save(item, changes) {
  const there = await store("get", item.id);
  Object.assign(item, changes);
  if (there) await store("put", item).catch(() => item.state === "sent" && forget(item)); // on a full device
  await show();
  return there; // not when it was discarded meanwhile
}

// Forms
const draftOf = (form) => owner + form.action;
const texts = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !value.stream);
function submitted(event) {
  const { target: form, submitter } = event, { dataset } = form;
  if ("leave" in dataset) return leave(event);
  if (!dataset.outbox || submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  if (dataset.busy) return;
  dataset.busy = 1;
  const plainly = () => (delete dataset.outbox, form.requestSubmit(submitter));
  keep(form, submitter).then((before) => kept(form, before), plainly).finally(() => delete dataset.busy);
}
async function keep(form, { name, value }) {
  await shrinking;
  const { action, dataset } = form, before = mending?.action === action && mending;
  const id = crypto.randomUUID(), at = new Date(), body = new URLSearchParams(texts(form));
  const chosen = [...new FormData(form).values()].filter(({ name }) => name).map((file) => [crypto.randomUUID(), file]);
  // Instead of what was refused.
  const files = chosen[0] || before.anew ? chosen : before.files || [];
  if (name) body.append(name, value);
  body.set("client_id", (awaited = id));
  body.set("captured_at", at.toISOString());
  body.set("announced", JSON.stringify(files.map(([id, { name, size }]) => ({ id, name, size }))));
  await store("put", { id, owner, at, action, title: dataset.outbox, files, fields: [...body], state: "saved" });
  return before;
}
async function kept(form, before) {
  if (before) await forget(before);
  mending = false;
  form.reset();
  await show();
  box.scrollIntoView();
  navigator.storage.persist();
  send(true);
}

// Drafts of what is being typed
async function restore(form) {
  const draft = await store("get", draftOf(form)), typed = new URLSearchParams(draft?.fields);
  if (!draft || form.querySelector(".is-invalid")) return;
  for (const field of form.elements) {
    const { name, type, value } = field;
    if (/checkbox|radio/.test(type)) field.checked = typed.getAll(name).includes(value);
    else if (typed.has(name) && type !== "hidden") field.value = typed.get(name);
  }
  form.dataset.draft = "restored";
}
function emptied({ target: form }) {
  clearTimeout(drafting);
  form.dataset.draft &&= "";
  forget({ id: draftOf(form) });
}
function typing({ target: input }) {
  awaited = null;
  const { form, files } = input, { outbox, draft } = form?.dataset || {};
  if (files && outbox) shrinking = Promise.allSettled([shrinking, filesModule().then(({ shrink }) => shrink(input))]);
  if (draft == null) return;
  clearTimeout(drafting);
  drafting = setTimeout(() => store("put", { id: draftOf(form), owner, state: "draft", fields: texts(form) }), 500);
}
// Empty where it does not come, which browsers remember by the address; a query makes it another.
function filesModule() {
  const late = new Promise((_, no) => setTimeout(no, 5000));
  return Promise.race([import(words.module), late]).catch(() => (words.module += "?", {}));
}

// Sending: by one tab at a time, the oldest first
async function ask(url, method, body, more) {
  const token = document.cookie.match(/csrf=(\w+)/)?.[1]; // of this moment: that of the page may be outdated
  const headers = { Accept: "application/json", "X-Owner": owner, "X-CSRFToken": token, ...more };
  const signal = AbortSignal.timeout(120e3);
  const answer = await fetch(url, { method, body, headers, signal, redirect: "manual" }).catch(() => ({}));
  return Object.assign(answer, { said: (await answer.json?.().catch(() => 0)) || {} });
}
// What was just submitted waits for its turn; a timer leaves it to the tab that is sending.
async function send(waits) {
  await show();
  await navigator.locks.request("outbox", { ifAvailable: !waits }, (lock) => lock && sendAll()).catch(() => 0);
  clearTimeout(timer);
  if ((await waiting())[0]) timer = setTimeout(send, wait);
}
async function sendAll() {
  wait = 5000;
  for (const item of await waiting()) {
    if (!(await save(item, { state: "sending" }))) continue;
    if (!item.url && !(await sendText(item))) return;
    while (item.state === "sending") {
      const { sendFile = later } = await filesModule();
      if (!(await sendFile(item, { FINAL, words, ask, save, later, arrived, tell }))) return;
    }
  }
}
async function later(item, answer) {
  awaited = null;
  const own = Math.min(5000 * 2 ** tries++, 300e3) * (0.75 + Math.random() / 2);
  wait = Math.min(Math.max(own, answer.headers?.get("Retry-After") * 1000 || 0), HOUR);
  await save(item, { state: answer.status === 401 ? "login" : "saved" });
  return answer.status === 500; // it is about this item alone
}
function arrived(item, changes) {
  tries = 0;
  return save(item, { state: changes.files[0] ? "sending" : "sent", ...changes });
}
async function sendText(item) {
  const { id, action, files, fields } = item, body = new URLSearchParams(fields);
  if (awaited !== id) body.set("queued", 1);
  const answer = await ask(action, "POST", body), { client_id, url, said = "", page, errors } = answer.said;
  // Nothing else is a receipt: the sign-in page of a public network is answered with 200 too.
  if (answer.ok && client_id === id) await arrived(item, { url, said, files, fields: [] });
  else if (FINAL.includes(answer.status)) await save(item, { state: "fix", said, page, anew: errors?.announced });
  else return later(item, answer);
  if (awaited === id) page ? turn(item, page) : url && location.assign(url);
  return true;
}

// What the person sees
async function show() {
  const here = ({ id, state, url }) => state !== "sent" || [url, "/"].includes(location.pathname) || byId(id);
  const items = (await mine(/draft/)).filter(here), rows = items.map(tell);
  for (const row of [...list.children]) rows.includes(row) || row.remove();
  box.hidden = !rows[0];
  copy.hidden = items.every(({ state }) => state === "sent");
}
// In its row, where somebody may be at a button, and only what is new.
function tell(item) {
  const { id, title, at, url, said = "" } = item, state = url && item.state === "saved" ? "files" : item.state;
  const row = byId(id) || list.appendChild(template.content.firstElementChild.cloneNode(true));
  const [heading, time, text, link] = row.querySelectorAll("b, small, i, a.sent");
  if (row.dataset.state === state && text.textContent === said) return row;
  row.onclick = ({ target }) => ({ now: send, mend, drop })[target.value]?.(item);
  row.id = id;
  row.dataset.state = state;
  heading.textContent = title;
  time.textContent = at.toLocaleTimeString("id", { timeStyle: "short" });
  text.textContent = said;
  if (url !== location.pathname) link.href = url;
  return row;
}
const drop = (item) => confirm(words.sure) && forget(item).then(show);
const mend = (item) => (item.page ? turn(item, item.page) : save(item, { state: "saved" }).then(send));
// The page that came with the answer: of what was saved, or the form with its errors.
function turn(item, page) {
  const { title, body } = new DOMParser().parseFromString(page, "text/html"), main = body.querySelector("main");
  document.title = title;
  document.querySelector("main").replaceWith(main);
  main.tabIndex = -1;
  main.focus();
  scrollTo(0, 0);
  mending = !item.url && item;
  if (mending) return;
  history.replaceState(0, "", item.url);
  list.replaceChildren();
  start();
}
async function copyAll() {
  const items = await mine(/sent/), all = new File([JSON.stringify(items, null, 1)], "portal.json");
  for (const [, file] of [...items.flatMap(({ files = [] }) => files), [0, all]])
    Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: file.name }).click();
}
async function leave(event) {
  event.preventDefault();
  const { target: form, submitter: { value } } = event, items = await mine().catch(() => []);
  if (!value && items.some(({ state }) => !/draft|sent/.test(state))) return location.assign(form.action);
  if (value === "drop") await Promise.all(items.map(forget));
  localStorage.owner = "";
  form.submit();
}

async function start() {
  for (const item of await mine()) if (item.state === "sent" && Date.now() - item.at > 7 * 24 * HOUR) await forget(item);
  document.querySelectorAll("[data-draft]").forEach(restore);
  send();
}
// Other browsers send their forms the plain way.
if (owner && navigator.locks && AbortSignal.timeout) {
  if (words.owner) localStorage.seen = Date.now();
  localStorage.owner = words.owner = owner;
  Object.assign(self, { onsubmit: submitted, oninput: typing, onreset: emptied, ononline: () => send() });
  document.onvisibilitychange = () => document.hidden || send();
  copy.onclick = copyAll;
  setTimeout(() => navigator.serviceWorker?.register(words.worker), 15e3);
  start();
}
