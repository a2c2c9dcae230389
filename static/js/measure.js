// Measures for the form of /ukur/. Where it cannot run, its section stays hidden.
const box = document.getElementById("measure"), words = box.dataset, [button, status] = box.querySelectorAll("button, [role]");
const fields = document.querySelector(".stack").elements, now = () => performance.now();
const figures = ["download_mbps", "upload_mbps", "latency_ms", "jitter_ms", "loss_percent"];
const KB = 1024, start = button.textContent, noise = crypto.getRandomValues(new Uint8Array(KB));
const say = (what) => (status.textContent = `${what} · ${Math.ceil(used / KB)} ${words.used}`);
let found, used, end, abort, stopped; // false while it runs

// Its milliseconds; cut off after `most` or at `end`.
async function send(url, most, body, got) {
  const from = now(), headers = { Accept: "application/json", "X-CSRFToken": fields.csrfmiddlewaretoken.value };
  abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), Math.min(most, end - from));
  used += KB + (body ? body.size : 0);
  try {
    const answer = await fetch(url, { method: body ? "POST" : "GET", body, headers, signal: abort.signal });
    if (!answer.ok) throw answer.status;
    for (let reader = answer.body.getReader(), part; !(part = await reader.read()).done; ) got(part.value.length);
    return now() - from;
  } finally {
    clearTimeout(timer);
  }
}
// Cut off is a result, refused is not.
function lost(error) {
  if (error > 0 || stopped) throw error;
}
async function latency() {
  const times = [];
  let sent = 0;
  for (; sent < 3 || (sent < 10 && now() < end - 7e3); sent++) {
    say(words.latency);
    await send(words.ping, 3e3).then((ms) => times.push(ms), lost);
  }
  if (!times[0]) throw 0;
  found.loss_percent = Math.round(1e3 - (1e3 * times.length) / sent) / 10;
  if (times[3]) times.shift();
  const steps = times.slice(1).map((ms, i) => Math.abs(ms - times[i]));
  found.jitter_ms = Math.round(steps.reduce((a, b) => a + b, 0) / steps.length);
  found.latency_ms = Math.round(times.sort((a, b) => a - b)[times.length >> 1]);
}
// Doubles while it takes less than a second; the last counts, as far as it came.
async function grow(name, size, move) {
  for (let net = 0; net < 1e3 && size <= 512 && used + (size + 1) * KB < 2e6; size *= 2) {
    const from = now();
    const count = (bytes) => {
      net = now() - from;
      net = Math.max(net / 4, net - found.latency_ms);
      found[name] = Math.round((8 * bytes) / net) / 1e3;
    };
    say(words[name]);
    await move(size, count);
    count(size * KB);
  }
}
const up = (size) => send(words.up, 1e4, new Blob(Array(size).fill(noise), { type: "application/octet-stream" }));
function down(size, count) {
  let bytes = 0;
  return send(`${words.down}?kb=${size}`, end - 2500 - now(), null, (more) => count((bytes += more), (used += more)));
}
async function run() {
  await latency();
  await grow("download_mbps", 16, down).catch(lost);
  // What a quarter of that speed brings through.
  const fits = ((end - now() - found.latency_ms) * (found.download_mbps || 0)) / 32;
  await grow("upload_mbps", Math.max(1, Math.min(16, fits | 0)), up).catch(lost);
  for (const name of figures) fields[name].value = found[name] >= 0 ? `${found[name]}`.replace(".", words.comma) : "";
  fields.network_type.value = (navigator.connection || {}).effectiveType || "";
  fields.measured_at.value = new Date(Date.parse(words.now + "Z") + now()).toISOString().slice(0, 16);
  fields.bytes_used.value = used;
  fields.method.value = "portal";
  fields.place.dispatchEvent(new Event("input", { bubbles: true }));
  return figures.every((name) => fields[name].value) ? words.done : words.some;
}
// On the document: another form may take its place.
document.oninput = ({ target }) => figures.includes(target.name) && (target.form.elements.method.value = "typed");
button.onclick = async () => {
  if (stopped === false) return abort.abort((stopped = true));
  [found, used, end, stopped, button.textContent] = [{}, 0, now() + 1e4, false, words.stop];
  say(await run().catch((error) => (stopped ? words.cancelled : words["on" + error] || words.failed)));
  stopped = null;
  button.textContent = start;
};
box.hidden = false;
