// The outbox: what an official sends stays on the device until the portal's receipt names it (docs/outbox.md).
const box = document.getElementById("outbox"), words = box.dataset, [template, list, copy] = box.children;
const PIECE = 256 * 1024, WEEK = 7 * 24 * 3600e3, FINAL = [400, 404, 410, 413, 415, 422];
// On the page for the time without a network: whoever was signed in last and did not sign out.
const owner = words.owner || localStorage.owner || "";
let opened, timer, drafting, awaited;

// The store: one record an item, so that two tabs never write over each other's.
const database = () => (opened ||= new Promise((resolve, reject) => {
  const asked = indexedDB.open("portal", 1);
  asked.onupgradeneeded = () => ["items", "drafts"].map((name) => asked.result.createObjectStore(name, { keyPath: "id" }));
  asked.onsuccess = () => (asked.result.onclose = () => (opened = null), resolve(asked.result));
  asked.onerror = reject;
}));
async function store(name, method, value) {
  const change = (await database()).transaction(name, "readwrite", { durability: "strict" });
  const asked = change.objectStore(name)[method](value);
  await new Promise((oncomplete, onabort) => Object.assign(change, { oncomplete, onabort }));
  return asked.result;
}
const forget = ({ id }) => store("items", "delete", id);
const mine = async () => (await store("items", "getAll")).filter((item) => item.owner === owner).sort((a, b) => a.at - b.at);
const without = async (...states) => (await mine()).filter(({ state }) => !states.includes(state));
async function save(item, changes) {
  await store("items", "put", Object.assign(item, changes));
  await show();
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
  keep(form, submitter).catch(plainly).finally(() => delete dataset.busy);
}
async function keep(form, { name, value }) {
  const { client_id } = form.elements, fields = texts(form).concat(name ? [[name, value]] : []);
  const files = entries(form).filter(([, { size }]) => size).map(([, blob]) => ({ id: crypto.randomUUID(), name: blob.name, blob }));
  const before = await store("items", "get", form.dataset.item || ""), id = client_id?.value || crypto.randomUUID();
  const item = { id, owner, fields, files: files.concat(before?.files || []), action: form.getAttribute("action"), title: form.dataset.outbox };
  awaited = id;
  await save(item, { at: new Date(), state: "saved", said: "", tries: 0, next: 0 });
  if (before && before.id !== id) await forget(before);
  clearTimeout(drafting);
  await store("drafts", "delete", draftOf(form));
  navigator.storage?.persist?.();
  if (client_id) client_id.defaultValue = ""; // the next one typed here is another
  form.reset();
  box.scrollIntoView();
  send("now", form.elements.csrfmiddlewaretoken?.value);
}

// Drafts of what is being typed
async function restore(form) {
  const draft = await store("drafts", "get", draftOf(form));
  if (!draft || form.querySelector(".is-invalid")) return;
  for (const field of form.elements) {
    const values = draft.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (/checkbox|radio/.test(field.type)) field.checked = values.includes(field.value);
    else if (values.length && field.type !== "hidden") field.value = values[0];
  }
  const note = template.content.lastElementChild.cloneNode(true);
  note.lastElementChild.onclick = () => (store("drafts", "delete", draft.id), form.reset());
  form.onreset = () => note.remove();
  form.prepend(note);
}
function typing({ target: { form } }) {
  awaited = null;
  if (!form || !("draft" in form.dataset)) return;
  clearTimeout(drafting);
  drafting = setTimeout(() => store("drafts", "put", { id: draftOf(form), fields: texts(form) }), 500);
}

