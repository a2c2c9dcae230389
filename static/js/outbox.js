// The outbox: what an official sends stays on the device until the portal's receipt names it (docs/outbox.md).
const box = document.getElementById("outbox"), words = box.dataset, [template, list, copy] = box.children;
const PIECE = 256 * 1024, WEEK = 7 * 24 * 3600e3, FINAL = [400, 404, 410, 413, 415, 422];
// On the page for the time without a network: whoever was signed in within the life of a session and did not sign out.
const owner = words.owner || (Date.now() - localStorage.seen < 12 * 3600e3 && localStorage.owner) || "";
const headers = { Accept: "application/json", "X-Owner": owner }, progress = {};
let opened, timer, drafting, awaited;

// The store: one record an item, so that two tabs never write over each other's.
const database = () => (opened ||= new Promise((resolve, reject) => {
  const asked = indexedDB.open("portal", 1);
  asked.onupgradeneeded = () => ["items", "drafts"].map((name) => asked.result.createObjectStore(name, { keyPath: "id" }));
  const closed = () => (opened = null);
  asked.onsuccess = ({ target: { result } }) => {
    Object.assign(result, { onclose: closed, onversionchange: () => closed(result.close()) });
    resolve(result);
  };
  asked.onerror = () => reject(closed());
}));
async function store(name, method, value) {
  const change = (await database()).transaction(name, "readwrite", { durability: "strict" });
  const asked = change.objectStore(name)[method](value);
  await new Promise((oncomplete, onabort) => Object.assign(change, { oncomplete, onabort }));
  return asked.result;
}
const forget = ({ id }) => store("items", "delete", id);
const mine = async (...not) =>
  (await store("items", "getAll")).filter((item) => item.owner === owner && !not.includes(item.state)).sort((a, b) => a.at - b.at);
// False when it was discarded meanwhile, here or in another tab.
async function save(item, changes) {
  const there = await store("items", "get", item.id);
  Object.assign(item, changes);
  if (there) await store("items", "put", item);
  await show();
  return !!there;
}

// Forms
const entries = (form) => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
const texts = (form) => entries(form).filter(([, value]) => !value.stream);
const draftOf = (form) => owner + form.getAttribute("action");
function submitted(event) {
  const { target: form, submitter } = event, { dataset } = form;
  if ("leave" in dataset) return leave(event);
  if (!("outbox" in dataset) || !owner) return;
  event.preventDefault();
  if (dataset.busy) return;
  dataset.busy = 1;
  const plainly = () => (delete dataset.outbox, form.requestSubmit(submitter));
  keep(form, submitter).then((before) => kept(form, before), plainly).finally(() => delete dataset.busy);
}
async function keep(form, { name, value }) {
  const { client_id } = form.elements, fields = texts(form).concat(name ? [[name, value]] : []);
  const files = entries(form).filter(([, { size }]) => size).map(([, blob]) => ({ id: crypto.randomUUID(), name: blob.name, blob }));
  const before = await store("items", "get", form.dataset.item || ""), id = client_id?.value || crypto.randomUUID();
  // What is chosen anew takes the place of what was refused.
  const item = { id, owner, fields, files: files[0] ? files : before?.files || [], action: form.getAttribute("action"), title: form.dataset.outbox };
  awaited = id;
  await store("items", "put", Object.assign(item, { at: new Date(), state: "saved", said: "", tries: 0, next: 0 }));
  return before?.id !== id && before;
}
async function kept(form, before) {
  const { client_id, csrfmiddlewaretoken } = form.elements;
  if (before) await forget(before);
  await show();
  clearTimeout(drafting);
  await store("drafts", "delete", draftOf(form));
  navigator.storage?.persist?.();
  if (client_id) client_id.defaultValue = ""; // the next one typed here is another
  form.reset();
  box.scrollIntoView();
  send("now", csrfmiddlewaretoken?.value);
}

// Drafts of what is being typed
async function restore(form) {
  const draft = await store("drafts", "get", draftOf(form));
  if (!owner || !draft || form.querySelector(".is-invalid")) return;
  const { version } = form.elements, seen = version?.value;
  for (const field of form.elements) {
    const values = draft.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (/checkbox|radio/.test(field.type)) field.checked = values.includes(field.value);
    // With the version that the text was written for, or it would undo what others changed since.
    else if (values.length && (field.type !== "hidden" || field === version)) field.value = values[0];
  }
  const note = template.content.lastElementChild.cloneNode(true);
  note.lastElementChild.onclick = () => (store("drafts", "delete", draft.id), form.reset());
  form.onreset = () => (note.remove(), version && (version.value = seen));
  form.prepend(note);
}
function typing({ target: { form } }) {
  awaited = null;
  if (!owner || !form || !("draft" in form.dataset)) return;
  clearTimeout(drafting);
  drafting = setTimeout(() => store("drafts", "put", { id: draftOf(form), fields: texts(form) }), 500);
}

