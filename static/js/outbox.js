// The outbox: what an official sends stays on the device until the portal's receipt names it (docs/outbox.md).
const box = document.getElementById("outbox"), words = box.dataset, [template, list, copy] = box.children;
const HOUR = 3600e3, FINAL = [400, 404, 410, 413, 415, 422];
// On the page for the time without a network: whoever was signed in within the life of a session and did not sign out.
const owner = words.owner || (Date.now() - localStorage.seen < 12 * HOUR && localStorage.owner);
let timer, drafting, awaited, mending, wait = 5000, tries = 0, shrinking = Promise.resolve();

// The store: one record an item, so that two tabs never write over each other's; phones close what lies open.
const done = (asked, yes, no) => new Promise((resolve, reject) => Object.assign(asked, { [yes]: resolve, [no]: reject }));
async function store(method, value) {
  const opening = indexedDB.open("portal", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("items", { keyPath: "id" });
  await done(opening, "onsuccess", "onerror");
  const change = opening.result.transaction("items", "readwrite", { durability: "strict" });
  opening.result.close(); // once this is done
  const asked = change.objectStore("items")[method](value);
  await done(change, "oncomplete", "onabort");
  return asked.result;
}
const forget = ({ id }) => store("delete", id);
const mine = async (...not) =>
  (await store("getAll")).filter((item) => item.owner === owner && !not.includes(item.state)).sort((a, b) => a.at - b.at);
const waiting = () => mine("draft", "fix", "sent");
// Undefined when it was discarded meanwhile.
async function save(item, changes) {
  const there = await store("get", item.id);
  Object.assign(item, changes);
  // On a full device: what arrived need not be kept, of what did not the state before stays.
  if (there) await store("put", item).catch(() => item.state === "sent" && forget(item));
  await show();
  return there;
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
  const { action, dataset } = form, before = mending?.action === action ? mending : {}, uuid = () => crypto.randomUUID();
  const chosen = [...new FormData(form).values()].filter(({ name }) => name).map((file) => [uuid(), file]);
  // What is chosen anew takes the place of what was refused.
  const files = chosen[0] || before.anew ? chosen : before.files || [];
  const id = (awaited = uuid()), at = new Date(), body = new URLSearchParams(texts(form));
  if (name) body.append(name, value);
  body.set("client_id", id);
  body.set("captured_at", at.toISOString());
  body.set("announced", JSON.stringify(files.map(([id, { name, size }]) => ({ id, name, size }))));
  await store("put", { id, owner, at, action, title: dataset.outbox, files, fields: [...body], state: "saved", said: "" });
  return before;
}
async function kept(form, before) {
  mending = false;
  if (before.id) await forget(before);
  form.reset();
  await show();
  box.scrollIntoView();
  navigator.storage.persist();
  send(true);
}

// Drafts of what is being typed
async function restore(form) {
  const draft = await store("get", draftOf(form));
  if (!draft || form.querySelector(".is-invalid")) return;
  const typed = new URLSearchParams(draft.fields);
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
  if (files && outbox) shrinking = shrinking.then(() => shrink(input)).catch(() => 0);
  if (draft == null) return;
  clearTimeout(drafting);
  drafting = setTimeout(() => store("put", { id: draftOf(form), owner, state: "draft", fields: texts(form) }), 500);
}
// Photos are made smaller when they are chosen, unless others were chosen meanwhile.
async function shrink(input) {
  const chosen = [...input.files], bag = new DataTransfer();
  for (const file of chosen) bag.items.add(await smaller(file).catch(() => file)); // what is no picture stays as it is
  if (input.files[0] === chosen[0]) input.files = bag.files;
}
async function smaller(file) {
  const picture = await createImageBitmap(file), scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(picture.width * scale, picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const small = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.7 });
  return small.size < file.size ? new File([small], file.name, small) : file;
}

