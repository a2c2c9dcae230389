// What an official sends stays on the device until the portal's receipt names it (docs/outbox.md).
const box = document.getElementById("outbox"), words = box.dataset, [template, list, copy] = box.children;
const HOUR = 3600e3, FINAL = [400, 404, 410, 413, 415, 422];
// Without a network: who was signed in last, within the life of a session.
const owner = words.owner || (Date.now() - localStorage.seen < 12 * HOUR && localStorage.owner);
let timer, awaited, mending, shrinking, wait, tries = 0;

// A record an item, for there are other tabs; opened for each use, for phones close what lies open.
const done = (asked) =>
  new Promise((yes, no) => Object.assign(asked, { onsuccess: yes, oncomplete: yes, onabort: no, onerror: no }));
async function store(method, value, next) {
  const opening = indexedDB.open("portal", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("items", { keyPath: "id" });
  await done(opening);
  const change = opening.result.transaction("items", "readwrite", { durability: "strict" });
  opening.result.close();
  const items = change.objectStore("items"), asked = items[method](value);
  asked.onsuccess = () => next?.(items, asked.result);
  await done(change);
  return asked.result;
}
const forget = ({ id }) => store("delete", id);
async function mine(not) {
  const items = (await store("getAll")).filter((item) => item.owner === owner && !not?.test(item.state));
  return items.sort((a, b) => !!a.url - !!b.url || a.at - b.at); // texts first
}
const waiting = () => mine(/draft|fix|sent/);
async function save(item, changes) {
  Object.assign(item, changes);
  const put = (items, there) => there && items.put(item);
  const there = await store("get", item.id, put).catch(() => item.state !== "sent" || forget(item)); // on a full device
  await show();
  return there;
}

function onsubmit(event) {
  const { target: form, submitter } = event, { dataset } = form;
  if ("leave" in dataset) return leave(event);
  if (!dataset.outbox || submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  if (dataset.busy) return;
  dataset.busy = 1;
  const plainly = () => (delete dataset.outbox, form.requestSubmit(submitter));
  keep(form, submitter).then(() => kept(form), plainly).finally(() => delete dataset.busy);
}
async function keep(form, { name, value }) {
  await shrinking;
  const { action, dataset } = form, refused = mending?.action === action && mending;
  const id = crypto.randomUUID(), at = new Date(), all = [...new FormData(form)];
  const chosen = all.filter(([, { name }]) => name), wanted = chosen[0] || refused.anew ? chosen : refused.files || [];
  const files = wanted.map(([, file]) => [crypto.randomUUID(), file]);
  const body = new URLSearchParams(all.filter(([, value]) => !value.stream));
  if (name) body.append(name, value);
  body.delete("csrfmiddlewaretoken");
  body.set("client_id", (awaited = id));
  body.set("captured_at", at.toJSON());
  body.set("announced", JSON.stringify(files.map(([id, { name, size }]) => ({ id, name, size }))));
  const item = { id, owner, at, action, title: dataset.outbox, files, fields: [...body], state: "saved" };
  await store("put", item, (items) => refused && items.delete(refused.id));
}
async function kept(form) {
  form.reset();
  if (mending) form.replaceChildren();
  mending = false;
  await show();
  box.scrollIntoView();
  navigator.storage.persist();
  send(true);
}
function oninput({ target: { form, files }, target }) {
  awaited = null;
  if (files && form.dataset.outbox)
    shrinking = Promise.allSettled([shrinking, filesModule().then(({ shrink }) => shrink(target))]);
}
// Browsers remember by its address that it did not come; a query makes it another.
function filesModule() {
  const late = new Promise((_, no) => setTimeout(no, 5000));
  return Promise.race([import(words.module), late]).catch(() => (words.module += "?", {}));
}

async function ask(url, method, body, more) {
  const token = document.cookie.match(/csrf=(\w+)/)?.[1]; // the page's may be outdated
  const headers = { Accept: "application/json", "X-Owner": owner, "X-CSRFToken": token, ...more };
  const sent = { method, body, headers, redirect: "manual", signal: AbortSignal.timeout(120e3) };
  const answer = await fetch(url, sent).catch(() => ({}));
  return Object.assign(answer, { said: (await answer.json?.().catch(() => 0)) || {} });
}
// One tab sends: what was just submitted waits its turn, a timer does not.
async function send(waits) {
  wait = 5000;
  await show();
  await navigator.locks.request("outbox", { ifAvailable: !waits }, (lock) => lock && sendAll()).catch(() => 0);
  clearTimeout(timer);
  if ((await waiting())[0]) timer = setTimeout(send, wait);
}
async function sendAll() {
  for (const item of await waiting()) {
    if (!(await save(item, { state: "sending" }))) continue;
    while (item.state === "sending") {
      const { sendFile = later } = item.url ? await filesModule() : { sendFile: sendText };
      if (!(await sendFile(item, { FINAL, words, ask, save, later, arrived, tell }))) return;
    }
  }
}
async function later(item, answer) {
  awaited = null;
  const own = Math.min(5000 * 2 ** tries++, 300e3) * (0.75 + Math.random() / 2);
  wait = Math.min(Math.max(own, answer.headers?.get("Retry-After") * 1000 || 0), HOUR);
  await save(item, { state: answer.status === 401 ? "login" : item.url ? "files" : "saved" });
  return answer.status === 500; // it is about this item alone
}
function arrived(item, changes) {
  tries = 0;
  return save(item, { state: changes.files[0] ? "sending" : "sent", ...changes });
}
async function sendText(item) {
  const { id, action, files, fields } = item, body = new URLSearchParams(fields);
  if (awaited !== id) body.set("queued", 1);
  const answer = await ask(action, "POST", body), { client_id, url, said, page, errors } = answer.said;
  // Nothing else is a receipt: a public network's own page comes with 200 too.
  if (answer.ok && client_id === id) await arrived(item, { url, said, files, fields: [] });
  else if (FINAL.includes(answer.status)) await save(item, { state: "fix", said, page, anew: errors?.announced });
  else return later(item, answer);
  if (awaited === id) page ? turn(item, page) : url && location.assign(url);
  return true;
}

async function show() {
  const here = ({ id, state, url }) => state !== "sent" || [url, "/"].includes(location.pathname) || list.children[id];
  const rows = (await mine(/draft/)).filter(here).map(tell);
  for (const row of [...list.children]) rows.includes(row) || row.remove();
  box.hidden = !rows[0];
}
// In its row, since somebody may be at a button.
function tell(item) {
  const { id, title, at, url, state, said = "" } = item;
  const row = list.children[id] || list.appendChild(template.content.firstElementChild.cloneNode(true));
  const [heading, time, text, link] = row.querySelectorAll("b, small, i, a.sent");
  if (row.dataset.state === state && text.textContent === said) return row;
  row.onclick = ({ target }) => ({ now: send, mend, drop })[target.value]?.(item);
  row.id = id;
  row.dataset.state = state;
  heading.textContent = title;
  time.textContent = at.toLocaleString("id").slice(0, -3);
  text.textContent = said;
  if (url !== location.pathname) link.href = url;
  return row;
}
const drop = (item) => confirm(words.sure) && forget(item).then(show);
const mend = (item) => (item.page ? turn(item, item.page) : save(item, { state: "saved" }).then(send));
// The answer's page: of what was saved, or with errors.
function turn(item, page) {
  const { title, body } = new DOMParser().parseFromString(page, "text/html"), main = body.querySelector("main");
  document.title = title;
  document.querySelector("main").replaceWith(main);
  main.focus();
  scrollTo(0, 0);
  import(words.forms);
  mending = !item.url && item;
  if (mending) return;
  history.replaceState(0, "", item.url);
  list.replaceChildren();
  send();
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

if (owner && AbortSignal.timeout) { // others send their forms plainly
  if (words.owner) localStorage.seen = Date.now();
  localStorage.owner = words.owner = owner;
  Object.assign(self, { onsubmit, oninput, ononline: () => send() });
  document.onvisibilitychange = () => document.hidden || send();
  copy.onclick = copyAll;
  box.store = store; // for forms.js
  setTimeout(() => navigator.serviceWorker?.register(words.worker), 15e3);
  for (const item of await mine()) if (item.state === "sent" && Date.now() - item.at > 7 * 24 * HOUR) forget(item);
  send();
}