// Sending: by one tab at a time, the oldest first
async function ask(url, options) {
  const answer = await fetch(url, { headers, ...options, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(120e3) }).catch(() => ({}));
  answer.said = await answer.json?.().catch(() => 0) || {};
  return answer;
}
// What was just submitted waits for its turn; a timer leaves it to whoever is sending already.
async function send(now, token) {
  clearTimeout(timer);
  await navigator.locks.request("outbox", { ifAvailable: !token }, (lock) => lock && sendDue(now, token)).catch(() => 0);
  await show();
  const next = Math.min(...(await mine("sent", "fix")).map((item) => item.next));
  if (next < Infinity) timer = setTimeout(send, Math.min(Math.max(next - Date.now(), 5000), 300e3));
}
const due = async (now) => (await mine("sent", "fix")).filter(({ next }) => now || next <= Date.now());
// With the token of a page just opened one round trip is spared; the server refuses what is another person's.
async function sendDue(now, token) {
  const items = await due(now);
  if (!items.length) return;
  if (!token) {
    const answer = await ask(words.hello);
    // Not "portal-koordinasi": the sign-in page of a public network, or nothing at all.
    if (answer.said.app !== words.app) return Promise.all(items.map((item) => later(item, answer)));
    token = answer.said.csrf;
  }
  headers["X-CSRFToken"] = token;
  // Texts before the files of those that are recorded.
  for (const item of items.sort((a, b) => !!a.url - !!b.url)) if (!(await sendItem(item))) return;
}
async function later(item, answer) {
  awaited = null;
  const wait = Math.min(1000 * 2 ** item.tries++, 300e3) * (0.75 + Math.random() / 2);
  const state = answer.status === 401 ? "login" : "saved";
  await save(item, { state, next: Date.now() + Math.max(wait, answer.headers?.get("Retry-After") * 1000 || 0) });
}
// True: something final was said and the next item may go.
async function sendItem(item) {
  // Once: another sending of the same must have the same sizes. One by one, since a phone may not hold two in memory.
  for (const file of item.files) if (!file.small) await shrink(file);
  if (!(await save(item, { state: "sending" }).catch(() => 1))) return true;
  const page = item.url ? "" : await sendText(item), done = { state: "sent", fields: [] };
  if (!item.url) return item.state === "fix";
  if (!item.files.length) await save(item, done);
  if (awaited === item.id) arrive(item.url, page);
  while (item.files.length) if (!(await sendFile(item, item.files[0]))) return;
  await save(item, done);
  return true;
}
// The page of what was saved, where the answer brought it.
async function sendText(item) {
  const { id, at, action, files } = item, body = new URLSearchParams(item.fields);
  body.set("client_id", id);
  body.set("captured_at", at.toISOString());
  body.set("announced", JSON.stringify(files.map(({ id, name, blob: { size } }) => ({ id, name, size }))));
  if (awaited !== id) body.set("queued", 1);
  const answer = await ask(action, { method: "POST", body }), { client_id, url, said, page, errors = {} } = answer.said;
  if (answer.ok && client_id === id) return await save(item, { url, said, tries: 0 }), page;
  if (!FINAL.includes(answer.status)) return later(item, answer);
  await save(item, { state: "fix", page, said: Object.values(errors).flat().join(" ") });
  if (awaited === id && page) mend(item);
}
async function sendFile(item, { id, name, blob }) {
  // Only the portal's own answers name an offset.
  const url = `${words.files + id}/`, at = () => parseInt(answer.headers?.get("Upload-Offset"));
  let answer = await ask(url, { method: "HEAD" });
  while ((answer.ok || answer.status === 409) && at() < blob.size) {
    if ((await due()).some(({ url }) => !url)) return save(item, { state: "saved" }).then(() => 0);
    progress[item.id] = `${Math.floor((at() * 100) / blob.size)} %`;
    await show();
    const more = { ...headers, "Upload-Offset": at(), "Content-Type": "application/offset+octet-stream" };
    // After a failure less at once, for lines on which a whole piece takes too long.
    answer = await ask(url, { method: "PATCH", headers: more, body: blob.slice(at(), at() + (PIECE >> Math.min(item.tries, 4))) });
  }
  delete progress[item.id];
  const refused = FINAL.includes(answer.status) && at() >= 0;
  if (!refused && !(at() >= blob.size)) return later(item, answer);
  await save(item, { tries: 0, files: item.files.slice(1), said: item.said + (refused ? ` ${words.lost} ${name}` : "") });
  return true;
}
async function shrink(file) {
  file.small = true;
  try {
    const picture = await createImageBitmap(file.blob), { width, height } = picture, scale = Math.min(1, 1600 / Math.max(width, height));
    const canvas = new OffscreenCanvas(width * scale, height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.7 });
    if (small.size < file.blob.size) file.blob = small;
  } catch {} // no picture: it goes as it is
}