// Sending: by one tab at a time, the oldest first
async function ask(url, options, more) {
  // The token of this moment: somebody may have signed in again in another tab.
  const [, token] = document.cookie.match(/csrf=(\w+)/) || [];
  const headers = { Accept: "application/json", "X-Owner": owner, "X-CSRFToken": token, ...more };
  const how = { headers, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(120e3), ...options };
  const answer = await fetch(url, how).catch(() => ({}));
  answer.said = (await answer.json?.().catch(() => 0)) || {};
  return answer;
}
// What was just submitted waits for its turn; a timer leaves it to whoever is sending already.
async function send(waits) {
  await show();
  await navigator.locks.request("outbox", { ifAvailable: !waits }, (lock) => lock && sendAll()).catch(() => 0);
  clearTimeout(timer);
  if ((await waiting())[0]) timer = setTimeout(send, wait);
}
async function sendAll() {
  wait = 5000;
  // Texts before the files of those that are recorded.
  for (const item of (await waiting()).sort((a, b) => !!a.url - !!b.url)) if (!(await sendItem(item))) return;
}
async function later(item, answer) {
  awaited = null;
  const own = Math.min(5000 * 2 ** tries++, 300e3) * (0.75 + Math.random() / 2);
  wait = Math.min(Math.max(own, answer.headers?.get("Retry-After") * 1000 || 0), HOUR);
  await save(item, { state: answer.status === 401 ? "login" : "saved" });
  return answer.status === 500; // which is about this item alone
}
function arrived(item, changes) {
  tries = 0;
  return save(item, { state: changes.files[0] ? "sending" : "sent", ...changes });
}
// True: the next item may go.
async function sendItem(item) {
  if (!(await save(item, { state: "sending" }))) return true;
  if (!item.url && !(await sendText(item))) return;
  while (item.url && item.files[0]) if (!(await sendFile(item, ...item.files))) return;
  return true;
}
async function sendText(item) {
  const { id, action, files, fields } = item, body = new URLSearchParams(fields);
  if (awaited !== id) body.set("queued", 1);
  const answer = await ask(action, { method: "POST", body }), { client_id, url, said = "", page, errors } = answer.said;
  // Nothing else is a receipt: the sign-in page of a public network is answered with 200 too.
  if (answer.ok && client_id === id) await arrived(item, { url, said, files, fields: [] });
  else if (FINAL.includes(answer.status)) await save(item, { state: "fix", said, page, anew: errors?.announced });
  else return later(item, answer);
  if (awaited === id) page ? turn(item, page) : url && location.assign(url);
  return true;
}
async function sendFile(item, [id, file], ...files) {
  // Only the portal's own answers name an offset.
  const url = `${words.files + id}/`, at = () => parseInt(answer.headers?.get("Upload-Offset"));
  let answer = await ask(url, { method: "HEAD" }), piece = 32 * 1024;
  while ((answer.ok || answer.status === 409) && at() < file.size) {
    // A text that was just submitted goes first.
    if ((await navigator.locks.query()).pending[0]) return save(item, { state: "saved" }).then(() => 0);
    tell({ ...item, said: `${Math.floor((at() * 100) / file.size)} %` });
    const body = file.slice(at(), at() + piece), from = performance.now();
    answer = await ask(url, { method: "PATCH", body }, { "Upload-Offset": at(), "Content-Type": "application/offset+octet-stream" });
    // Small on slow lines, where a cut costs what a piece took, and the next text waits for it.
    if (performance.now() - from < 5000) piece = Math.min(piece * 2, 256 * 1024);
  }
  const refused = FINAL.includes(answer.status) && at() >= 0;
  if (!refused && !(at() >= file.size)) return later(item, answer);
  return arrived(item, { files, said: item.said + (refused ? ` ${words.lost} ${file.name}` : "") });
}

// What the person sees
async function show() {
  const here = ({ id, state, url }) => state !== "sent" || [url, "/"].includes(location.pathname) || document.getElementById(id);
  const items = (await mine("draft")).filter(here);
  for (const row of [...list.children]) if (!items.some(({ id }) => id === row.id)) row.remove();
  items.forEach(tell);
  box.hidden = !items.length;
  copy.hidden = items.every(({ state }) => state === "sent");
}
// In the same row, where somebody may be at a button, and only what is new.
function tell(item) {
  const { id, title, at, url, said } = item, state = url && item.state === "saved" ? "files" : item.state;
  const row = document.getElementById(id) || list.appendChild(template.content.firstElementChild.cloneNode(true));
  const [heading, time, text, link] = row.querySelectorAll("b, small, i, a.sent");
  if (row.dataset.state === state && text.textContent === said) return;
  Object.assign(row, { id, onclick: ({ target }) => ({ now: send, mend, drop })[target.value]?.(item) });
  row.dataset.state = state;
  heading.textContent = title;
  time.textContent = at.toLocaleTimeString("id", { timeStyle: "short" });
  text.textContent = said;
  if (url !== location.pathname) link.href = url;
}
const drop = (item) => confirm(words.sure) && forget(item).then(show);
// Where there is no page with the errors it is sent once more.
const mend = (item) => (item.page ? turn(item, item.page) : save(item, { state: "saved" }).then(send));
// The page that came with the answer, in the place of this one: of what was saved, or the form with its errors.
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
  const items = await mine("sent"), all = new File([JSON.stringify(items, null, 1)], "portal.json");
  for (const file of items.flatMap(({ files = [] }) => files.map(([, file]) => file)).concat(all))
    Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: file.name }).click();
}
// Signing out with something unsent leads to the page that asks what becomes of it.
async function leave(event) {
  event.preventDefault();
  const { target: form, submitter: { value } } = event, items = await mine().catch(() => []);
  if (!value && items.some(({ state }) => !["draft", "sent"].includes(state))) return location.assign(form.action);
  if (value === "drop") await Promise.all(items.map(forget));
  localStorage.owner = "";
  form.submit();
}

// Of this page, or what took its place.
async function start() {
  for (const item of await mine()) if (item.state === "sent" && Date.now() - item.at > 7 * 24 * HOUR) await forget(item);
  document.querySelectorAll("[data-draft]").forEach(restore);
  send();
}
// Browsers without these send their forms the plain way.
if (owner && navigator.locks && AbortSignal.timeout) {
  if (words.owner) localStorage.seen = Date.now();
  localStorage.owner = words.owner = owner;
  Object.assign(self, { onsubmit: submitted, oninput: typing, onreset: emptied, ononline: () => send() });
  document.onvisibilitychange = () => document.hidden || send();
  copy.onclick = copyAll;
  setTimeout(() => navigator.serviceWorker?.register(words.worker), 15e3); // after what the page itself needs
  start();
}
