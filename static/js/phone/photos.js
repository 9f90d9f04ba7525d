// A photo as it is sent: at most 2048 pixels a side, as JPEG, without what the camera wrote into it.
const LONGEST_SIDE = 2048;
const QUALITY = 0.82;

// {sha, blob}. Rejects when the file is no picture.
export async function prepared(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return { sha: [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join(""), blob };
}