// What the person sees
async function show() {
  const items = (await mine()).filter(({ state, url }) => state !== "sent" || [url, "/"].includes(location.pathname));
  list.replaceChildren(...items.map(row));
  box.hidden = !items.length;
  copy.hidden = items.every(({ state }) => state === "sent");
}
function row(item) {
  const { id, title, at, said, url } = item, percent = progress[id], state = url && item.state === "saved" ? "files" : item.state;
  const told = [state, percent, said].join(), there = document.getElementById(id);
  if (there?.dataset.told === told) return there;
  const made = Object.assign(template.content.firstElementChild.cloneNode(true), { id });
  Object.assign(made.dataset, { state, told });
  const [heading, time, text, link] = made.querySelectorAll("b, small, i, a.sent");
  heading.append(title);
  time.append(at.toLocaleTimeString("id", { timeStyle: "short" }));
  text.append(percent || said);
  if (url === location.pathname) link.remove();
  else link.href = url;
  made.onclick = ({ target }) => ({ now: send, mend, drop })[target.value]?.(item);
  return made;
}
const drop = (item) => confirm(words.sure) && forget(item).then(show);
// The page that the server sent with its answer, in the place of this one.
function turn(page) {
  const { title, body } = new DOMParser().parseFromString(page, "text/html"), main = body.querySelector("main");
  document.title = title;
  document.querySelector("main").replaceWith(main);
  main.tabIndex = -1;
  main.focus();
  return main;
}
// With the errors by the fields of the form, filled as it was; where there is no such page it is sent once more.
function mend(item) {
  if (!item.page) return save(item, { state: "saved", next: 0 }).then(() => send("now"));
  const form = turn(item.page).querySelector(`[action="${item.action}"]`);
  if (form) form.dataset.item = item.id;
}
function arrive(url, page) {
  if (!page) return location.assign(url);
  history.replaceState(0, "", url);
  turn(page).querySelectorAll("[data-draft]").forEach(restore);
  scrollTo(0, 0);
  show();
}
async function copyAll() {
  const items = await mine("sent"), all = { name: "portal.json", blob: new Blob([JSON.stringify(items, null, 1)]) };
  for (const { blob, name: download } of items.flatMap(({ files }) => files).concat(all))
    Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download }).click();
}
// Signing out with something unsent leads to the page that asks what becomes of it.
async function leave(event) {
  event.preventDefault();
  const { target: form, submitter: { value } } = event, left = await mine("sent").catch(() => []);
  if (left.length && !value) return location.assign(form.action);
  if (value === "drop") {
    await Promise.all(left.map(forget));
    for (const { id } of await store("drafts", "getAll").catch(() => [])) if (id.startsWith(`${owner}/`)) await store("drafts", "delete", id);
  }
  localStorage.owner = "";
  form.submit();
}

async function start() {
  if (words.owner) localStorage.seen = Date.now();
  localStorage.owner = words.owner = owner;
  for (const item of await mine()) if (item.state === "sent" && item.at < Date.now() - WEEK) await forget(item);
  document.querySelectorAll("[data-draft]").forEach(restore);
  await show();
  send("now");
}
// Browsers without these send their forms the plain way.
if (navigator.locks && AbortSignal.timeout) {
  Object.assign(self, { onsubmit: submitted, oninput: typing, ononline: send });
  document.onvisibilitychange = () => document.hidden || send("now");
  copy.onclick = copyAll;
  setTimeout(() => navigator.serviceWorker?.register(words.worker), 15e3); // after what the page itself needs
  start();
}
