// What only files need (docs/outbox.md).

// Photos are made smaller when they are chosen, unless others were chosen meanwhile.
export async function shrink(input) {
  const chosen = [...input.files], bag = new DataTransfer();
  for (const file of chosen) bag.items.add(await smaller(file).catch(() => file));
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

// The first file of an item whose text is recorded, in pieces. True: the next one may go.
export async function sendFile(item, { FINAL, words, ask, save, later, arrived, tell }) {
  // Only the portal's own answers name an offset.
  const [[id, file], ...files] = item.files, at = () => parseInt(answer.headers?.get("Upload-Offset"));
  const url = `${words.files + id}/`;
  let answer = await ask(url, "HEAD"), piece = 32 * 1024;
  while ((answer.ok || answer.status === 409) && at() < file.size) {
    // A text that was just submitted goes first.
    if ((await navigator.locks.query()).pending[0]) return save(item, { state: "files" }).then(() => 0);
    tell({ ...item, said: `${Math.floor((at() * 100) / file.size)} %` });
    const body = file.slice(at(), at() + piece), from = performance.now();
    answer = await ask(url, "PATCH", body, { "Upload-Offset": at(), "Content-Type": "application/offset+octet-stream" });
    // Small on slow lines, where a cut costs a piece and a text waits for one.
    if (performance.now() - from < 5000) piece = Math.min(piece * 2, 256 * 1024);
  }
  const refused = FINAL.includes(answer.status) && at() >= 0;
  if (!refused && !(at() >= file.size)) return later(item, answer);
  return arrived(item, { files, said: item.said + (refused ? ` ${words.lost} ${file.name}` : "") });
}