// Sending: by one tab at a time, the oldest first
async function ask(url, options) {
  const answer = await fetch(url, { ...options, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(120e3) }).catch(() => ({}));
  answer.said = await answer.json?.().catch(() => 0) || {};
  return answer;
}
// What was just submitted waits for its turn; a timer leaves it to whoever is sending already.
async function send(now, token) {
  clearTimeout(timer);
  await navigator.locks.request("outbox", { ifAvailable: !token }, (lock) => lock && sendDue(now, token));
  const next = Math.min(...(await without("sent", "fix")).map((item) => item.next));
  if (next < Infinity) timer = setTimeout(send, Math.max(next - Date.now(), 5000));
}
// With the token of a page just opened one round trip is spared; the server refuses what is another person's.
async function sendDue(now, token) {
  const due = (await without("sent", "fix")).filter(({ next }) => now || next <= Date.now());
  const headers = { Accept: "application/json", "X-Owner": owner };
  if (!due.length) return;
  if (!token) {
    const answer = await ask(words.hello, { headers });
    // Not "portal-koordinasi": the sign-in page of a public network, or nothing at all.
    if (answer.said.app !== words.app) return Promise.all(due.map((item) => later(item, answer)));
    token = answer.said.csrf;
  }
  headers["X-CSRFToken"] = token;
  for (const item of due) if (!(await sendItem(item, headers))) return;
}
async function later(item, answer) {
  awaited = null;
  const wait = Math.min(1000 * 2 ** item.tries++, 300e3) * (0.75 + Math.random() / 2);
  const state = answer.status === 401 ? "login" : "saved";
  await save(item, { state, next: Date.now() + Math.max(wait, answer.headers?.get("Retry-After") * 1000 || 0) });
}
// True: something final was said and the next item may go.
async function sendItem(item, headers) {
  await save(item, { state: "sending" });
  if (!item.url && !(await sendText(item, headers))) return item.state === "fix";
  const { url, id, page } = item, done = { state: "sent", fields: [], page: "" };
  if (!item.files.length) await save(item, done);
  if (awaited === id) arrive(url, page);
  while (item.files.length) if (!(await sendFile(item, item.files[0], headers))) return;
  await save(item, done);
  return true;
}
async function sendText(item, headers) {
  await Promise.all(item.files.map(shrink));
  const { id, at, action, files } = item, body = new URLSearchParams(item.fields);
  body.set("client_id", id);
  body.set("captured_at", at.toISOString());
  body.set("announced", JSON.stringify(files.map(({ id, name, blob: { size } }) => ({ id, name, size }))));
  if (awaited !== id) body.set("queued", 1);
  const answer = await ask(action, { method: "POST", headers, body }), { client_id, url, said, page, errors = {} } = answer.said;
  if (answer.ok && client_id === id) return save(item, { url, said, page, tries: 0 }), true;
  if (!FINAL.includes(answer.status)) return later(item, answer);
  await save(item, { state: "fix", page, said: Object.values(errors).flat().join(" ") });
  if (awaited === id) mend(item);
}
async function sendFile(item, { id, name, blob }, headers) {
  const url = `${words.files + id}/`, at = () => +answer.headers.get("Upload-Offset");
  let answer = await ask(url, { method: "HEAD", headers });
  while ((answer.ok || answer.status === 409) && at() < blob.size) {
    await save(item, { percent: `${Math.floor((at() * 100) / blob.size)} %` });
    const more = { ...headers, "Upload-Offset": at(), "Content-Type": "application/offset+octet-stream" };
    answer = await ask(url, { method: "PATCH", headers: more, body: blob.slice(at(), at() + PIECE) });
  }
  const refused = FINAL.includes(answer.status);
  if (!answer.ok && !refused) return later(item, answer);
  await save(item, { files: item.files.slice(1), percent: "", said: item.said + (refused ? ` ${words.lost} ${name}` : "") });
  return true;
}
async function shrink(file) {
  try {
    const picture = await createImageBitmap(file.blob), { width, height } = picture, scale = Math.min(1, 1600 / Math.max(width, height));
    const canvas = new OffscreenCanvas(width * scale, height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
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
  const { id, state, title, at, percent, said, url } = item, told = [state, percent, said].join(), there = document.getElementById(id);
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
// With the errors by the fields of the form, filled as it was.
const mend = ({ id, page, action }) => (turn(page).querySelector(`[action="${action}"]`).dataset.item = id);
function arrive(url, page) {
  if (!page) return location.assign(url);
  history.replaceState(0, "", url);
  turn(page);
  scrollTo(0, 0);
  show();
}
async function copyAll() {
  const items = await without("sent"), all = { name: "portal.json", blob: new Blob([JSON.stringify(items, null, 1)]) };
  for (const { blob, name: download } of items.flatMap(({ files }) => files).concat(all))
    Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download }).click();
}
// Signing out with something unsent leads to the page that asks what becomes of it.
async function leave(event) {
  event.preventDefault();
  const { target: form, submitter: { value } } = event, left = await without("sent");
  if (left.length && !value) return location.assign(form.action);
  if (value === "drop") await Promise.all(left.map(forget));
  localStorage.owner = "";
  form.submit();
}

async function start() {
  localStorage.owner = words.owner = owner;
  for (const item of await mine()) if (item.state === "sent" && item.at < Date.now() - WEEK) await forget(item);
  document.querySelectorAll("[data-draft]").forEach(restore);
  await show();
  send();
}
if (self.indexedDB && navigator.locks && crypto.randomUUID) {
  Object.assign(self, { onsubmit: submitted, oninput: typing, ononline: send });
  document.onvisibilitychange = () => document.hidden || send("now");
  copy.onclick = copyAll;
  setTimeout(() => navigator.serviceWorker?.register(words.worker), 15e3); // after what the page itself needs
  start();
}
